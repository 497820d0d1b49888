/** Axes that several figures share. */
import { type Axis, axisLabel } from '../axes.js'
import { textWidth } from '../format/text-width.js'
import type { Theme } from '../theme.js'
import { namedPlacesAxis } from './named-places.js'
import type { SpecPart } from './spec.js'

/** Beyond this ratio of largest to smallest value a linear axis would press the small ones together. */
const LOG_FROM = 8

export interface ValueScale {
  readonly scale: SpecPart
  readonly isLog: boolean
  readonly ticks: readonly number[] | null
  /** What the scale can show at the least: the end of an interval that lies below is drawn here. */
  readonly least: number
}

/**
 * A logarithmic scale where the values span more than a factor of eight, else a linear one from zero.
 * @param anchors the values themselves, without the ends of their intervals: they decide which scale it is
 */
export function valueScale(values: readonly number[], anchors: readonly number[] = values): ValueScale {
  const positive = anchors.filter((value) => value > 0)
  const low = Math.min(...positive)
  const high = Math.max(...positive)
  if (positive.length === 0 || high / low < LOG_FROM)
    return { scale: { type: 'linear', zero: true, nice: true }, isLog: false, ticks: null, least: Number.NEGATIVE_INFINITY }
  const domain = logDomain(values, anchors)
  return { scale: { type: 'log', domain: [domain.low, domain.high], nice: false }, isLog: true, ticks: domain.ticks, least: domain.low }
}

/** From this ratio between neighbours on, an axis is mostly empty: what a timer makes lies three decades above what a path costs. */
const BREAK_FROM = 50

/** Where values fall apart into two groups that one axis would press flat: between its widest neighbours; null where they stand together. */
export function breakBetween(values: readonly number[]): number | null {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b)
  const ratios = sorted.slice(1).map((value, i) => value / sorted[i]!)
  const widest = Math.max(...ratios)
  const at = ratios.indexOf(widest)
  return widest >= BREAK_FROM ? Math.sqrt(sorted[at]! * sorted[at + 1]!) : null
}

/**
 * A logarithmic scale's ends and ticks for values of which some may not be positive, as the lower end of a wide interval; a logarithm has no
 * place for those, so that the figure draws them at `low`: a little below the least positive value, or a decade below the least of `anchors`
 * if that is higher.
 */
export function logDomain(
  values: readonly number[],
  anchors: readonly number[] = values,
): { readonly low: number; readonly high: number; readonly ticks: readonly number[] } {
  const positive = (some: readonly number[]): number[] => some.filter((value) => value > 0)
  const least = Math.min(...positive(values))
  const most = Math.max(...positive(values))
  if (!Number.isFinite(least)) return { low: 0.1, high: 10, ticks: [0.1, 1, 10] }
  const floor = Math.max(least, Math.min(...positive(anchors)) / 10)
  const margin = Math.max(1.04, (most / floor) ** 0.04)
  const low = floor / margin
  const high = most * margin
  return { low, high, ticks: logTicks(low, high).filter((tick) => tick >= low && tick <= high) }
}

/** 1, 2, 5 steps within [low, high]; whole decades where there would be more than seven, finer ones below a decade, even ones below a factor of two. */
export function logTicks(low: number, high: number): number[] {
  if (high / low < 2) return evenTicks(low, high)
  const decades = Math.log10(high / low)
  const steps = decades > 2.3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]
  const ticks: number[] = []
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
    for (const step of steps) {
      const tick = step * 10 ** decade
      if (tick >= low * 0.9 && tick <= high * 1.1) ticks.push(tick)
    }
  }
  return ticks.length > 0 ? ticks : [low, high]
}

/** At a distance of 1, 2 or 5 times a power of ten: about `most` ticks at the most, and two at the least, or an axis would have no scale. */
export function evenTicks(low: number, high: number, most = 7): number[] {
  const least = (high - low) / most
  const decade = 10 ** Math.floor(Math.log10(least))
  const steps = [0.5, 1, 2, 5, 10].map((times) => times * decade)
  const at = steps.findIndex((one) => one >= least)
  const ticks = ticksAt(low, high, steps[at]!)
  return ticks.length > 1 ? ticks : ticksAt(low, high, steps[at - 1]!)
}

function ticksAt(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step)
  // Twelve digits: 3 * 0.1 is to be 0.3.
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** How an axis of swept numbers runs. */
interface Run {
  readonly isLog: boolean
  /** Counts that begin with none: linear up to the least of them, logarithmic from there. */
  readonly unit: number | null
  /** Where a value stands, as a share of the axis. */
  readonly share: (value: number) => number
}

