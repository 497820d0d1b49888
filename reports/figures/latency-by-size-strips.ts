import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { estimateLayers } from './estimate-mark.js'
import { sourceLegend, title } from './guides.js'
import type { LatencyBySizeData, SizeMark } from './latency-by-size-data.js'
import { placeAxis, valueScale } from './scales.js'
import { lines, mainSource, titleOf, valueAxis } from './size-curves.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'

/** From so many models on each has a strip of its own: their lines would lie on one another. */
const APART_FROM = 4

interface PlacedMark extends SizeMark {
  /** Which of the swept values it is, from 0. */
  readonly place: number
}

interface Strip {
  readonly heading: string
  readonly marks: readonly PlacedMark[]
  /** The baseline's curve, pale, for comparison. */
  readonly behind: readonly PlacedMark[]
}

/**
 * Latency against the swept sizes at equal distances, strip above strip on one scale: for sizes that lie a byte apart around the steps of a path. A
 * strip holds one value of another swept key, or, of many network models, one.
 */
export function latencyBySizeStrips(data: LatencyBySizeData, theme: Theme): Spec {
  const axis = data.axis!
  const marks = data.marks.flatMap((mark): PlacedMark[] => (mark.at === null ? [] : [{ ...mark, place: axis.values.indexOf(mark.at) }]))
  const isByModel = data.panels.length === 1 && data.models.length >= APART_FROM
  const strips = isByModel
    ? byModel(data, marks)
    : data.panels.map((panel) => ({ heading: panel, marks: marks.filter((mark) => mark.panel === panel), behind: [] }))
  const value = valueScale(
    marks.flatMap((mark) => [mark.value, mark.low, mark.high]),
    marks.map((mark) => mark.value),
  )
  const most = Math.max(...marks.flatMap((mark) => [mark.value, mark.high]))
  const scale = value.isLog ? value.scale : { type: 'linear', domain: [0, most * 1.05], nice: false }
  const heightPt = Math.round(theme.fontSizePt * (isByModel ? 5.5 : 13))
  const ticks = value.ticks?.filter((_, i, all) => i % Math.ceil((all.length * theme.fontSizePt * 1.6) / heightPt) === 0) ?? null
  const y = valueAxis({ scale, ticks }, null)
  const labelPt = Math.max(...(ticks ?? [most]).map((tick) => textWidth(Math.round(tick).toLocaleString('en-US'), theme.fontSizePt)))
  const width = Math.floor(theme.widthPt - labelPt - 9)
  const x = placeAxis(axis, theme, width)
  const note = `${titleOf(data, value.isLog)}${isByModel ? `; grey: ${data.baseline}` : ''}`
  return asSpec({
    title: title(theme, data.title, note),
    config: themeConfig(theme),
    padding: 1,
    spacing: 5,
    vconcat: strips.map((strip, i) => ({
      ...(strip.heading === ''
        ? {}
        : { title: { text: strip.heading, anchor: 'start', frame: 'group', fontSize: theme.fontSizePt, offset: 1 } }),
      width,
      height: heightPt,
      layer: stripLayers(data, theme, strip, i === strips.length - 1 ? x : hidden(x), y, { least: value.least, isByModel }),
    })),
    resolve: { legend: { color: 'shared', shape: 'shared', strokeDash: 'shared' } },
  })
}

function byModel(data: LatencyBySizeData, marks: readonly PlacedMark[]): Strip[] {
  const of = (model: string): PlacedMark[] => marks.filter((mark) => mark.model === model)
  const behind = of(data.baseline).filter(({ source }) => source === mainSource(data))
  return data.models.map((model) => ({ heading: model, marks: of(model), behind: model === data.baseline ? [] : behind }))
}

/** The axis below serves all strips. */
const hidden = (x: SpecPart): SpecPart => ({ ...x, axis: { ...(x['axis'] as SpecPart), labels: false, title: null } })

interface StripOptions {
  /** The least that the scale can show. */
  readonly least: number
  /** The strips' headings name the models, and no legend need. */
  readonly isByModel: boolean
}

function stripLayers(
  data: LatencyBySizeData,
  theme: Theme,
  strip: Strip,
  x: SpecPart,
  y: SpecPart,
  { least, isByModel }: StripOptions,
): SpecPart[] {
  const present = (['simulated', 'measured', 'published'] as const).filter((source) => data.marks.some((mark) => mark.source === source))
  const values = strip.marks.map((mark) => ({ ...mark, low: Math.max(mark.low, least) }))
  const colour = modelColour(theme, data.palette, strip.heading)
  const own = { mark: { type: 'line', strokeWidth: 1, color: colour, aria: false }, encoding: { x, y: { ...y, field: 'value' } } }
  const onlyMain = { transform: [{ filter: `datum.source === '${mainSource(data)}'` }] }
  return [
    ...(strip.behind.length === 0
      ? []
      : [
          {
            data: { values: strip.behind.map(({ place, value }) => ({ place, value })) },
            mark: { type: 'line', strokeWidth: 1.6, color: theme.band, aria: false },
            encoding: { x, y: { ...y, field: 'value' } },
          },
        ]),
    { data: { values }, ...(isByModel ? { ...own, ...onlyMain } : lines(data, theme, x, y)) },
    ...estimateLayers({
      theme,
      shown: data,
      present,
      x,
      y,
      sourceLegend: sourceLegend(theme, present),
      ...(isByModel ? { modelLegend: null } : {}),
    }).map((layer) => ({ data: { values }, ...layer })),
  ]
}
