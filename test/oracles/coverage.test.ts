import { describe, expect, it } from 'vitest'
import { coverageOf } from '../../sim/oracles/coverage.js'
import { coverageCases } from '../../sim/oracles/index.js'

/** A sample of what `fairway selftest --coverage` does a thousand times: the same seeds, every kind of interval. */
const RUNS = 100
const sample = coverageCases.filter(({ estimate }) => estimate.startsWith('M/M/1:'))

describe('95 % intervals cover the truth about 95 times in 100', () => {
  it.each(sample.map((one) => ({ name: `${one.estimate}, ${one.interval}`, one })))('$name', ({ one }) => {
    const { covered, value, low, high, runs } = coverageOf(one, RUNS, 1)
    expect([runs, value]).toEqual([RUNS, covered / RUNS])
    // Binomial, 99.9 %: 95 of 100, and 3.29 deviations are 7.2.
    expect(Math.abs(covered - 0.95 * RUNS)).toBeLessThan(3.29 * Math.sqrt(RUNS * 0.95 * 0.05))
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  })
})

describe('coverageOf', () => {
  it('counts each seed once, and fails what covers too seldom or too often', () => {
    const seeds: number[] = []
    const every = (n: number) => ({ estimate: 'x', interval: 'y', covers: (seed: number) => seeds.push(seed) > 0 && seed % n !== 0 })
    expect(coverageOf(every(20), 1000, 1)).toMatchObject({ covered: 950, runs: 1000, value: 0.95, holds: true })
    expect(seeds).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
    expect(coverageOf(every(10), 1000, 1).holds).toBe(false)
    expect(coverageOf(every(50), 1000, 1).holds).toBe(false)
  })
})
