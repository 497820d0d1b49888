/**
 * What interrupts a core, from the tails of simple paths. A message of length T is hit by an interruption longer than x with probability
 * T times the rate of such interruptions, so each measured run gives the rate beyond x, whatever the path's length. Runs differ by a factor of
 * four: what counts is their lower quartile, as for every measured value, and its course over x is kept as it is. It has bumps (timers, the
 * hypervisor's short and long exits) that no single law has.
 */
import type { Interruption } from '../profiles/profile.js'

/** How much of a run's messages took longer than its median by more than some excess. */
export interface Tail {
  /** Median round trip, ns. */
  readonly roundTripNs: number
  /** By how much the tenth percentile of round trips lies below the median, ns: the spread of what nobody interrupts. */
  readonly bodyNs: number
  readonly messages: number
  /** Messages whose round trip exceeds the median one by more than `excessNs`. */
  beyond(excessNs: number): number
}

/** Excesses of a round trip at which the rates are read, ns. */
const EXCESSES_NS = [3e3, 4e3, 5e3, 6e3, 8e3, 11e3, 15e3, 20e3, 28e3, 40e3, 60e3, 100e3, 200e3, 400e3]
/** A tail speaks of excesses above so many times its body's spread. */
const BODIES = 6
/** A rate is the lower quartile of at least as many runs. */
const LEAST_RUNS = 9
const QUARTILE = 0.25

/** One kind, arriving at random. @throws RangeError when there is no tail to fit */
export function fitInterruptions(tails: readonly Tail[]): Interruption[] {
  const points: { ns: number; rate: number }[] = []
  for (const excessNs of EXCESSES_NS) {
    const rates = tails
      .filter(({ bodyNs }) => excessNs > BODIES * bodyNs)
      .map((tail) => tail.beyond(excessNs) / (tail.messages * tail.roundTripNs))
      .sort((a, b) => a - b)
    if (rates.length < LEAST_RUNS) continue
    const rate = rates[Math.floor(QUARTILE * rates.length)]!
    const last = points[points.length - 1]
    if (rate > 0 && (last === undefined || rate < last.rate)) points.push({ ns: excessNs, rate })
  }
  const first = points[0]
  if (first === undefined) throw new RangeError('too few messages beyond the body of the distributions to fit interruptions')
  const lengths = points.map(({ ns, rate }) => ({ ns, share: rate / first.rate }))
  return [{ name: 'interruption', intervalNs: 1 / first.rate, periodic: false, lengths }]
}
