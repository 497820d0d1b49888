import { describe, expect, it } from 'vitest'
import { normal } from '../../../sim/random/normal.js'
import { createStream } from '../../../sim/random/stream.js'
import { meanHalfWidth, meanInterval } from '../../../sim/statistics/confidence-interval.js'
import { pairedDifference } from '../../../sim/statistics/paired-difference.js'
import { quantileInterval } from '../../../sim/statistics/quantile-interval.js'
import { sequentialStop } from '../../../sim/statistics/stopping-rule.js'
import { studentT } from '../../../sim/statistics/student-t.js'

const a = [12.1, 11.7, 13.4, 12.8, 15.9, 11.9, 12.2, 12.0, 14.1, 12.6]
const b = [12.9, 12.4, 13.9, 13.1, 16.2, 12.8, 12.7, 12.9, 14.4, 13.5]

/** How often of 2,000 seeded experiments `covers` holds; a 95 % interval does between 1,865 and 1,932 times (binomial, 99.9 %, 3.29 deviations). */
function coverage(covers: (values: () => number) => boolean): number {
  let covered = 0
  for (let experiment = 0; experiment < 2000; experiment++) {
    const stream = createStream(21, experiment, 0)
    if (covers(() => normal(stream))) covered++
  }
  return covered
}
const LEAST = 2000 * 0.95 - 3.29 * Math.sqrt(2000 * 0.95 * 0.05)
const MOST = 2000 * 0.95 + 3.29 * Math.sqrt(2000 * 0.95 * 0.05)

describe('studentT', () => {
  it('gives the quantiles of the table', () => {
    // scipy.stats.t.ppf 1.17.
    expect(studentT(0.95, 1)).toBeCloseTo(12.706204736174694, 9)
    expect(studentT(0.95, 9)).toBeCloseTo(2.262157162798205, 9)
    expect(studentT(0.95, 30)).toBeCloseTo(2.0422724563012378, 9)
    expect(studentT(0.999, 9)).toBeCloseTo(4.780912585931217, 9)
    expect(() => studentT(95, 9)).toThrow('confidence: expected a number between 0 and 1, got 95')
  })
})

describe('meanInterval', () => {
  it('is what scipy.stats.t.interval gives', () => {
    const { value, halfWidth, confidence } = meanInterval(a)
    expect([value - halfWidth, value + halfWidth].map((x) => x.toFixed(9))).toEqual(['11.941535200', '13.798464800'])
    expect(confidence).toBe(0.95)
    expect(12.87 - meanHalfWidth(a, 0.999)).toBeCloseTo(10.907753910368793, 9)
  })

  it('covers the truth 95 times in 100', () => {
    const covered = coverage((draw) => {
      const { value, halfWidth } = meanInterval(Array.from({ length: 8 }, () => 5 + 2 * draw()))
      return Math.abs(value - 5) <= halfWidth
    })
    expect(covered).toBeGreaterThan(LEAST)
    expect(covered).toBeLessThan(MOST)
  })

  it('refuses a single replication', () => {
    expect(() => meanInterval([1])).toThrow('interval of a mean: needs at least 2 values, got 1')
  })
})

describe('quantileInterval', () => {
  it('takes the second and the eighth of nine values for the median', () => {
    // 1 - 2 (1 + 9) / 512 (Conover, table A3).
    expect(quantileInterval([9, 8, 7, 6, 5, 4, 3, 2, 1], 0.5)).toEqual({
      value: 5,
      low: 2,
      high: 8,
      coverage: expect.closeTo(0.9609375, 12),
    })
  })

  it('refuses where no order statistics suffice', () => {
    // Of five values, the widest interval covers the median with probability 1 - 2 / 32 = 0.9375; of six with 0.96875.
    expect(quantileInterval([1, 2, 3, 4, 5], 0.5)).toBeNull()
    expect(quantileInterval([1, 2, 3, 4, 5, 6], 0.5)).toMatchObject({ low: 1, high: 6, coverage: expect.closeTo(0.96875, 12) })
    expect(quantileInterval(new Float64Array(250), 0.99)).toBeNull()
  })

  it('covers the quantile at least as often as it says, for a large sample too', () => {
    const upperQuartile = 0.6744897501960817
    let stated = 0
    const covered = coverage((draw) => {
      const interval = quantileInterval(
        Array.from({ length: 60 }, () => Math.exp(draw())),
        0.75,
      )!
      stated = interval.coverage
      return interval.low <= Math.exp(upperQuartile) && Math.exp(upperQuartile) <= interval.high
    })
    expect(stated).toBeGreaterThanOrEqual(0.95)
    expect(Math.abs(covered - 2000 * stated)).toBeLessThan(3.29 * Math.sqrt(2000 * stated * (1 - stated)))
    expect(
      quantileInterval(
        Float64Array.from({ length: 1e6 }, (_, i) => i),
        0.5,
      )!.coverage,
    ).toBeCloseTo(0.95, 3)
  })
})

describe('pairedDifference', () => {
  it('is the paired t interval', () => {
    // scipy.stats.ttest_rel(a, b).confidence_interval(0.95), 1.17.
    const { value, halfWidth } = pairedDifference(a, b).difference
    expect(value).toBeCloseTo(-0.61, 12)
    expect(value - halfWidth).toBeCloseTo(-0.7960844853758141, 9)
  })

  it('gives the ratio of means with its linearized interval', () => {
    // NumPy: std(a - R b, ddof=1) / sqrt(10) / mean(b) * t.
    const { value, halfWidth } = pairedDifference(a, b).ratio
    expect(value).toBeCloseTo(0.9547477744807121, 12)
    expect(halfWidth).toBeCloseTo(0.015539417939702286, 9)
  })

  it('covers the ratio of correlated pairs 95 times in 100', () => {
    const covered = coverage((draw) => {
      const pairs = Array.from({ length: 10 }, () => {
        const common = draw()
        return { slow: 60 + 3 * common + draw(), fast: 50 + 3 * common + draw() }
      })
      const { value, halfWidth } = pairedDifference(
        pairs.map(({ slow }) => slow),
        pairs.map(({ fast }) => fast),
      ).ratio
      return Math.abs(value - 1.2) <= halfWidth
    })
    expect(covered).toBeGreaterThan(LEAST)
    expect(covered).toBeLessThan(MOST)
  })

  it('refuses what is not paired', () => {
    expect(() => pairedDifference([1, 2], [1, 2, 3])).toThrow("2 values can't be paired with 3")
  })
})

describe('sequentialStop', () => {
  it('goes on until the half-width is small enough, and says how many are wanted', () => {
    const spread = [9, 11, 9, 11, 9, 11, 9, 11, 9, 11]
    // Mean 10, deviation sqrt(10 / 9): half-width 2.262157 * 0.333333 = 0.754052.
    expect(sequentialStop(spread, 0.1)).toMatchObject({ stop: true, wanted: 10 })
    // 0.05 / 1.05 of 10 is 0.476190; (0.754052 / 0.476190)^2 * 10 = 25.07.
    expect(sequentialStop(spread, 0.05)).toMatchObject({ stop: false, wanted: 26, interval: { value: 10, confidence: 0.95 } })
  })

  it('asks for ten replications even where a few agree', () => {
    expect(sequentialStop([10, 10, 10], 0.05)).toMatchObject({ stop: false, wanted: 10 })
    expect(() => sequentialStop([1, 2], 2)).toThrow('relative half-width must be between 0 and 1, got 2')
  })
})
