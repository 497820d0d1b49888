import { describe, expect, it } from 'vitest'
import { exponential } from '../../../sim/random/exponential.js'
import { normal } from '../../../sim/random/normal.js'
import { createStream } from '../../../sim/random/stream.js'
import { meanInterval } from '../../../sim/statistics/confidence-interval.js'
import { controlledDifference, controlledMean } from '../../../sim/statistics/control-variates.js'

const values = [12.1, 11.7, 13.4, 12.8, 15.9, 11.9, 12.2, 12.0, 14.1, 12.6]
const first = { values: [0.9, 0.8, 1.3, 1.1, 2.0, 0.7, 1.0, 0.9, 1.5, 1.0], expectation: 1 }
const second = { values: [3.1, 2.7, 3.0, 3.4, 2.9, 3.3, 3.2, 2.8, 2.6, 3.1], expectation: 3 }

describe('controlledMean', () => {
  it('is the intercept of the least-squares line, with its standard error', () => {
    // NumPy: inverse of the normal equations with an intercept, times t (scipy.stats.t.ppf).
    const one = controlledMean(values, [first])
    expect(one.mean.value).toBeCloseTo(12.47300885, 8)
    expect(one.coefficients[0]).toBeCloseTo(3.30825959, 8)
    expect(one.mean.halfWidth).toBeCloseTo(0.15342845981661782, 9)
    expect(one.gain).toBeCloseTo(38.05341618600063, 8)
    const two = controlledMean(values, [first, second])
    expect(two.mean.value).toBeCloseTo(12.46388581, 8)
    expect(two.coefficients[1]).toBeCloseTo(0.25454398, 8)
    expect(two.mean.halfWidth).toBeCloseTo(0.16030219667904588, 9)
    expect(two.gain).toBeCloseTo(36.654784429621394, 8)
  })

  it("is Student's interval without controls", () => {
    expect(controlledMean(values, [])).toEqual({ mean: meanInterval(values), coefficients: [], gain: 1 })
  })

  it('covers the truth 95 times in 100', () => {
    const experiments = 2000
    let covered = 0
    for (let experiment = 0; experiment < experiments; experiment++) {
      const stream = createStream(45, experiment, 0)
      const control = Float64Array.from({ length: 12 }, () => normal(stream))
      const sample = control.map((x) => 7 + 2 * x + normal(stream))
      const { mean } = controlledMean(sample, [{ values: control, expectation: 0 }])
      if (Math.abs(mean.value - 7) <= mean.halfWidth) covered++
    }
    // Binomial, 99.9 %.
    expect(Math.abs(covered - 0.95 * experiments)).toBeLessThan(3.29 * Math.sqrt(experiments * 0.95 * 0.05))
  })

  it('refuses controls that say nothing or the same twice, and those of another count', () => {
    const constant = { values: new Float64Array(10).fill(2), expectation: 2 }
    const reason = 'one of them is constant, or a combination of the others'
    expect(() => controlledMean(values, [constant])).toThrow(reason)
    expect(() => controlledMean(values, [first, first])).toThrow(reason)
    expect(() => controlledMean(values, [{ values: [...first.values, 1], expectation: 1 }])).toThrow("11 values can't go with 10")
    expect(() => controlledMean([1, 2, 3], [first])).toThrow('controlled mean: needs at least 4 values, got 3')
  })
})

describe('controlledDifference', () => {
  /** Mean wait of the first customers of an M/M/1 queue, and the means of what was drawn, whose expectations are known. */
  function queue(replication: number, meanService: number): { wait: number; service: number; gap: number } {
    const arrivals = createStream(46, replication, 0)
    const services = createStream(46, replication, 1)
    const customers = 100
    let wait = 0
    let waits = 0
    let served = 0
    let gaps = 0
    for (let i = 0; i < customers; i++) {
      const service = exponential(services, meanService)
      const gap = exponential(arrivals, 1)
      wait = Math.max(0, wait + service - gap)
      gaps += gap
      waits += wait
      served += service
    }
    return { wait: waits / customers, service: served / customers, gap: gaps / customers }
  }

  it('narrows what common random numbers leave of a comparison, and agrees with it', () => {
    const runs = Array.from({ length: 200 }, (_, r) => ({ slow: queue(r, 0.6), fast: queue(r, 0.5) }))
    const slow = runs.map((run) => run.slow.wait)
    const fast = runs.map((run) => run.fast.wait)
    const services = { values: runs.map((run) => run.slow.service - run.fast.service), expectation: 0.1 }
    const gaps = { values: runs.map((run) => run.slow.gap), expectation: 1 }
    const controlled = controlledDifference(slow, fast, [services, gaps], 0.999)
    const plain = controlledDifference(slow, fast, [], 0.999)
    // With 197 and 199 degrees of freedom, equal variances have a ratio below 1.56 (F, 99.9 %).
    expect(controlled.gain).toBeGreaterThan(1.56)
    expect(Math.abs(controlled.mean.value - plain.mean.value)).toBeLessThan(plain.mean.halfWidth + controlled.mean.halfWidth)
    expect(() => controlledDifference([1, 2], [1], [])).toThrow("2 values can't be paired with 1")
  })
})
