import type { Source } from '../../experiments/rows.js'
import { axisLabel } from '../axes.js'
import { textWidth } from '../format/text-width.js'
import { type Theme, themeConfig } from '../theme.js'
import { estimateLayers } from './estimate-mark.js'
import { modelLegend, sourceLegend, title } from './guides.js'
import type { LatencyBySizeData, SizeMark } from './latency-by-size-data.js'
import { latencyBySizeStrips } from './latency-by-size-strips.js'
import { namedPlacesAxis } from './named-places.js'
import { breakBetween, isCrowded, logDomain, sizeAxis, valueScale } from './scales.js'
import { lines, mainSource, titleOf, valueAxis } from './size-curves.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/**
 * Latency against message size: a line per network model through the predictions, their intervals, and the measured points. Where a timer makes
 * some latencies thousands of times larger, they stand in a panel of their own above, so that the others can be told apart. Sizes that a scale would
 * press onto one another have strips (latency-by-size-strips.ts).
 */
export function latencyBySize(data: LatencyBySizeData, theme: Theme): Spec {
  if (data.axis !== null && isCrowded(data.axis)) return latencyBySizeStrips(data, theme)
  const columns = columnsOf(data)
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
    const titlePt = theme.fontSizePt * 1.6 + textWidth('000', theme.fontSizePt)
    const labelPt = Math.max(titlePt, ...ticks.map((tick) => textWidth(tick.toLocaleString('en-US'), theme.fontSizePt)))
    const lastPt = textWidth(axisLabel(data.axis!, data.axis!.values.at(-1)!), theme.fontSizePt)
    const width = Math.floor(theme.widthPt - labelPt - 9 - lastPt / 3)
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

/** Panels side by side: a few models without an axis need little room. */
function columnsOf({ panels, axis, models }: LatencyBySizeData): number {
  return Math.min(panels.length, axis === null && models.length <= MODELS_IN_A_THIRD ? 3 : 2)
}

const MODELS_IN_A_THIRD = 4

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
  return { height: ABOVE_PT, layer: panelLayers(data, theme, hidden, y, present, marks, [low, high]) }
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
  const low = value.isLog ? value.least : 0
  const high = Math.max(...ends) * 1.05
  const scale = { ...value.scale, domain: [low, high], nice: false }
  const y = valueAxis({ scale, ticks: value.ticks }, titleOf(data, value.isLog))
  const drawn = marks.map((mark) => ({ ...mark, low: Math.max(mark.low, low), high: Math.min(mark.high, high) }))
  return { height: Math.round(Math.min(theme.widthPt * 0.46, 160)), layer: panelLayers(data, theme, x, y, present, drawn, [low, high]) }
}

/** Lines run from one panel into the other, and end at the frame of each. */
function panelLayers(
  data: LatencyBySizeData,
  theme: Theme,
  x: SpecPart,
  y: SpecPart,
  present: readonly Source[],
  marks: readonly SizeMark[],
  ends: readonly [low: number, high: number],
): SpecPart[] {
  const curve = lines(data, theme, x, y)
  const pieces = data.models.flatMap((model) => within(curveOf(data, model), ...ends))
  return [
    { ...curve, data: { values: pieces }, encoding: { ...(curve['encoding'] as SpecPart), detail: { field: 'piece', type: 'nominal' } } },
    ...estimateLayers({ theme, shown: data, present, x, y, sourceLegend: sourceLegend(theme, present) }).map((layer) => ({
      ...layer,
      data: { values: marks },
    })),
  ]
}

interface CurvePoint extends Pick<SizeMark, 'model' | 'source' | 'value'> {
  readonly at: number
}

function curveOf(data: LatencyBySizeData, model: string): CurvePoint[] {
  const own = data.marks.filter((mark) => mark.model === model && mark.source === mainSource(data) && mark.at !== null)
  return own.map(({ source, value, at }) => ({ model, source, value, at: at! })).sort((a, b) => a.at - b.at)
}

/**
 * What of a curve lies between two values, in pieces: one that leaves ends where it crosses the frame. Cut here and not by the drawing, because
 * resvg fails on coordinates that lie far outside of what it clips.
 */
function within(curve: readonly CurvePoint[], low: number, high: number): (CurvePoint & { readonly piece: number })[] {
  const isInside = ({ value }: CurvePoint): boolean => value >= low && value <= high
  const cut = (inside: CurvePoint, outside: CurvePoint): CurvePoint => {
    const value = outside.value > high ? high : low
    const share = Math.log(value / inside.value) / Math.log(outside.value / inside.value)
    return { ...inside, value, at: inside.at + share * (outside.at - inside.at) }
  }
  let piece = 0
  return curve.flatMap((point, i) => {
    const [before, after] = [curve[i - 1], curve[i + 1]]
    if (!isInside(point)) return []
    if (before && !isInside(before)) piece++
    const drawn = [
      ...(before && !isInside(before) ? [cut(point, before)] : []),
      point,
      ...(after && !isInside(after) ? [cut(point, after)] : []),
    ]
    return drawn.map((one) => ({ ...one, piece }))
  })
}
