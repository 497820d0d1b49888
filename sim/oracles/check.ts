/** Holds an oracle's simulation to its theory. */
import { type LawCheck, meanInterval } from '../statistics/index.js'
import type { Oracle, Quantity } from './oracle.js'

export interface CheckedQuantity extends Quantity {
  /** Mean over the replications. */
  readonly value: number
  /** Half of its 95 % interval, for reading. */
  readonly halfWidth: number
  /** Half of the interval that decides: see `confidenceOfAll`. */
  readonly bound: number
  readonly holds: boolean
}

export interface CheckedOracle {
  readonly name: string
  readonly system: string
  readonly source: string
  readonly replications: number
  readonly customers: number
  readonly events: number
  readonly quantities: readonly CheckedQuantity[]
  /** Law checks over all replications, those that failed, and the largest distance of two sides, as a share. */
  readonly laws: { readonly checked: number; readonly broken: readonly LawCheck[]; readonly worst: number }
  readonly holds: boolean
}

export interface CheckOptions {
  readonly seed: number
  readonly replications: number
  readonly customers: number
  /** Confidence of the interval in which each truth must lie. */
  readonly confidence: number
}

/**
 * The confidence for each of many intervals, such that all of them together hold their truths with `confidence` (Bonferroni).
 * A kernel without a fault thus fails the whole list once in 1 / (1 - confidence) seeds.
 */
export function confidenceOfAll(oracles: readonly Oracle[], confidence = 0.999): number {
  return 1 - (1 - confidence) / oracles.reduce((sum, { quantities }) => sum + quantities.length, 0)
}

export function checkOracle(oracle: Oracle, { seed, replications, customers, confidence }: CheckOptions): CheckedOracle {
  const observations = Array.from({ length: replications }, (_, replication) => oracle.replicate(seed, replication, customers))
  const quantities = oracle.quantities.map((quantity, i): CheckedQuantity => {
    const values = observations.map((observation) => observation.values[i]!)
    const { value, halfWidth } = meanInterval(values)
    const bound = meanInterval(values, confidence).halfWidth
    return { ...quantity, value, halfWidth, bound, holds: Math.abs(value - quantity.truth) <= bound }
  })
  const laws = observations.flatMap((observation) => observation.laws)
  const broken = laws.filter((law) => !law.holds)
  return {
    name: oracle.name,
    system: oracle.system,
    source: oracle.source,
    replications,
    customers,
    events: observations.reduce((sum, { events }) => sum + events, 0),
    quantities,
    laws: { checked: laws.length, broken, worst: laws.reduce((worst, { relativeError }) => Math.max(worst, relativeError), 0) },
    holds: broken.length === 0 && quantities.every(({ holds }) => holds),
  }
}
