import { type Theme, themeConfig } from '../theme.js'
import { dashScale, estimateLayers, modelScale } from './estimate-mark.js'
import { modelLegend, sourceLegend, title } from './guides.js'
import type { LatencyLoadData, LoadMark } from './latency-load-data.js'
import { valueScale } from './scales.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/** Response time against offered load, a panel a statistic; a diamond stands around each curve's knee. */
export function latencyLoad(data: LatencyLoadData, theme: Theme): Spec {
  const present = (['simulated', 'measured'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const width = Math.floor(theme.widthPt - theme.fontSizePt * 6)
  const x: SpecPart = {
    field: 'at',
    type: 'quantitative',
    scale: { zero: true, nice: true },
    axis: { title: data.loadTitle, tickCount: 6, grid: false },
  }
  return asSpec({
    title: title(
      theme,
      data.title,
      data.knees !== null && data.knees.length > 0 ? 'diamond: the knee, where load over response time is largest' : undefined,
    ),
    padding: 1,
    spacing: 8,
    config: themeConfig(theme),
    vconcat: data.statistics.map((statistic) => loadPanel(data, theme, { statistic, width, x, present })),
    resolve: { legend: { color: 'shared', shape: 'shared' } },
  })
}

interface PanelOptions {
  readonly statistic: string
  readonly width: number
  readonly x: SpecPart
  readonly present: readonly ('simulated' | 'measured')[]
}

function loadPanel(data: LatencyLoadData, theme: Theme, { statistic, width, x, present }: PanelOptions): SpecPart {
  const marks = data.marks.filter((mark) => mark.statistic === statistic)
  const value = valueScale(
    marks.flatMap((mark) => [mark.value, mark.low, mark.high]),
    marks.map((mark) => mark.value),
  )
  const y: SpecPart = {
    type: 'quantitative',
    scale: value.scale,
    axis: {
      title: `${statistic} (${data.unit}${value.isLog ? ', log scale' : ''})`,
      ...(value.ticks ? { values: value.ticks, format: ',~r' } : { tickCount: 5 }),
    },
  }
  const color = { field: 'model', type: 'nominal', scale: modelScale(theme, data) }
  const legend = modelLegend(theme, data.models, 'stroke')
  const main = present.includes('simulated') ? 'simulated' : 'measured'
  return {
    width,
    height: Math.round(Math.min(width * 0.5, 140)),
    data: { values: marks.map((mark) => ({ ...mark, low: Math.max(mark.low, value.least) })) },
    layer: [
      {
        transform: [{ filter: `datum.source === '${main}'` }],
        mark: { type: 'line', strokeWidth: 1, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'value' },
          color: { ...color, legend },
          strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
        },
      },
      ...estimateLayers({ theme, shown: data, present, x, y, sourceLegend: sourceLegend(theme, present) }),
      ...kneeLayer(data, theme, marks, { x, y: { ...y, field: 'value' }, color }),
    ],
  }
}

/** On the curve itself: several models may have their knees at one load. */
function kneeLayer({ knees }: LatencyLoadData, theme: Theme, marks: readonly LoadMark[], encoding: SpecPart): SpecPart[] {
  const values = marks.filter((mark) =>
    knees?.some(({ model, source, at }) => mark.model === model && mark.source === source && mark.at === at),
  )
  const mark = { type: 'point', shape: 'diamond', filled: false, size: theme.fontSizePt * 24, strokeWidth: 1, opacity: 1, aria: false }
  return values.length === 0 ? [] : [{ data: { values }, mark, encoding }]
}
