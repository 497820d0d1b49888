import type { Source } from '../../experiments/rows.js'
import { axisLabel } from '../axes.js'
import { textWidth } from '../format/text-width.js'
import { type Theme, themeConfig } from '../theme.js'
import { dashScale, estimateLayers, modelScale } from './estimate-mark.js'
import { modelLegend, sourceLegend, title } from './guides.js'
import type { LatencyBySizeData, SizeMark } from './latency-by-size-data.js'
import { namedPlacesAxis } from './named-places.js'
import { breakBetween, logDomain, sizeAxis, type ValueScale, valueScale } from './scales.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/**
 * Latency against message size: a line per network model through the predictions, their intervals, and the measured points. Where a timer makes
 * some latencies thousands of times larger, they stand in a panel of their own above, so that the others can be told apart.
 */
export function latencyBySize(data: LatencyBySizeData, theme: Theme): Spec {
  const columns = data.panels.length > 1 ? 2 : 1
  const yLabelPt = theme.fontSizePt * 4.5
  const panelPt = Math.floor((theme.widthPt - yLabelPt - (columns - 1) * (yLabelPt * 0.6 + 6)) / columns)
  const present = (['simulated', 'measured', 'published'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const apart = columns === 1 && data.axis ? breakBetween(data.marks.map((mark) => mark.value)) : null
  const x: SpecPart = data.axis
    ? { field: 'at', ...sizeAxis(data.axis, theme, panelPt) }
    : {
        field: 'model',
        type: 'nominal',
        sort: data.models,
        axis: namedPlacesAxis(theme, data.models, panelPt / data.models.length, 'network model'),
      }
  const frame = { title: title(theme, data.title), config: themeConfig(theme), padding: 1 }
  if (apart !== null) {
    const { low, high, ticks } = domainAbove(data, theme, apart)
    const labelPt = Math.max(...ticks.map((tick) => textWidth(tick.toLocaleString('en-US'), theme.fontSizePt)))
    const lastPt = textWidth(axisLabel(data.axis!, data.axis!.values.at(-1)!), theme.fontSizePt)
    const width = Math.floor(theme.widthPt - theme.fontSizePt * 1.4 - labelPt - 10 - lastPt / 2)
    const along = { field: 'at', ...sizeAxis(data.axis!, theme, width) }
    const panels = [panelAbove(data, theme, along, present, { apart, low, high, ticks }), panelBelow(data, theme, along, present, apart)]
    const resolve = { legend: { color: 'shared', shape: 'shared', strokeDash: 'shared' } }
    const noted = { ...frame, title: title(theme, data.title, 'upper panel: on a scale of its own') }
    return asSpec({ ...noted, spacing: 4, vconcat: panels.map((panel) => ({ ...panel, width })), resolve })
  }
  const value = valueScale(
    data.marks.flatMap((mark) => [mark.value, mark.low, mark.high]),
    data.marks.map((mark) => mark.value),
  )
  const y = valueAxis(value, titleOf(data, value.isLog))
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
  const values = { data: { values: data.marks.map((mark) => ({ ...mark, low: Math.max(mark.low, value.least) })) } }
  if (columns === 1) {
    return asSpec({ ...frame, ...values, ...size, width: theme.widthPt, autosize: { type: 'fit-x', contains: 'padding' }, ...layers })
  }
  // One word a line: headings of swept keys are long, panels narrow.
  const header = { labelExpr: "split(datum.label, ' ')", labelLimit: panelPt, labelAnchor: 'start' }
  const facet = { field: 'panel', type: 'nominal', title: null, sort: data.panels, header }
  return asSpec({ ...frame, ...values, facet, columns, spacing: 10, spec: { ...size, ...layers } })
}

const titleOf = (data: LatencyBySizeData, isLog: boolean): string =>
  `${data.metric}, ${data.statistic} (${data.unit.name}${isLog ? ', log scale' : ''})`

function valueAxis({ scale, ticks }: Pick<ValueScale, 'scale' | 'ticks'>, axisTitle: string | null): SpecPart {
  return { type: 'quantitative', scale, axis: { title: axisTitle, ...(ticks ? { values: ticks, format: ',~r' } : { tickCount: 6 }) } }
}

interface Above {
  readonly apart: number
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
}

/** Ends of the panel above, and as many ticks as its height has room for. */
function domainAbove(data: LatencyBySizeData, theme: Theme, apart: number): Omit<Above, 'apart'> {
  const marks = data.marks.filter((mark) => mark.value > apart)
  const { low, high, ticks } = logDomain(
    marks.flatMap((mark) => [Math.max(mark.low, apart), mark.value, mark.high]),
    marks.map((mark) => mark.value),
  )
  const most = Math.max(1, Math.floor(ABOVE_PT / (theme.fontSizePt * 2)))
  return { low, high, ticks: ticks.filter((_, i) => i % Math.ceil(ticks.length / most) === 0) }
}

/** What a timer decides: logarithmic, low, and without the axis below, which both panels share. */
function panelAbove(data: LatencyBySizeData, theme: Theme, x: SpecPart, present: readonly Source[], above: Above): SpecPart {
  const { apart, low, high, ticks } = above
  const marks = data.marks.filter((mark) => mark.value > apart).map((mark) => ({ ...mark, low: Math.max(mark.low, low) }))
  const y = valueAxis({ scale: { type: 'log', domain: [low, high], nice: false }, ticks }, null)
  const hidden = { ...x, axis: { ...(x['axis'] as SpecPart), labels: false, title: null, ticks: false, domain: false } }
  return { height: ABOVE_PT, layer: panelLayers(data, theme, hidden, y, present, marks) }
}

const ABOVE_PT = 46

/** What the paths cost. */
function panelBelow(data: LatencyBySizeData, theme: Theme, x: SpecPart, present: readonly Source[], apart: number): SpecPart {
  const marks = data.marks.filter((mark) => mark.value < apart)
  const ends = marks.flatMap((mark) => [mark.value, mark.low, Math.min(mark.high, apart)])
  const value = valueScale(
    ends,
    marks.map((mark) => mark.value),
  )
  const scale = value.isLog ? value.scale : { ...value.scale, domain: [0, Math.max(...ends) * 1.05] }
  const y = valueAxis({ scale, ticks: value.ticks }, titleOf(data, value.isLog))
  const drawn = marks.map((mark) => ({ ...mark, low: Math.max(mark.low, value.isLog ? value.least : 0), high: Math.min(mark.high, apart) }))
  return { height: Math.round(Math.min(theme.widthPt * 0.46, 160)), layer: panelLayers(data, theme, x, y, present, drawn) }
}

/** Lines run from one panel into the other, and end at the frame of each. */
function panelLayers(
  data: LatencyBySizeData,
  theme: Theme,
  x: SpecPart,
  y: SpecPart,
  present: readonly Source[],
  marks: readonly SizeMark[],
): SpecPart[] {
  const curve = lines(data, theme, x, y)
  return [
    { ...curve, data: { values: data.marks }, mark: { ...(curve['mark'] as SpecPart), clip: true } },
    ...estimateLayers({ theme, shown: data, present, x, y, sourceLegend: sourceLegend(theme, present) }).map((layer) => ({
      ...layer,
      data: { values: marks },
    })),
  ]
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
