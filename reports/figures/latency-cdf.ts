import { type Theme, themeConfig } from '../theme.js'
import { dashScale, modelScale, sourceShape, sourceSize } from './estimate-mark.js'
import { modelLegend, sourceLegend, title } from './guides.js'
import type { LatencyCdfData } from './latency-cdf-data.js'
import { logTicks } from './scales.js'
import { asSpec, type Spec } from './spec.js'

/** Share of messages at most this slow, with an axis that gives each further nine of the tail equal room. */
export function latencyCdf(data: LatencyCdfData, theme: Theme): Spec {
  const values = [...data.lines.map((point) => point.us), ...data.marks.flatMap((mark) => [mark.low, mark.value, mark.high])].filter(
    (value) => value > 0,
  )
  const low = Math.min(...values) * 0.95
  const high = Math.max(...values) * 1.05
  const deepest = Math.max(1, ...data.lines.map((point) => point.depth), ...data.marks.map((mark) => mark.depth))
  const present = (['simulated', 'measured', 'published'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const x = {
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: { title: 'latency (µs, log scale)', values: logTicks(low, high), format: ',~r' },
  }
  const y = {
    field: 'depth',
    type: 'quantitative',
    scale: { domain: [0, deepest * 1.03], nice: false },
    axis: {
      title: 'percentile (%, tail stretched)',
      values: [0, Math.log10(2), 1, 2, 3, 4, 5, 6].filter((depth) => depth <= deepest * 1.03),
      labelExpr:
        "datum.value === 0 ? '0' : datum.value < 0.5 ? '50' : datum.value < 1.5 ? '90' : format(100 - pow(10, 2 - datum.value), '.6~g')",
    },
  }
  const legend = modelLegend(theme, data.models, data.lines.length > 0 ? 'stroke' : 'circle')
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data) }
  const line = {
    data: { values: data.lines },
    mark: { type: 'line', strokeWidth: 1, aria: false },
    encoding: {
      x: { ...x, field: 'us' },
      y,
      order: { field: 'depth' },
      color: { ...color, legend },
      strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
    },
  }
  const drawn = data.lines.length > 0
  const marks = [
    {
      data: { values: data.marks },
      mark: { type: 'rule', strokeWidth: 0.8, aria: false },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
    },
    {
      data: { values: data.marks },
      mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0 },
      encoding: {
        x: { ...x, field: 'value' },
        y,
        color: drawn ? color : { ...color, legend },
        shape: { ...sourceShape(present), legend: sourceLegend(theme, present) },
        size: sourceSize(theme.fontSizePt),
        description: { field: 'description' },
      },
    },
  ]
  return asSpec({
    title: title(theme, data.title),
    width: theme.widthPt,
    height: Math.round(Math.min(theme.widthPt * 0.55, 200)),
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: 1,
    config: themeConfig(theme),
    layer: [...(drawn ? [line] : []), ...(data.marks.length > 0 ? marks : [])],
  })
}
