import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { title } from './guides.js'
import { hatchOf } from './hatch.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'
import type { StageWaterfallData, WaterfallPanel } from './stage-waterfall-data.js'

/** One panel a model: a line at the baseline's latency, a bar for what each stage adds or saves, and a line at the model's own latency. */
export function stageWaterfall(data: StageWaterfallData, theme: Theme): Spec {
  const all = data.panels.flatMap((panel) => panel.steps)
  const labelPt = Math.max(...all.map((step) => textWidth(step.step, theme.fontSizePt))) + 8
  const width = Math.floor(theme.widthPt - labelPt - 6)
  const hatched = all.some((step) => step.evidence === 'unobservable')
  const note = `mean latency, one way (µs)${hatched ? '; hatched: unobservable' : ''}${all.some((step) => step.kind === 'waiting') ? '; open: no processor works, or two do' : ''}`
  return asSpec({
    title: title(theme, data.title, note),
    usermeta: { hatch: [...new Set(data.panels.filter(hasHatch).map((panel) => modelColour(theme, data.palette, panel.model)))] },
    padding: 1,
    spacing: 4,
    config: themeConfig(theme),
    vconcat: data.panels.map((panel) => waterfallPanel(panel, data, theme, width)),
    resolve: { scale: { x: 'independent', y: 'independent' } },
  })
}

const hasHatch = (panel: WaterfallPanel): boolean => panel.steps.some((step) => step.evidence === 'unobservable')

function waterfallPanel(panel: WaterfallPanel, data: StageWaterfallData, theme: Theme, width: number): SpecPart {
  const colour = modelColour(theme, data.palette, panel.model)
  const values = panel.steps.map((step, row) => ({
    ...step,
    row: `${row}`,
    name: step.step,
    fill: step.kind === 'waiting' ? 'transparent' : step.evidence === 'unobservable' ? hatchOf(colour) : colour,
    low: step.to - (step.half ?? 0),
    high: step.to + (step.half ?? 0),
    right: Math.max(step.from, step.to + (step.half ?? 0)),
  }))
  const ends = values.flatMap((step) => [step.from, step.low, step.high])
  const low = Math.min(...ends)
  const high = Math.max(...ends)
  // Room at the right for the labels, which stand behind each bar's end.
  const widest = Math.max(...values.map((step) => textWidth(step.label, theme.fontSizePt))) + 8
  const domain = [low - (high - low) * 0.03, high + ((high - low) * widest) / (width - widest)]
  const names = Object.fromEntries(values.map((step) => [step.row, step.name]))
  const y = {
    field: 'row',
    type: 'ordinal',
    sort: values.map((step) => step.row),
    axis: {
      title: null,
      grid: false,
      ticks: false,
      domain: false,
      labelLimit: 0,
      labelExpr: `(${JSON.stringify(names)})[datum.value]`,
    },
  }
  const x = {
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { title: null, tickCount: 5, grid: true, format: '~r' },
  }
  const wholes = values.filter((step) => step.kind === 'whole')
  const links = values.slice(0, -1).map((step, i) => ({ at: step.to, row: step.row, next: values[i + 1]!.row }))
  return {
    width,
    height: values.length * theme.fontSizePt * 1.5,
    layer: [
      {
        data: { values: links },
        mark: { type: 'rule', strokeWidth: 0.5, strokeDash: [1, 1], color: theme.muted, aria: false },
        encoding: { x: { ...x, field: 'at' }, y: { ...y, field: 'row', bandPosition: 0.5 }, y2: { field: 'next', bandPosition: 0.5 } },
      },
      {
        data: { values: values.filter((step) => step.kind !== 'whole') },
        mark: { type: 'bar', strokeWidth: 0.6, height: { band: 0.72 } },
        encoding: {
          y,
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          fill: { field: 'fill', type: 'nominal', scale: null },
          stroke: { value: colour },
          description: { field: 'description' },
        },
      },
      {
        data: { values: wholes },
        mark: { type: 'tick', thickness: 1.6, opacity: 1, height: theme.fontSizePt * 1.2, color: theme.ink },
        encoding: { y, x: { ...x, field: 'to' }, description: { field: 'description' } },
      },
      {
        data: { values: values.filter((step) => step.half !== null && step.half > 0) },
        mark: { type: 'rule', strokeWidth: 0.8, color: theme.ink, aria: false },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        data: { values },
        mark: { type: 'text', align: 'left', dx: 3, fontSize: theme.fontSizePt, font: theme.font, color: theme.ink, aria: false },
        encoding: { y, x: { ...x, field: 'right' }, text: { field: 'label' } },
      },
    ],
  }
}
