/** Conditions on a comparison for scripts and continuous integration: `p50 ratio > 1.05`, `latency p99 difference > 3 us`, `throughput ratio < 0.95`. */
import type { Pair } from './comparison.js'
import { isMoreBetter, type Metric } from './rows.js'

export interface Condition {
  readonly text: string
  /** Null: any time that has the statistic. Of what is better when it is more, a condition names the metric: nobody means both. */
  readonly metric: Metric | null
  readonly statistic: string
  readonly of: 'ratio' | 'difference'
  readonly isAbove: boolean
  /** A ratio, or a difference in base units. */
  readonly limit: number
}

const metrics: Readonly<Record<string, Metric>> = {
  latency: 'latency',
  'response-time': 'response-time',
  throughput: 'throughput',
  rate: 'rate',
  'cpu-per-message': 'cpu-per-message',
  'start-up': 'start-up',
}
const times: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }
const bitRates: Readonly<Record<string, number>> = { 'bit/s': 1, 'Mbit/s': 1e6, 'Gbit/s': 1e9 }
const rates: Readonly<Record<string, number>> = { '/s': 1 }

function unitsOf(metric: Metric | null): Readonly<Record<string, number>> {
  if (metric === 'throughput') return bitRates
  return metric === 'rate' ? rates : times
}
const grammar = /^(?:([a-z-]+) +)??(?:(p\d+(?:\.\d+)?|mean|min|max) +)?(ratio|difference) *([<>]) *(-?\d+(?:\.\d+)?)(?: *(%|[A-Za-z/]+))?$/

/** @throws RangeError that says what was expected */
export function parseCondition(text: string): Condition {
  const match = grammar.exec(text.trim())
  const wrong = (what: string) =>
    new RangeError(`expected a condition such as "p50 ratio > 1.05", "latency p99 difference > 3 us" or "throughput ratio < 0.95", ${what}`)
  if (!match) throw wrong(`got "${text}"`)
  const [, metricName, written, of, sign, number, unit] = match
  const metric = metricName === undefined ? null : metrics[metricName]
  if (metric === undefined) throw wrong(`and "${metricName}" is no metric (${Object.keys(metrics).join(', ')})`)
  // A run has one throughput: nothing need be said of which statistic.
  const statistic = written ?? (isMoreBetter(metric) ? 'mean' : undefined)
  if (statistic === undefined) throw wrong(`and a statistic (p50, p99, mean) is missing, got "${text}"`)
  const isAbove = sign === '>'
  const shared = { text: text.trim(), metric, statistic, isAbove }
  if (of === 'ratio') {
    if (unit !== undefined && unit !== '%') throw wrong(`and a ratio has no unit, got "${unit}"`)
    return { ...shared, of: 'ratio', limit: Number(number) / (unit === '%' ? 100 : 1) }
  }
  const units = unitsOf(metric)
  const factor = unit === undefined ? undefined : units[unit]
  if (factor === undefined) throw wrong(`and a difference needs a unit (${Object.keys(units).join(', ')})`)
  return { ...shared, of: 'difference', limit: Number(number) * factor }
}

export const concerns = ({ metric, statistic }: Condition, pair: Pair): boolean =>
  pair.statistic === statistic && (metric === null ? !isMoreBetter(pair.metric) : pair.metric === metric)

/** `met`: the whole interval lies beyond the limit; `open`: the value alone does, so that nothing is shown; `not met`. */
export function judge({ of, isAbove, limit }: Condition, pair: Pair): 'met' | 'open' | 'not met' {
  const [value, half] = of === 'ratio' ? [pair.ratio, pair.ratioHalfWidth] : [pair.difference, pair.halfWidth]
  const beyond = (at: number): boolean => (isAbove ? at > limit : at < limit)
  if (beyond(isAbove ? value - half : value + half)) return 'met'
  return beyond(value) ? 'open' : 'not met'
}
