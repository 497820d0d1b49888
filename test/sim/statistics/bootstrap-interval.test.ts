import { describe, expect, it } from 'vitest'
import { createStream } from '../../../sim/random/stream.js'
import { bootstrapInterval } from '../../../sim/statistics/bootstrap-interval.js'
import { meanInterval } from '../../../sim/statistics/confidence-interval.js'

/** The spatial test data A (Efron and Tibshirani, "An Introduction to the Bootstrap", table 14.1). */
const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41]

/** The statistic of their table 14.2: the variance, over n. */
function variance(sample: Float64Array): number {
  const mean = sample.reduce((a, b) => a + b, 0) / sample.length
  return sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length
}

const mean = (sample: Float64Array) => sample.reduce((a, b) => a + b, 0) / sample.length

describe('bootstrapInterval', () => {
  it("comes to the book's statistic and acceleration", () => {
    const { value, acceleration, confidence } = bootstrapInterval(spatial, variance, createStream(43, 0, 0), 0.9)
    // The book has 171.5 and 0.061; NumPy 171.53402366863904 and 0.06124011981230745.
    expect(value).toBeCloseTo(171.53402366863904, 10)
    expect(acceleration).toBeCloseTo(0.06124011981230745, 12)
    expect(confidence).toBe(0.9)
  })

  it('has the ends that scipy.stats.bootstrap gives, but for the chance of resampling', () => {
    // scipy 1.17, method BCa, 400,000 resamples, two seeds: 115.50 and 115.76, 261.12 and 261.56 (the book, 2,000 resamples: 115.8 and 259.6).
    const found = Array.from({ length: 30 }, (_, i) => bootstrapInterval(spatial, variance, createStream(43, 1, i), 0.9))
    const low = meanInterval(
      found.map((interval) => interval.low),
      0.999,
    )
    const high = meanInterval(
      found.map((interval) => interval.high),
      0.999,
    )
    // What scipy's two seeds differ by belongs to the tolerance.
    expect(Math.abs(low.value - 115.63)).toBeLessThan(low.halfWidth + 0.13)
    expect(Math.abs(high.value - 261.34)).toBeLessThan(high.halfWidth + 0.22)
    // Fine enough to tell them from the percentile interval's, 100.8 and 233.9 in the book.
    expect(low.halfWidth).toBeLessThan(5)
    expect(high.halfWidth).toBeLessThan(5)
  })

  it('finds the median bias of all 3125 resamples of five values', () => {
    const values = Float64Array.of(1, 2, 4, 8, 32)
    const sum = (sample: Float64Array) => sample.reduce((a, b) => a + b)
    let below = 0
    for (let code = 0; code < 5 ** 5; code++) {
      const resample = Float64Array.from({ length: 5 }, (_, i) => values[Math.floor(code / 5 ** i) % 5]!)
      below += sum(resample) < 47 ? 1 : sum(resample) === 47 ? 0.5 : 0
    }
    const share = below / 5 ** 5
    const resamples = 20_000
    const { bias } = bootstrapInterval(values, sum, createStream(43, 2, 0), 0.95, resamples)
    // The bias is the normal quantile of the share of resamples below: binomial error, 99.9 %.
    const error = 3.29 * Math.sqrt((share * (1 - share)) / resamples)
    // The normal distribution function by its series (Abramowitz and Stegun, 26.2.10).
    let phi = 0.5
    for (let k = 0, power = bias; k < 20; k++, power *= -(bias * bias) / (2 * k)) phi += power / (2 * k + 1) / Math.sqrt(2 * Math.PI)
    expect(Math.abs(phi - share)).toBeLessThan(error)
  })

  it('is close to a point where the statistic never changes, and has the same bytes for the same stream', () => {
    expect(bootstrapInterval([3, 3, 3, 3], mean, createStream(43, 3, 0))).toMatchObject({
      value: 3,
      low: 3,
      high: 3,
      bias: 0,
      acceleration: 0,
    })
    expect(bootstrapInterval(spatial, mean, createStream(43, 4, 0))).toEqual(bootstrapInterval(spatial, mean, createStream(43, 4, 0)))
  })

  it('refuses too few values and resamples', () => {
    expect(() => bootstrapInterval([1, 2], mean, createStream(43, 5, 0))).toThrow('bootstrap interval: needs at least 3 values, got 2')
    expect(() => bootstrapInterval([1, 2, 3], mean, createStream(43, 5, 0), 0.95, 10)).toThrow('needs at least 100 resamples, got 10')
    expect(() => bootstrapInterval([1, 2, 3], mean, createStream(43, 5, 0), 95)).toThrow('confidence: expected a number between 0 and 1')
  })
})
