import { modelColour, type Theme, themeConfig } from '../theme.js'
import { modelScale, sourceShape, sourceSize } from './estimate-mark.js'
import { sourceLegend, title } from './guides.js'
import { asSpec, type Spec } from './spec.js'
import type { ThroughputData } from './throughput-data.js'

/** A bar a model from zero, as long as what was predicted (or measured, where nothing was); the measurement's ring beside its end. */
export function throughput(data: ThroughputData, theme: Theme): Spec {
  const main = data.marks.some((mark) => mark.source === 'simulated') ? 'simulated' : 'measured'
  const present = (['simulated', 'measured'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const limits = new Set(data.marks.filter((mark) => mark.source === main).map((mark) => mark.limits))
  // What limits all of them is said once, where no mark lies over it.
  const common = limits.size === 1 ? [...limits][0]! : null
  const values = data.marks.map((mark) => ({
    ...mark,
    colour: modelColour(theme, data.palette, mark.model),
    limit: mark.source === main && common === null ? (mark.limits ?? '') : '',
  }))
  const note = common === null ? 'in the bar: what limits it' : `all limited by ${common}`
  const y = {
    field: 'model',
    type: 'nominal',
    sort: data.models,
    axis: { title: null, grid: false, ticks: false, domain: false, labelLimit: 0 },
  }
  const x = {
    type: 'quantitative',
    scale: { zero: true, nice: true },
    axis: { title: `${data.metric} (${data.unit.name})`, tickCount: 6, format: '~r' },
  }
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data), legend: null }
  const isMain = [{ filter: `datum.source === '${main}'` }]
  return asSpec({
    title: title(theme, data.title, [...limits].some((limit) => limit !== null) ? note : undefined),
    data: { values },
    width: theme.widthPt,
    height: data.models.length * theme.fontSizePt * 2.6,
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: 1,
    config: themeConfig(theme),
    layer: [
      {
        transform: isMain,
        mark: { type: 'bar', height: { band: 0.7 }, opacity: 0.3, strokeWidth: 0 },
        encoding: { y, x: { ...x, field: 'value' }, color, description: { field: 'description' } },
      },
      {
        transform: isMain,
        mark: { type: 'text', align: 'left', dx: 3, fontSize: theme.fontSizePt, font: theme.font, color: theme.ink, aria: false },
        encoding: { y, x: { datum: 0 }, text: { field: 'limit' } },
      },
      {
        mark: { type: 'rule', strokeWidth: 1, aria: false },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0 },
        encoding: {
          y,
          x: { ...x, field: 'value' },
          color,
          shape: { ...sourceShape(present), legend: sourceLegend(theme, present) },
          size: sourceSize(theme.fontSizePt),
          description: { field: 'description' },
        },
      },
    ],
  })
}
