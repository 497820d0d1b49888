import { describe, expect, it } from 'vitest'
import { createStream } from '../../../sim/random/stream.js'
import { dkwHalfWidth } from '../../../sim/statistics/dkw-band.js'

const COUNT = 100
const EXPERIMENTS = 2000

/** The largest distance between the distribution function of so many uniform draws and the truth. */
function largestDistance(experiment: number): number {
  const stream = createStream(47, experiment, 0)
  const sorted = Float64Array.from({ length: COUNT }, () => stream.uniform()).sort()
  return sorted.reduce((largest, x, i) => Math.max(largest, x - i / COUNT, (i + 1) / COUNT - x), 0)
}

describe('dkwHalfWidth', () => {
  it('encloses the whole distribution function as often as the exact distribution of the distance says', () => {
    const halfWidth = dkwHalfWidth(COUNT)
    // scipy.stats.kstwo.cdf(0.13581015157406195, 100), 1.17: a little more than the 0.95 that are promised for every count.
    const exact = 0.954665666546832
    const covered = Array.from({ length: EXPERIMENTS }, (_, experiment) => largestDistance(experiment)).filter((d) => d <= halfWidth).length
    // Binomial, 99.9 %.
    expect(Math.abs(covered - exact * EXPERIMENTS)).toBeLessThan(3.29 * Math.sqrt(EXPERIMENTS * exact * (1 - exact)))
  })

  it('narrows as the root of the count, and widens with the confidence', () => {
    expect(dkwHalfWidth(COUNT)).toBeCloseTo(0.13581015157406195, 12)
    expect(dkwHalfWidth(4 * COUNT)).toBeCloseTo(dkwHalfWidth(COUNT) / 2, 12)
    expect(dkwHalfWidth(COUNT, 0.999)).toBeGreaterThan(dkwHalfWidth(COUNT))
  })

  it('refuses no value, and a confidence that is none', () => {
    expect(() => dkwHalfWidth(0)).toThrow('band of a distribution function: needs at least 1 values, got 0')
    expect(() => dkwHalfWidth(10, 95)).toThrow('confidence: expected a number between 0 and 1, got 95')
  })
})
