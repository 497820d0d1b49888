/**
 * What interrupts a core, from the tails of simple paths. A message of length T is hit by an interruption longer than x with probability
 * T times the rate of such interruptions, so each measured tail gives the rate beyond x, whatever the path's length; a lognormal is fitted to it.
 */
import { exp, log } from '../../sim/index.js'
import { normalQuantile } from '../engine/normal-quantile.js'
import type { Interruption } from '../profiles/profile.js'

/** How much of a path's messages took longer than its median by more than some excess. */
export interface Tail {
  /** Mean round trip, ns. */
  readonly roundTripNs: number
  readonly messages: number
  /** Messages whose round trip exceeds the median one by more than `excessNs`. */
  beyond(excessNs: number): number
}

/** Excesses of a round trip at which the rates are read, ns: above the body's own spread, below what a run's count can carry. */
const EXCESSES_NS = [6e3, 8e3, 11e3, 15e3, 20e3, 28e3, 40e3, 60e3, 100e3, 200e3]

/** @throws RangeError when there is no tail to fit */
export function fitInterruptions(tails: readonly Tail[]): Interruption {
  const exposureNs = tails.reduce((sum, tail) => sum + tail.messages * tail.roundTripNs, 0)
  const points = EXCESSES_NS.map((excessNs) => ({
    x: log(excessNs),
    rate: tails.reduce((sum, tail) => sum + tail.beyond(excessNs), 0) / exposureNs,
  })).filter(({ rate }) => rate * exposureNs >= 10)
  const first = points[0]
  if (points.length < 4 || first === undefined)
    throw new RangeError('too few messages beyond the body of the distributions to fit interruptions')
  let best: { error: number; rate: number; mu: number; sigma: number } | null = null
  for (let factor = 1.05; factor < 40; factor *= 1.05) {
    const rate = first.rate * factor
    const line = regress(points.map((p) => ({ x: p.x, y: normalQuantile(1 - p.rate / rate) })))
    if (line.slope <= 0) continue
    const candidate = { error: line.error, rate, mu: -line.intercept / line.slope, sigma: 1 / line.slope }
    if (best === null || candidate.error < best.error) best = candidate
  }
  if (best === null) throw new RangeError('the tails fit no lognormal')
  return { name: 'interruption', intervalNs: 1 / best.rate, periodic: false, medianNs: exp(best.mu), sigma: best.sigma }
}

function regress(points: readonly { x: number; y: number }[]): { slope: number; intercept: number; error: number } {
  const n = points.length
  const meanX = points.reduce((sum, p) => sum + p.x, 0) / n
  const meanY = points.reduce((sum, p) => sum + p.y, 0) / n
  const slope = points.reduce((sum, p) => sum + (p.x - meanX) * (p.y - meanY), 0) / points.reduce((sum, p) => sum + (p.x - meanX) ** 2, 0)
  const intercept = meanY - slope * meanX
  // Distance in x (the logarithm of a length), so that steep and flat lines compare.
  const error = points.reduce((sum, p) => sum + ((p.y - intercept - slope * p.x) / slope) ** 2, 0)
  return { slope, intercept, error }
}
