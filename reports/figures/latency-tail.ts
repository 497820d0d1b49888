import { type Theme, themeConfig } from '../theme.js'
import { dashScale, modelScale, sourceShape, sourceSize } from './estimate-mark.js'
import { modelLegend, sourceLegend, title } from './guides.js'
import type { LatencyTailData } from './latency-tail-data.js'
import { logDomain } from './scales.js'
import { asSpec, type Spec } from './spec.js'

const TICKS = [Math.log10(2), 1, 2, 3, 4]

/** Latency against the percentile, on an axis of nines from the median on: as far as the count of messages carries it. */
export function latencyTail(data: LatencyTailData, theme: Theme): Spec {
  const { low, high, ticks } = logDomain(
    [...data.lines.flatMap((point) => [point.low, point.high]), ...data.marks.flatMap((mark) => [mark.low, mark.value, mark.high])],
    [...data.lines.map((point) => point.us), ...data.marks.map((mark) => mark.value)],
  )
  const marked = data.marks.map((mark) => ({ ...mark, low: Math.max(mark.low, low) }))
  const deepest = Math.max(1, ...data.lines.map((point) => point.depth), ...data.marks.map((mark) => mark.depth))
  const present = (['simulated', 'measured'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const x = {
    field: 'depth',
    type: 'quantitative',
    scale: { domain: [TICKS[0]! - 0.06, deepest + 0.06], nice: false },
    axis: {
      title: 'percentile of messages',
      values: TICKS.filter((depth) => depth <= deepest + 0.06),
      grid: false,
      labelExpr: "datum.value < 0.5 ? 'p50' : datum.value < 1.5 ? 'p90' : 'p' + format(100 - pow(10, 2 - datum.value), '.6~g')",
    },
  }
  const y = {
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: { title: 'latency (µs, log scale)', values: ticks, format: ',~r' },
  }
  const legend = modelLegend(theme, data.models, data.lines.length > 0 ? 'stroke' : 'circle')
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data) }
  const drawn = data.lines.length > 0
  const lines = [
    {
      data: { values: data.lines },
      mark: { type: 'area', opacity: 0.22, aria: false },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: { ...color, legend } },
    },
    {
      data: { values: data.lines },
      mark: { type: 'line', strokeWidth: 1, aria: false },
      encoding: {
        x,
        y: { ...y, field: 'us' },
        color: { ...color, legend },
        strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
      },
    },
  ]
  const marks = [
    {
      data: { values: marked },
      mark: { type: 'rule', strokeWidth: 0.8, aria: false },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
    },
    {
      data: { values: marked },
      mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0 },
      encoding: {
        x,
        y: { ...y, field: 'value' },
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
    height: Math.round(Math.min(theme.widthPt * 0.6, 210)),
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: 1,
    config: themeConfig(theme),
    layer: [...(drawn ? lines : []), ...(data.marks.length > 0 ? marks : [])],
  })
}
