/** Which swept key a figure draws along its axis, and what is left over for panels. */
import type { Experiment, PointValue } from '../experiments/experiment.js'
import { pointValue } from './format/units.js'

export interface Axis {
  readonly key: string
  /** `message size`, `CPU quota of server`, or the key as it is written. */
  readonly title: string
  /** Sizes, durations and rates are labelled with their unit, counts as they are. */
  readonly hasUnit: boolean
  /** Distinct values in ascending order. */
  readonly values: readonly number[]
}

/** Distinct values of a swept key in sweep order. */
export function sweptValues(experiment: Experiment, key: string): PointValue[] {
  return [...new Set(experiment.points.flatMap((point) => (key in point.values ? [point.values[key]!] : [])))]
}

export function sweptKeys(experiment: Experiment): string[] {
  return [...new Set(experiment.points.flatMap((point) => Object.keys(point.values)))].filter((key) => key !== 'model').sort()
}

const isSize = (key: string): boolean => /\.(message|write|read|buffer|send-buffer|receive-buffer)$/.test(key)

/** Keys that have a name of their own in a sentence; any other stands as it is written. */
const titles: readonly (readonly [pattern: RegExp, title: string])[] = [
  [/^flows\..+\.workload\.message$/, 'message size'],
  [/^flows\..+\.workload\.write$/, 'write size'],
  [/^flows\..+\.workload\.read$/, 'read size'],
  [/^flows\..+\.workload\.rate$/, 'offered load'],
  [/^containers\.([^.]+)\.cpu-quota$/, 'CPU quota of $1'],
  [/^hosts\.([^.]+)\.rules$/, 'number of rules at $1'],
  [/^services\.([^.]+)\.count$/, 'number of services ($1)'],
  [/^proxies\.([^.]+)\.buffer$/, 'buffer of $1'],
  [/^flows\..+\.workload\.at-once$/, 'containers that start at once'],
]

function titleOf(key: string): string {
  const named = titles.find(([pattern]) => pattern.test(key))
  return named === undefined ? key : key.replace(...named)
}

/** The flow's message size where it is swept, else the first swept number; null where no number is swept. */
export function axisOf(experiment: Experiment, flow: string): Axis | null {
  const keys = sweptKeys(experiment).filter((key) => {
    const values = sweptValues(experiment, key)
    return values.length > 1 && values.every((value) => typeof value === 'number')
  })
  const key = keys.find((name) => name === `flows.${flow}.workload.message`) ?? keys[0]
  if (key === undefined) return null
  const values = (sweptValues(experiment, key) as number[]).sort((a, b) => a - b)
  return {
    key,
    title: titleOf(key),
    hasUnit: isSize(key) || /\.(cpu-quota|cpu-period|workload\.rate)$/.test(key),
    values,
  }
}

/** The values of the other swept keys in words, as a panel's heading; empty where only model and axis are swept. */
export function panelOf(experiment: Experiment, axis: Axis | null, values: Readonly<Record<string, PointValue>>): string {
  return sweptKeys(experiment)
    .filter((key) => key !== axis?.key && sweptValues(experiment, key).length > 1)
    .map((key) => `${key.slice(key.lastIndexOf('.') + 1)} ${pointValue(key, values[key] ?? '')}`)
    .join(', ')
}

export function axisLabel(axis: Axis, value: number): string {
  return pointValue(axis.key, value)
}

/** A value of the axis away from it, where only a size speaks for itself: `64 B`, `8 starts at once`, `rules 10000`, `web.count 100`, `cpu-quota 25 ms`. */
function axisPlace(axis: Axis, value: number): string {
  if (isSize(axis.key) || axis.key.endsWith('.workload.rate')) return axisLabel(axis, value)
  if (axis.key.endsWith('.workload.at-once')) return value === 1 ? 'a lone start' : `${axisLabel(axis, value)} starts at once`
  const words = axis.key.split('.')
  return `${words.at(-1) === 'count' ? words.slice(-2).join('.') : words.at(-1)} ${axisLabel(axis, value)}`
}

/** A point without its model, in words: `64 B`, or `64 B, rps true`; empty where nothing but the model is swept. */
export function placeOf(experiment: Experiment, flow: string, values: Readonly<Record<string, PointValue>>): string {
  return [atOf(experiment, flow, values), panelOf(experiment, axisOf(experiment, flow), values)].filter((part) => part !== '').join(', ')
}

/** Where a point stands along the axis, in words; empty where there is none. */
export function atOf(experiment: Experiment, flow: string, values: Readonly<Record<string, PointValue>>): string {
  const axis = axisOf(experiment, flow)
  return axis && axis.key in values ? axisPlace(axis, values[axis.key] as number) : ''
}

/** Values of the other swept keys in words, in the order of the sweep: `['transport tcp', 'transport udp']`; `['']` where there are none. */
export function panelsOf(experiment: Experiment, flow: string): string[] {
  const axis = axisOf(experiment, flow)
  return [...new Set(experiment.points.map(({ values }) => panelOf(experiment, axis, values)))]
}
