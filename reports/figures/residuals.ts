import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { modelLegend, title } from './guides.js'
import { namedPlacesAxis } from './named-places.js'
import type { ResidualPanel, ResidualsData } from './residuals-data.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

const BAND_PERCENT = 5
const FITTED = 'in the fit'

/** Signed errors of the same points, once by each thing that could bend them: size, load, path. */
export function residuals(data: ResidualsData, theme: Theme): Spec {
  const worst = 1.05 * Math.max(BAND_PERCENT * 1.4, ...data.panels.flatMap(({ marks }) => marks.flatMap(errorsShown)))
  const leftPt = theme.fontSizePt * 2.6 + textWidth('−10', theme.fontSizePt)
  const width = Math.floor(theme.widthPt - leftPt - 6)
  const all = data.panels[0]!.marks
  const series = [
    ...data.models.filter((model) => all.some((mark) => mark.model === model && mark.evidence !== 'fitted')),
    ...(all.some((mark) => mark.evidence === 'fitted') ? [FITTED] : []),
  ]
  const note = data.stalled === 0 ? undefined : `${data.stalled} points that a timer decides are not drawn`
  return asSpec({
    title: title(theme, data.title, note),
    padding: 1,
    spacing: 6,
    config: themeConfig(theme),
    vconcat: data.panels.map((panel) => residualPanel(panel, data, theme, { width, worst, series })),
    resolve: { scale: { x: 'independent', xOffset: 'independent' }, legend: { color: 'shared', shape: 'shared' } },
  })
}

/** What a panel must have room for: of a fitted point, which is no evidence, its mark alone. */
function errorsShown({ evidence, error, low, high }: ResidualPanel['marks'][number]): number[] {
  return evidence === 'fitted' ? [1.15 * Math.abs(error)] : [-low, high]
}

interface PanelOptions {
  readonly width: number
  readonly worst: number
  readonly series: readonly string[]
}

function residualPanel(panel: ResidualPanel, data: ResidualsData, theme: Theme, { width, worst, series }: PanelOptions): SpecPart {
  const step = width / panel.places.length
  const x = {
    field: 'at',
    type: 'nominal',
    sort: panel.places,
    scale: { domain: panel.places, paddingInner: 0, paddingOuter: 0 },
    axis: namedPlacesAxis(theme, panel.places, step, `by ${panel.by}`),
  }
  const y = {
    type: 'quantitative',
    scale: { domain: [-worst, worst], nice: false },
    axis: {
      title: `error of ${data.quantity} (%)`,
      tickCount: 5,
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+')",
      grid: true,
    },
  }
  const scale = { domain: series, range: series.map((name) => (name === FITTED ? theme.fitted : modelColour(theme, data.palette, name))) }
  const legend = { ...modelLegend(theme, series, 'circle'), symbolType: undefined }
  const values = panel.marks.map((mark) => {
    const same = panel.marks.filter((other) => other.at === mark.at)
    return { ...mark, series: mark.evidence === 'fitted' ? FITTED : mark.model, aside: (same.indexOf(mark) + 0.5) / same.length - 0.5 }
  })
  // Several points of one place stand side by side, in the order of the sweep.
  const xOffset = { field: 'aside', type: 'quantitative', scale: { domain: [-0.5, 0.5], range: [step * 0.12, step * 0.88] } }
  const color = { field: 'series', type: 'nominal', scale }
  const bands = [
    { share: BAND_PERCENT, opacity: 0.35 },
    ...(data.repeatability === null ? [] : [{ share: data.repeatability * 100, opacity: 0.8 }]),
  ]
  return {
    width,
    height: Math.round(Math.min(width * 0.36, 100)),
    layer: [
      ...bands.map(({ share, opacity }) => ({
        data: { values: [{ from: -share, to: share }] },
        mark: { type: 'rect', color: theme.band, opacity, aria: false },
        encoding: { y: { ...y, field: 'from' }, y2: { field: 'to' } },
      })),
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: theme.ink, strokeWidth: 0.6, aria: false },
        encoding: { y: { ...y, field: 'zero' } },
      },
      {
        data: { values },
        mark: { type: 'rule', strokeWidth: 0.7, aria: false, clip: true },
        encoding: { x, xOffset, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, opacity: 1, size: theme.fontSizePt * 2.2, strokeWidth: 0 },
        encoding: {
          x,
          xOffset,
          y: { ...y, field: 'error' },
          color: { ...color, legend },
          shape: {
            field: 'series',
            type: 'nominal',
            scale: { domain: series, range: series.map((name) => (name === FITTED ? 'triangle-up' : 'circle')) },
            legend,
          },
          description: { field: 'description' },
        },
      },
    ],
  }
}
