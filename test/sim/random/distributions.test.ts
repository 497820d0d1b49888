import gammaCdf from '@stdlib/stats-base-dists-gamma-cdf'
import { errorFunction } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { exponential } from '../../../sim/random/exponential.js'
import { normal } from '../../../sim/random/normal.js'
import { createStream } from '../../../sim/random/stream.js'
import { type Draw, draws } from './draws.js'

const COUNT = 100_000

/** The largest distance between the draws' distribution and `cdf`, times sqrt(n) (Kolmogorov and Smirnov). */
function kolmogorovSmirnov(draw: Draw, cdf: (x: number) => number, component: number): number {
  const stream = createStream(8, 0, component)
  const sorted = Float64Array.from({ length: COUNT }, () => draw(stream)).sort()
  let largest = 0
  sorted.forEach((x, i) => {
    largest = Math.max(largest, Math.abs(cdf(x) - i / COUNT), Math.abs(cdf(x) - (i + 1) / COUNT))
  })
  return largest * Math.sqrt(COUNT)
}

/** 99.9 % point of Kolmogorov's distribution: sqrt(-ln(0.0005) / 2). */
const KOLMOGOROV_999 = 1.9495
const normalCdf = (z: number) => (1 + errorFunction(z / Math.SQRT2)) / 2
const lognormalCdf = (x: number) => normalCdf((Math.log(x) - 1) / 0.5)
const exponentialCdf = (x: number) => 1 - Math.exp(-x / 3)
const weibullCdf = (shape: number) => (x: number) => 1 - Math.exp(-((x / 5) ** shape))
const paretoCdf = (x: number) => 1 - (2 / x) ** 1.5

/** Balanced means for mean 2 and squared variation 6: p = (1 + sqrt(5 / 7)) / 2, rates 2 p / mean and 2 (1 - p) / mean. */
function hyperExponentialCdf(x: number): number {
  const p = (1 + Math.sqrt(5 / 7)) / 2
  return 1 - p * Math.exp(-p * x) - (1 - p) * Math.exp(-(1 - p) * x)
}

/**
 * An interrupted Poisson process is a renewal process with hyper-exponential intervals (Kuczura, "The interrupted Poisson process as an
 * overflow process", Bell System Technical Journal 52(3), 1973): arrivals 4, out of the state 0.5, back 0.25.
 */
function interruptedPoissonCdf(x: number): number {
  const sum = 4 + 0.5 + 0.25
  const root = Math.sqrt(sum * sum - 4 * 4 * 0.25)
  const fast = (sum + root) / 2
  const slow = (sum - root) / 2
  const p = (4 - slow) / (fast - slow)
  return 1 - p * Math.exp(-fast * x) - (1 - p) * Math.exp(-slow * x)
}

const distributionFunctions: Readonly<Record<string, (x: number) => number>> = {
  uniform: (x) => x,
  exponential: exponentialCdf,
  normal: normalCdf,
  lognormal: lognormalCdf,
  // stdlib takes the rate, 1 / scale.
  'gamma, shape 2.5': (x) => gammaCdf(x, 2.5, 1 / 4),
  'gamma, shape 0.4': (x) => gammaCdf(x, 0.4, 1 / 2),
  'Weibull, shape 0.7': weibullCdf(0.7),
  'Weibull, shape 3': weibullCdf(3),
  Pareto: paretoCdf,
  'hyper-exponential': hyperExponentialCdf,
  'Markov-modulated': interruptedPoissonCdf,
  'open uniform': (x) => x,
  'exponential by inversion': exponentialCdf,
  'normal by inversion': normalCdf,
  'lognormal by inversion': lognormalCdf,
  'Weibull by inversion': weibullCdf(0.7),
  'Pareto by inversion': paretoCdf,
}

describe('draws', () => {
  it.each(Object.entries(distributionFunctions))("of the '%s' distribution follow it", (name, cdf) => {
    expect(kolmogorovSmirnov(draws[name]!(), cdf, name.length)).toBeLessThan(KOLMOGOROV_999)
  })

  it('are tested against a distribution function each, but for the empirical one, which has chi-square', () => {
    expect(Object.keys(draws).filter((name) => !(name in distributionFunctions))).toEqual(['empirical'])
  })

  it.each(Object.keys(draws))("of the '%s' distribution start with those that stand here", (name) => {
    const stream = createStream(1, 2, 3)
    const draw = draws[name]!()
    expect([draw(stream), draw(stream), draw(stream)]).toMatchSnapshot()
  })

  it('reach the tail beyond the ziggurat as often as they should', () => {
    const stream = createStream(8, 1, 0)
    const n = 2_000_000
    let beyondExponential = 0
    let beyondNormal = 0
    for (let i = 0; i < n; i++) {
      if (exponential(stream, 1) > 7.8) beyondExponential++
      if (Math.abs(normal(stream)) > 3.7) beyondNormal++
    }
    // Poisson counts around their means, 3.29 deviations each way: 99.9 %.
    const expectedExponential = n * Math.exp(-7.8)
    const expectedNormal = n * 2.1559921e-4 // 2 (1 - Phi(3.7)), Abramowitz and Stegun, table 26.2
    expect(Math.abs(beyondExponential - expectedExponential)).toBeLessThan(3.29 * Math.sqrt(expectedExponential))
    expect(Math.abs(beyondNormal - expectedNormal)).toBeLessThan(3.29 * Math.sqrt(expectedNormal))
  })

  it('are scaled by the mean of the exponential', () => {
    expect(exponential(createStream(1, 0, 0), 10)).toBe(10 * exponential(createStream(1, 0, 0), 1))
  })
})
