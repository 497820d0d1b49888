import { describe, expect, it } from 'vitest'
import { normal } from '../../../sim/random/normal.js'
import { createStream } from '../../../sim/random/stream.js'
import { autocorrelation } from '../../../sim/statistics/autocorrelation.js'
import { batchMeans } from '../../../sim/statistics/batch-means.js'
import { meanInterval } from '../../../sim/statistics/confidence-interval.js'
import { effectiveSampleSize } from '../../../sim/statistics/effective-sample-size.js'
import { mser5 } from '../../../sim/statistics/warm-up.js'

/** Luteinizing hormone at ten-minute intervals (Diggle, "Time Series", 1990; R's data set `lh`). */
const lh = [
  2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2, 2.7, 2.2, 2.2, 1.9, 1.9, 1.8, 2.7, 3.0, 2.3, 2.0, 2.0,
  2.9, 2.9, 2.7, 2.7, 2.3, 2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1, 2.6, 2.1, 3.4, 3.0, 2.9,
]

/** An autoregressive sequence of mean 0 with lag-1 correlation phi, from its stationary distribution. */
function autoregressive(phi: number, count: number, replication: number): Float64Array {
  const stream = createStream(31, replication, 0)
  const values = new Float64Array(count)
  let last = normal(stream) / Math.sqrt(1 - phi * phi)
  for (let i = 0; i < count; i++) {
    values[i] = last
    last = phi * last + normal(stream)
  }
  return values
}

describe('autocorrelation', () => {
  it("is R's acf", () => {
    expect([0, 1, 2, 3, 4].map((lag) => autocorrelation(lh, lag).toFixed(3))).toEqual(['1.000', '0.576', '0.182', '-0.145', '-0.175'])
  })

  it('is 0 for a constant, and refuses a lag outside the sequence', () => {
    expect(autocorrelation([3, 3, 3], 1)).toBe(0)
    expect(() => autocorrelation([1, 2, 3], 3)).toThrow('lag must be a whole number from 0 to 2, got 3')
  })
})

describe('effectiveSampleSize', () => {
  it.each([0, 0.5, 0.9])('of an autoregressive sequence (%f) is n (1 - phi) / (1 + phi)', (phi) => {
    const n = 40_000
    const truth = (n * (1 - phi)) / (1 + phi)
    const found = Array.from({ length: 20 }, (_, replication) => effectiveSampleSize(autoregressive(phi, n, replication)))
    const { value, halfWidth } = meanInterval(found, 0.999)
    expect(Math.abs(value - truth)).toBeLessThan(halfWidth)
  })

  it('is more than the count for a sequence that alternates, but bounded', () => {
    const n = 1000
    const found = effectiveSampleSize(Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1)))
    expect(found).toBeCloseTo(n * Math.log10(n), 6)
  })
})

describe('batchMeans', () => {
  it('is the interval of the means of the batches, with their lag-1 autocorrelation', () => {
    // NumPy: the means of six batches of eight.
    expect(batchMeans(lh, 6)).toEqual({
      value: expect.closeTo(2.4, 12),
      halfWidth: expect.closeTo(0.34116747531656516, 9),
      confidence: 0.95,
      batches: 6,
      batchSize: 8,
      lagOne: expect.closeTo(-0.3548196333530451, 9),
      independent: true,
    })
  })

  it('covers the mean of a correlated sequence 95 times in 100 when batches are long, and notices when they are short', () => {
    const experiments = 1000
    let covered = 0
    let noticedLong = 0
    let noticedShort = 0
    for (let experiment = 0; experiment < experiments; experiment++) {
      const values = autoregressive(0.8, 6400, experiment)
      const long = batchMeans(values, 32)
      if (Math.abs(long.value) <= long.halfWidth) covered++
      if (!long.independent) noticedLong++
      if (!batchMeans(values, 3200).independent) noticedShort++
    }
    // Binomial counts, 99.9 %: 95 % covered; 5 % of independent batches fail the check (here a few more: they aren't quite independent).
    expect(Math.abs(covered - 0.95 * experiments)).toBeLessThan(3.29 * Math.sqrt(experiments * 0.95 * 0.05))
    expect(noticedLong).toBeLessThan(0.1 * experiments)
    expect(noticedShort).toBe(experiments)
  })

  it('leaves out the rest that fills no batch, and refuses too few values', () => {
    expect(batchMeans([1, 2, 3, 4, 5, 6, 100], 3)).toMatchObject({ value: 3.5, batchSize: 2 })
    expect(() => batchMeans([1, 2, 3], 3)).toThrow('batch means: needs at least 6 values, got 3')
    expect(() => batchMeans(lh, 2)).toThrow('needs at least 3 batches, got 2')
  })
})

describe('mser5', () => {
  /** The definition, written out: the sum of squares over the square of the count, for each cut up to half. */
  function byDefinition(values: readonly number[]): number {
    const means = Array.from(
      { length: Math.floor(values.length / 5) },
      (_, i) => values.slice(5 * i, 5 * i + 5).reduce((s, x) => s + x, 0) / 5,
    )
    const errors = means.slice(0, Math.floor(means.length / 2) + 1).map((_, cut) => {
      const rest = means.slice(cut)
      const average = rest.reduce((s, x) => s + x, 0) / rest.length
      return rest.reduce((s, x) => s + (x - average) ** 2, 0) / rest.length ** 2
    })
    return 5 * errors.indexOf(Math.min(...errors))
  }

  it('cuts where the definition does', () => {
    for (let replication = 0; replication < 50; replication++) {
      const values = Array.from(autoregressive(0.7, 203, replication), (x, i) => x + 10 * Math.exp(-i / 20))
      expect(mser5(values).values).toBe(byDefinition(values))
    }
  })

  it('finds where a start ends, leaves a steady run whole, and says when the run is too short', () => {
    const settled = Array.from({ length: 500 }, (_, i) => (i < 100 ? 20 : 0) + (i % 3))
    expect(mser5(settled)).toEqual({ values: 100, settled: true })
    expect(mser5(new Float64Array(50))).toEqual({ values: 0, settled: true })
    expect(mser5(Array.from({ length: 100 }, (_, i) => 100 - i)).settled).toBe(false)
    expect(() => mser5([1, 2])).toThrow('MSER-5: needs at least 10 values, got 2')
  })
})
