import { type Theme, themeConfig } from '../theme.js'
import { dashScale, estimateLayers, modelScale } from './estimate-mark.js'
import { modelLegend, sourceLegend, title } from './guides.js'
import type { LatencyBySizeData } from './latency-by-size-data.js'
import { namedPlacesAxis } from './named-places.js'
import { sizeAxis, valueScale } from './scales.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/** Latency against message size: a line per network model through the predictions, their intervals, and the measured points. */
export function latencyBySize(data: LatencyBySizeData, theme: Theme): Spec {
  const columns = data.panels.length > 1 ? 2 : 1
  const yLabelPt = theme.fontSizePt * 4.5
  const panelPt = Math.floor((theme.widthPt - yLabelPt - (columns - 1) * (yLabelPt * 0.6 + 6)) / columns)
  const present = (['simulated', 'measured', 'published'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const value = valueScale(
    data.marks.flatMap((mark) => [mark.value, mark.low, mark.high]),
    data.marks.map((mark) => mark.value),
  )
  const y: SpecPart = {
    type: 'quantitative',
    scale: value.scale,
    axis: {
      title: `${data.metric}, ${data.statistic} (${data.unit.name}${value.isLog ? ', log scale' : ''})`,
      ...(value.ticks ? { values: value.ticks, format: ',~r' } : { tickCount: 6 }),
    },
  }
  const x: SpecPart = data.axis
    ? { field: 'at', ...sizeAxis(data.axis, theme, panelPt) }
    : {
        field: 'model',
        type: 'nominal',
        sort: data.models,
        axis: namedPlacesAxis(theme, data.models, panelPt / data.models.length, 'network model'),
      }
  const layers = {
    layer: [
      ...(data.axis ? [lines(data, theme, x, y)] : []),
      ...estimateLayers({
        theme,
        shown: data,
        present,
        x,
        y,
        ...(data.axis ? {} : { modelLegend: modelLegend(theme, data.models, 'circle') }),
        sourceLegend: sourceLegend(theme, present),
      }),
    ],
    resolve: { scale: { color: 'shared' } },
  }
  const size = { width: panelPt, height: Math.round(Math.min(panelPt * (columns === 1 ? 0.68 : 0.95), 205)) }
  const frame = {
    title: title(theme, data.title),
    data: { values: data.marks.map((mark) => ({ ...mark, low: Math.max(mark.low, value.least) })) },
    config: themeConfig(theme),
  }
  if (columns === 1) {
    return asSpec({ ...frame, ...size, width: theme.widthPt, autosize: { type: 'fit-x', contains: 'padding' }, padding: 1, ...layers })
  }
  // One word a line: headings of swept keys are long, panels narrow.
  const header = { labelExpr: "split(datum.label, ' ')", labelLimit: panelPt, labelAnchor: 'start' }
  const facet = { field: 'panel', type: 'nominal', title: null, sort: data.panels, header }
  return asSpec({ ...frame, padding: 1, facet, columns, spacing: 10, spec: { ...size, ...layers } })
}

/** Through the predictions; through the measurements where nothing was simulated. */
function lines(data: LatencyBySizeData, theme: Theme, x: SpecPart, y: SpecPart): SpecPart {
  const main = (['simulated', 'measured', 'published'] as const).find((source) => data.marks.some((mark) => mark.source === source))
  const legend = modelLegend(theme, data.models, 'stroke')
  return {
    transform: [{ filter: `datum.source === '${main}'` }],
    mark: { type: 'line', strokeWidth: 1, aria: false },
    encoding: {
      x,
      y: { ...y, field: 'value' },
      color: { field: 'model', type: 'nominal', scale: modelScale(theme, data), legend },
      strokeDash: { field: 'model', type: 'nominal', scale: dashScale(data), legend },
    },
  }
}
