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

/** Excesses of a round trip at which the rates are read, ns: above the body's own spread, up to what the counts carry. */
const EXCESSES_NS = [4e3, 6e3, 8e3, 11e3, 15e3, 20e3, 28e3, 40e3, 60e3, 100e3, 200e3, 400e3]
/** Ticks, timers and the host's short exits lie below; what takes longer is the hypervisor running somebody else. */
const LONG_NS = 40e3
/** Fewer messages than this say nothing of a rate. */
const LEAST_COUNT = 10
/** How many times the rate at the first point all interruptions of a kind can be: the shorter ones are hidden in the body. */
const MOST_HIDDEN = 1.5

/** Two kinds, short and long, each lognormal, arriving at random. @throws RangeError when there is no tail to fit */
export function fitInterruptions(tails: readonly Tail[]): Interruption[] {
  const exposureNs = tails.reduce((sum, tail) => sum + tail.messages * tail.roundTripNs, 0)
  const rates = EXCESSES_NS.map((excessNs) => ({
    x: log(excessNs),
    rate: tails.reduce((sum, tail) => sum + tail.beyond(excessNs), 0) / exposureNs,
  }))
  const counted = rates.filter(({ rate }) => rate * exposureNs >= LEAST_COUNT)
  const long = fitLognormal(
    'long interruption',
    counted.filter(({ x }) => x >= log(LONG_NS)),
  )
  const rest = counted
    .filter(({ x }) => x < log(LONG_NS))
    .map(({ x, rate }) => ({ x, rate: rate - (long === null ? 0 : rateBeyond(long, x)) }))
  const short = fitLognormal(
    'interruption',
    rest.filter(({ rate }) => rate > 0),
  )
  if (short === null) throw new RangeError('too few messages beyond the body of the distributions to fit interruptions')
  return long === null ? [short] : [short, long]
}

interface RatePoint {
  /** Logarithm of a length in ns. */
  readonly x: number
  /** Interruptions longer than that, per ns. */
  readonly rate: number
}

/** The lognormal through the points (a line on the normal scale), over the total rate that makes them lie straightest; null for too few points. */
function fitLognormal(name: string, points: readonly RatePoint[]): Interruption | null {
  const first = points[0]
  if (points.length < 3 || first === undefined) return null
  let best: { error: number; interruption: Interruption } | null = null
  for (let factor = 1.02; factor <= MOST_HIDDEN; factor += 0.02) {
    const rate = first.rate * factor
    const line = regress(points.map((p) => ({ x: p.x, y: normalQuantile(1 - p.rate / rate) })))
    if (line.slope <= 0 || (best !== null && line.error >= best.error)) continue
    const interruption = { name, intervalNs: 1 / rate, periodic: false, medianNs: exp(-line.intercept / line.slope), sigma: 1 / line.slope }
    best = { error: line.error, interruption }
  }
  return best?.interruption ?? null
}

function rateBeyond({ intervalNs, medianNs, sigma }: Interruption, x: number): number {
  return normalTail((x - log(medianNs)) / sigma) / intervalNs
}

/** 1 minus the standard normal distribution, within 7.5e-8 (Abramowitz and Stegun, 26.2.17). */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  const t = 1 / (1 + 0.2316419 * z)
  const density = exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
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