function runOf({ values }: Axis): Run {
  const low = values[0]!
  const high = values.at(-1)!
  const isLog = low > 0 && high / low >= LOG_FROM
  const unit = low === 0 && values.length > 2 && high / values[1]! >= LOG_FROM ? values[1]! : null
  const along = unit !== null ? (value: number) => Math.log1p(value / unit) : isLog ? Math.log : (value: number) => value
  return { isLog, unit, share: (value) => (along(value) - along(low)) / (along(high) - along(low)) }
}

/** Nearer than this share of the axis two marks lie on one another. */
const TOUCHING = 1 / 60

/** Whether a scale would press a good part of the values onto their neighbours: sizes on both sides of each step of a path lie a byte apart. */
export function isCrowded(axis: Axis): boolean {
  const { share } = runOf(axis)
  const gaps = axis.values.slice(1).map((value, i) => share(value) - share(axis.values[i]!))
  return gaps.filter((gap) => gap < TOUCHING).length * 4 >= gaps.length && gaps.length > 0
}

/** The swept values at equal distances, in the field `place`, which counts them from 0; as many are labelled as fit. */
export function placeAxis(axis: Axis, theme: Theme, plotWidthPt: number): SpecPart {
  const labels = axis.values.map((value) => (axis.hasUnit ? axisLabel(axis, value) : value.toLocaleString('en-US')))
  const step = plotWidthPt / labels.length
  const { values: named, ...looks } = namedPlacesAxis(theme, labels, step, `${axis.title} (at equal distances)`)
  const values = labels.flatMap((label, i) => (named === undefined || named.includes(label) ? [i] : []))
  return {
    field: 'place',
    type: 'quantitative',
    scale: { domain: [-0.5, labels.length - 0.5], zero: false, nice: false },
    axis: { ...looks, values, labelOverlap: false, labelExpr: `(${JSON.stringify(labels)})[datum.value]` },
  }
}

/** The swept sizes on a logarithmic axis: every size is a tick, and as many of them are labelled as fit. */
export function sizeAxis(axis: Axis, theme: Theme, plotWidthPt: number): SpecPart {
  const { values } = axis
  const low = values[0]!
  const high = values.at(-1)!
  const { isLog, unit, share } = runOf(axis)
  const place = (value: number): number => share(value) * plotWidthPt
  const ticks = spread(values, place, theme.fontSizePt * 1.7)
  const crowded = ticks.some((value, i) => i > 0 && place(value) - place(ticks[i - 1]!) < labelWidth(axis, value, theme) + 4)
  const words = axis.hasUnit ? Object.fromEntries(ticks.map((value) => [String(value), axisLabel(axis, value)])) : null
  return {
    type: 'quantitative',
    scale: axisScale(low, high, isLog, unit),
    axis: {
      title: `${axis.title}${isLog ? ' (log scale)' : unit !== null ? ' (log scale from 0)' : ''}`,
      values: ticks,
      grid: false,
      labelAngle: crowded ? -45 : 0,
      labelAlign: crowded ? 'right' : 'center',
      labelBaseline: crowded ? 'middle' : 'top',
      labelOverlap: false,
      ...(words ? { labelExpr: `(${JSON.stringify(words)})[datum.value]` } : { format: ',~r' }),
    },
  }
}

/** With a margin at both ends, of 3 % of what lies between them. */
function axisScale(low: number, high: number, isLog: boolean, unit: number | null): SpecPart {
  if (isLog) {
    const margin = (high / low) ** 0.03
    return { type: 'log', base: 2, domain: [low / margin, high * margin], nice: false }
  }
  if (unit !== null) {
    const margin = (1 + high / unit) ** 0.03
    return { type: 'symlog', constant: unit, domain: [-unit * (margin - 1), high * margin], nice: false }
  }
  const margin = (high - low) * 0.03
  return { domain: [low - margin, high + margin], zero: false, nice: false }
}

function labelWidth(axis: Axis, value: number, theme: Theme): number {
  return textWidth(axis.hasUnit ? axisLabel(axis, value) : value.toLocaleString('en-US'), theme.fontSizePt)
}

/** From the ends inwards, the values that keep `gap` points from their neighbours; powers of two come first. */
function spread(values: readonly number[], place: (value: number) => number, gap: number): number[] {
  const rank = (value: number): number => (Number.isInteger(Math.log2(value)) ? (Number.isInteger(Math.log2(value) / 2) ? 0 : 1) : 2)
  const kept: number[] = []
  for (const value of [...values].sort((a, b) => rank(a) - rank(b) || a - b)) {
    if (kept.every((other) => Math.abs(place(other) - place(value)) >= gap)) kept.push(value)
  }
  return kept.sort((a, b) => a - b)
}
