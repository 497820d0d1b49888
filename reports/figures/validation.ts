import { percent } from '../format/estimate.js'
import { textWidth } from '../format/text-width.js'
import { modelColour, type Theme, themeConfig } from '../theme.js'
import { modelLegend, title } from './guides.js'
import { logDomain } from './scales.js'
import { asSpec, type Spec, type SpecPart } from './spec.js'
import type { ValidationData, ValidationMark } from './validation-data.js'

/** The band that a reader's eye measures by, relative. */
const BAND = 0.05

/**
 * Predicted against measured on the identity line, and below it the same points' signed errors, where a per cent can be seen: a strip for each
 * network model, so that a print without colours tells them apart too. Pale: +-5 %; darker: the measurement's repeatability. Points that the fit
 * saw are grey, because their agreement is no evidence.
 */
export function validation(data: ValidationData, theme: Theme): Spec {
  const { low, high, ticks } = logDomain(
    data.marks.flatMap((mark) => [mark.predictedLow, mark.predictedHigh, mark.measuredLow, mark.measuredHigh]),
    data.marks.flatMap((mark) => [mark.predicted, mark.measured]),
  )
  const scale = { type: 'log', domain: [low, high], nice: false }
  const axis = (name: string): SpecPart => ({ title: `${name} (${data.unit.name}, log scale)`, values: ticks, format: ',~r', grid: true })
  const leftPt =
    theme.fontSizePt * 2.6 + Math.max(...ticks.map((tick) => textWidth(String(tick), theme.fontSizePt)), textWidth('−10', theme.fontSizePt))
  const width = Math.floor(theme.widthPt - leftPt - 10)
  const x = { field: 'measured', type: 'quantitative', scale, axis: axis(`measured ${data.quantity}`) }
  const y = { type: 'quantitative', scale, axis: axis(`predicted ${data.quantity}`) }
  const worst = 1.05 * Math.max(BAND * 100 * 1.4, ...data.marks.flatMap(errorsShown))
  const strips = stripsOf(data)
  const errorY = (strip: number): SpecPart => ({
    type: 'quantitative',
    scale: { domain: [-worst, worst], nice: strips.length === 1 },
    axis: {
      title: strip === Math.floor(strips.length / 2) ? 'error (%)' : null,
      tickCount: strips.length === 1 ? 5 : 3,
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+')",
      grid: true,
    },
  })
  const stripPt = strips.length === 1 ? Math.min(width * 0.4, 110) : Math.max(theme.fontSizePt * 4.6, 110 / strips.length)
  const hidden = { ...x, axis: { ...x.axis, labels: false, title: null, ticks: false } }
  return asSpec({
    title: title(theme, data.title, timersInWords(data)),
    padding: 1,
    spacing: 6,
    config: themeConfig(theme),
    vconcat: [
      {
        width,
        height: Math.round(Math.min(width * 0.72, 230)),
        layer: [...diagonals(data, theme, low, high, hidden, y), ...points(data.marks, data, theme, hidden, y, 'predicted', low)],
      },
      ...strips.map((strip, i) => ({
        width,
        height: Math.round(stripPt),
        layer: [
          ...bands(data, theme, low, high, i === strips.length - 1 ? x : hidden, errorY(i)),
          ...points(strip.marks, data, theme, i === strips.length - 1 ? x : hidden, errorY(i), 'error', low),
          ...(strips.length === 1 ? [] : [heading(strip, theme, { low, high, worst }, x, errorY(i))]),
        ],
      })),
    ],
    resolve: { legend: { color: 'shared', shape: 'shared' } },
  })
}

/** A point at the very end of a strip would be cut in two. */
const ROOM_FOR_MARK = 1.15

/** What the strips must have room for. A fitted point's interval is cut off where it needs more: agreement there is no evidence anyway. */
function errorsShown({ evidence, error, errorLow, errorHigh }: ValidationMark): number[] {
  return (evidence === 'fitted' ? [error * ROOM_FOR_MARK] : [errorLow, errorHigh]).map(Math.abs)
}

interface Strip {
  readonly model: string
  readonly marks: readonly ValidationMark[]
}

const stripsOf = ({ models, marks }: ValidationData): Strip[] =>
  models.map((model) => ({ model, marks: marks.filter((mark) => mark.model === model) }))

/** The model's name in a corner of its strip that its points leave free, or in the one that is farthest from them. */
function heading(
  { model, marks }: Strip,
  theme: Theme,
  ends: { low: number; high: number; worst: number },
  x: SpecPart,
  y: SpecPart,
): SpecPart {
  const across = (measured: number): number => Math.log(measured / ends.low) / Math.log(ends.high / ends.low)
  // A strip is several times as wide as it is high, and the name as wide as it is: what is above or below it counts less.
  const room = ({ right, top }: Corner): number =>
    Math.min(...marks.map((mark) => Math.hypot(across(mark.measured) - right, ((mark.error / ends.worst + 1) / 2 - top) / STRIP_ASPECT)))
  const corner = CORNERS.find((one) => room(one) >= ROOM) ?? CORNERS.reduce((best, one) => (room(one) > room(best) ? one : best))
  const value = { measured: corner.right ? ends.high : ends.low, error: corner.top ? ends.worst : -ends.worst, model }
  const place = {
    ...(corner.right ? { align: 'right', dx: -3 } : { align: 'left', dx: 3 }),
    ...(corner.top ? { baseline: 'top', dy: 1 } : { baseline: 'bottom', dy: -1 }),
  }
  return {
    data: { values: [value] },
    mark: { type: 'text', ...place, fontSize: theme.fontSizePt, fontWeight: 'bold', color: theme.ink, aria: false },
    encoding: { x, y: { ...y, field: 'error' }, text: { field: 'model' } },
  }
}

