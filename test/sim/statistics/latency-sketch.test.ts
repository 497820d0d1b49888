import { build } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { lognormal } from '../../../sim/random/lognormal.js'
import { createStream } from '../../../sim/random/stream.js'
import { LatencySketch } from '../../../sim/statistics/latency-sketch.js'

describe('LatencySketch', () => {
  it('gives the quantiles of hdr-histogram-js, to the nanosecond', () => {
    const theirs = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2 ** 52,
      numberOfSignificantValueDigits: 3,
      useWebAssembly: false,
    })
    const ours = new LatencySketch()
    const stream = createStream(12, 0, 0)
    for (let i = 0; i < 20_000; i++) {
      const latencyNs = Math.floor(lognormal(stream, 10, 4))
      ours.record(latencyNs)
      theirs.recordValue(latencyNs)
    }
    expect(ours.count).toBe(theirs.totalCount)
    for (const percentile of [0, 0.01, 1, 7, 25, 50, 75, 90, 99, 99.9, 99.99, 100]) {
      expect([percentile, ours.quantile(percentile / 100)]).toEqual([percentile, theirs.getValueAtPercentile(percentile)])
    }
    expect(theirs.maxValue - ours.maxNs).toBeLessThan(theirs.maxValue / 1024)
  })

  it('has the mean and the deviation of hdr-histogram-js, and merges and corrects as it does', () => {
    const options = {
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2 ** 40,
      numberOfSignificantValueDigits: 3 as const,
      useWebAssembly: false,
    }
    const theirs = [build(options), build(options)] as const
    const ours = [new LatencySketch(), new LatencySketch()] as const
    const stream = createStream(12, 1, 0)
    for (let i = 0; i < 5000; i++) {
      const latencyNs = Math.floor(lognormal(stream, 9, 1.5))
      ours[0].record(latencyNs)
      theirs[0].recordValue(latencyNs)
      ours[1].recordCorrected(3 * latencyNs, 20_000)
      theirs[1].recordValueWithExpectedInterval(3 * latencyNs, 20_000)
    }
    ours[0].merge(ours[1])
    theirs[0].add(theirs[1])
    expect(ours[0].count).toBe(theirs[0].totalCount)
    // Sums of 1e4 terms in another order.
    expect(ours[0].mean() / theirs[0].mean).toBeCloseTo(1, 10)
    expect(ours[0].standardDeviation() / theirs[0].stdDeviation).toBeCloseTo(1, 10)
    for (const percentile of [0, 10, 50, 90, 99, 99.9, 100]) {
      expect([percentile, ours[0].quantile(percentile / 100)]).toEqual([percentile, theirs[0].getValueAtPercentile(percentile)])
    }
    expect(() => ours[0].recordCorrected(5, 0)).toThrow('the interval must be positive, got 0 ns')
  })

  it('counts every value once in buckets that follow one another', () => {
    const sketch = new LatencySketch()
    for (const value of [0, 2047, 2048, 2049, 5000, 2 ** 53 - 1]) sketch.record(value)
    expect([...sketch.buckets()]).toEqual([
      { lowNs: 0, highNs: 1, count: 1 },
      { lowNs: 2047, highNs: 2048, count: 1 },
      { lowNs: 2048, highNs: 2050, count: 2 },
      { lowNs: 5000, highNs: 5004, count: 1 },
      { lowNs: 2 ** 53 - 2 ** 42, highNs: 2 ** 53, count: 1 },
    ])
  })

  it('drops fractions, and records a value many times at once', () => {
    const sketch = new LatencySketch()
    sketch.record(10.9, 3)
    expect([sketch.count, sketch.quantile(1), sketch.minNs, sketch.maxNs]).toEqual([3, 10, 10, 10])
  })

  it('has a text that fits in a cell', () => {
    const sketch = new LatencySketch()
    expect(sketch.encode()).toBe('hdr3:::')
    sketch.record(35)
    sketch.record(36, 37)
    expect(sketch.encode()).toBe('hdr3:z:10:z,1.11')
  })

  it('refuses what no latency is, and quotes a text that it did not write', () => {
    for (const wrong of [-1, Number.NaN, 2 ** 53]) expect(() => new LatencySketch().record(wrong)).toThrow(`can't record ${wrong} ns`)
    expect(() => new LatencySketch().quantile(0.5)).toThrow('needs at least 1 values, got 0')
    for (const wrong of ['', 'hdr3:1:2', 'hdr2:1:1:1', 'hdr3:1:1:1.-', 'hdr3:1:1:zzzzzzz', 'hdr3:1:1:1:1']) {
      expect(() => LatencySketch.decode(wrong)).toThrow("latency sketch: can't decode")
    }
  })
})
