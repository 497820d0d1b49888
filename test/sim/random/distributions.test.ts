import { errorFunction } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { exponential } from '../../../sim/random/exponential.js'
import { lognormal } from '../../../sim/random/lognormal.js'
import { normal } from '../../../sim/random/normal.js'
import { createStream, type RandomStream } from '../../../sim/random/stream.js'

const COUNT = 100_000

/** The largest distance between the draws' distribution and `cdf`, times sqrt(n) (Kolmogorov and Smirnov). */
function kolmogorovSmirnov(draw: (stream: RandomStream) => number, cdf: (x: number) => number, component: number): number {
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

const cases = [
  { name: 'uniform', draw: (s: RandomStream) => s.uniform(), cdf: (x: number) => x },
  { name: 'exponential', draw: (s: RandomStream) => exponential(s, 3), cdf: (x: number) => 1 - Math.exp(-x / 3) },
  { name: 'normal', draw: normal, cdf: normalCdf },
  { name: 'lognormal', draw: (s: RandomStream) => lognormal(s, 1, 0.5), cdf: (x: number) => normalCdf((Math.log(x) - 1) / 0.5) },
]

describe('draws', () => {
  it.each(cases)('of the $name distribution follow it', ({ name, draw, cdf }) => {
    expect(kolmogorovSmirnov(draw, cdf, name.length)).toBeLessThan(KOLMOGOROV_999)
  })

  it.each(cases)('of the $name distribution start with those that stand here', ({ draw }) => {
    const stream = createStream(1, 2, 3)
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