/** 0 or 1 along each axis. */
interface Corner {
  readonly right: number
  readonly top: number
}

const CORNERS: readonly Corner[] = [
  { right: 0, top: 1 },
  { right: 1, top: 1 },
  { right: 0, top: 0 },
  { right: 1, top: 0 },
]
const STRIP_ASPECT = 4
/** What a name takes of a strip's width. */
const ROOM = 0.25

function timersInWords({ timers }: ValidationData): string | undefined {
  if (timers === null) return undefined
  const said = (error: number): string => percent(error, { signed: true, decimals: 0 })
  const range = said(timers.least) === said(timers.most) ? said(timers.least) : `${said(timers.least)} to ${said(timers.most)}`
  return `not drawn: ${timers.points} points that a timer decides, errors ${range}`
}

function corridors(data: ValidationData): { readonly share: number; readonly opacity: number }[] {
  return [{ share: BAND, opacity: 0.35 }, ...(data.repeatability === null ? [] : [{ share: data.repeatability, opacity: 0.8 }])]
}

function diagonals(data: ValidationData, theme: Theme, low: number, high: number, x: SpecPart, y: SpecPart): SpecPart[] {
  const ends = (share: number) =>
    [low, high].map((value) => ({ measured: value, from: Math.max(low, value * (1 - share)), to: Math.min(high, value * (1 + share)) }))
  return [
    ...corridors(data).map(({ share, opacity }) => ({
      data: { values: ends(share) },
      mark: { type: 'area', color: theme.band, opacity, aria: false, clip: true },
      encoding: { x, y: { ...y, field: 'from' }, y2: { field: 'to' } },
    })),
    {
      data: { values: ends(0) },
      mark: { type: 'line', color: theme.ink, strokeWidth: 0.6, aria: false, clip: true },
      encoding: { x, y: { ...y, field: 'from' } },
    },
  ]
}

function bands(data: ValidationData, theme: Theme, low: number, high: number, x: SpecPart, y: SpecPart): SpecPart[] {
  return [
    ...corridors(data).map(({ share, opacity }) => ({
      data: { values: [low, high].map((measured) => ({ measured, from: -share * 100, to: share * 100 })) },
      mark: { type: 'area', color: theme.band, opacity, aria: false },
      encoding: { x, y: { ...y, field: 'from' }, y2: { field: 'to' } },
    })),
    {
      data: { values: [low, high].map((measured) => ({ measured, zero: 0 })) },
      mark: { type: 'line', color: theme.ink, strokeWidth: 0.6, aria: false },
      encoding: { x, y: { ...y, field: 'zero' } },
    },
  ]
}

/** Fitted points leave their model's colour and shape: one grey triangle for all of them. */
const FITTED = 'in the fit'

const seriesOf = (mark: ValidationMark): string => (mark.evidence === 'fitted' ? FITTED : mark.model)

/** @param marks those of one panel; colours and legend are those of all */
function points(
  marks: readonly ValidationMark[],
  data: ValidationData,
  theme: Theme,
  x: SpecPart,
  y: SpecPart,
  field: 'predicted' | 'error',
  least: number,
): SpecPart[] {
  const values = marks.map((mark) => ({
    ...mark,
    predictedLow: Math.max(mark.predictedLow, least),
    measuredLow: Math.max(mark.measuredLow, least),
    series: seriesOf(mark),
  }))
  const present = new Set(data.marks.map(seriesOf))
  const series = [...data.models, FITTED].filter((name) => present.has(name))
  const range = (of: (model: string) => string, fitted: string): string[] => series.map((name) => (name === FITTED ? fitted : of(name)))
  const scale = { domain: series, range: range((model) => modelColour(theme, data.palette, model), theme.fitted) }
  const color = { field: 'series', type: 'nominal', scale }
  const legend = { ...modelLegend(theme, series, 'circle'), symbolType: undefined }
  const rule = { data: { values }, mark: { type: 'rule', strokeWidth: 0.8, aria: false, clip: true } }
  const value = { ...y, field }
  return [
    { ...rule, encoding: { x, y: { ...y, field: `${field}Low` }, y2: { field: `${field}High` }, color } },
    ...(field === 'predicted'
      ? [{ ...rule, encoding: { x: { ...x, field: 'measuredLow' }, x2: { field: 'measuredHigh' }, y: value, color } }]
      : []),
    {
      data: { values },
      mark: { type: 'point', filled: true, opacity: 1, size: theme.fontSizePt * 3.2, strokeWidth: 0 },
      encoding: {
        x,
        y: value,
        color: { ...color, legend },
        shape: { field: 'series', type: 'nominal', scale: { domain: series, range: range(() => 'circle', 'triangle-up') }, legend },
        description: { field: 'description' },
      },
    },
  ]
}
