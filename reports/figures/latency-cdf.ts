import { type Theme, themeConfig } from '../theme.js'
import { dashScale, modelScale, sourceShape } from './estimate-mark.js'
import { modelLegend, title } from './guides.js'
import type { LatencyCdfData } from './latency-cdf-data.js'
import { logDomain } from './scales.js'
import { asSpec, type Spec } from './spec.js'

/** Beyond this ratio of slowest to fastest a linear axis would press the fast models together. */
const LOG_FROM = 3

/** Share of messages that are at most this slow: the empirical distribution function of each model with its confidence band. */
export function latencyCdf(data: LatencyCdfData, theme: Theme): Spec {
  const shown = [...data.curves, ...data.marks].filter((point) => point.value <= data.most)
  const least = Math.min(...shown.map((point) => point.value))
  const isLog = data.most / least > LOG_FROM
  const { low, high, ticks } = logDomain([least, data.most])
  const present = (['simulated', 'measured'] as const).filter((source) => shown.some((point) => point.source === source))
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: isLog ? { type: 'log', domain: [low, high], nice: false } : { domain: [0, data.most], zero: true, nice: false },
    axis: {
      title: `${data.quantity} (${data.unit.name}${isLog ? ', log scale' : ''})`,
      grid: false,
      ...(isLog ? { values: ticks, format: ',~r' } : { tickCount: 6 }),
    },
  }
  const y = {
    type: 'quantitative',
    scale: { domain: [0, 100], nice: false },
    axis: { title: `${data.counted} at most this slow (%)`, values: [0, 25, 50, 75, 100] },
  }
  const legend = modelLegend(theme, data.models, 'stroke')
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data), legend }
  const curves = { values: data.curves.filter((point) => point.value <= data.most) }
  const marks = { values: data.marks.filter((point) => point.value <= data.most) }
  return asSpec({
    title: title(theme, data.title, data.marks.length > 0 ? 'lines: simulated; rings: measured' : undefined),
    width: theme.widthPt,
    height: Math.round(Math.min(theme.widthPt * 0.55, 200)),
    autosize: { type: 'fit-x', contains: 'padding' },
    padding: 1,
    config: themeConfig(theme),
    layer: [
      {
        data: curves,
        mark: { type: 'area', opacity: 0.25, aria: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: curves,
        mark: { type: 'line', strokeWidth: 1, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'percent' },
          order: { field: 'percent' },
          color,
          strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
        },
      },
      ...(marks.values.length === 0
        ? []
        : [
            {
              data: { values: [...marks.values] },
              mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0 },
              encoding: {
                x,
                y: { ...y, field: 'percent' },
                color,
                shape: { ...sourceShape(present), legend: null },
                size: { value: theme.fontSizePt * 3 },
                description: { field: 'description' },
              },
            },
          ]),
    ],
  })
}
