import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakBetween, logDomain, logTicks, valueScale } from '../../reports/figures/scales.js'
import { shownAfterHolm } from '../../reports/shown.js'
import { createStream } from '../../sim/random/stream.js'
import { dkwHalfWidth } from '../../sim/statistics/dkw-band.js'

describe('a logarithmic scale', () => {
  it('holds every positive value between its ends, whatever reaches to zero or below', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 0, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const { low, high, ticks } = logDomain(values)
        expect(low).toBeGreaterThan(0)
        expect(high).toBeGreaterThan(low)
        for (const tick of ticks) expect(tick >= low && tick <= high).toBe(true)
        const positive = values.filter((one) => one > 0)
        if (positive.length > 0) {
          expect(high).toBeGreaterThanOrEqual(Math.max(...positive))
          expect(low).toBeLessThanOrEqual(Math.min(...positive))
        }
      }),
    )
  })

  it('has at least two ticks within its ends, however narrow it is, and no more than a reader can tell apart', () => {
    const narrow = fc.tuple(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.double({ min: 1.001, max: 1.999, noNaN: true }))
    fc.assert(
      fc.property(narrow, ([low, times]) => {
        const ticks = logTicks(low, low * times)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(8)
        for (const tick of ticks) expect(tick >= low * (1 - 1e-9) && tick <= low * times * (1 + 1e-9)).toBe(true)
      }),
    )
    expect(logTicks(3.3, 5.1)).toEqual([3.5, 4, 4.5, 5])
  })

  it('breaks where values fall apart by more than a figure can show, and nowhere else', () => {
    expect(breakBetween([44_000, 7, 20, 22_000, 12])).toBeCloseTo(Math.sqrt(20 * 22_000), 6)
    expect(breakBetween([7, 70, 700, 7000])).toBeNull()
    expect(breakBetween([7])).toBeNull()
    expect(breakBetween([])).toBeNull()
  })

  it('is chosen by the values alone, and ends no more than a decade below the least of them', () => {
    const scale = valueScale([5, 100, -40, 1e-9], [5, 100])
    expect(scale.isLog).toBe(true)
    expect(scale.least).toBeGreaterThan(0.4)
    expect(valueScale([5, 6, -40], [5, 6]).isLog).toBe(false)
  })
})

describe('differences', () => {
  it('are marked by their intervals where there is one, and by narrower ones where there are many', () => {
    const one = { value: 1.1, halfWidth: 1 }
    expect(shownAfterHolm([one])).toEqual([true])
    // z = 1.1 * 1.96 = 2.156, p = 0.031: below 0.05, and above 0.05 / 2.
    expect(shownAfterHolm([one, { ...one }])).toEqual([false, false])
    expect(shownAfterHolm([one, { value: 9, halfWidth: 1 }])).toEqual([true, true])
    expect(
      shownAfterHolm([
        { value: 5, halfWidth: null },
        { value: 0, halfWidth: 0 },
      ]),
    ).toEqual([false, false])
  })
})

describe('the band of a distribution function', () => {
  it('has the width of the inequality: 1.358 / sqrt(n) at 95 %, as the Kolmogorov-Smirnov tables have it', () => {
    for (const n of [100, 10_000]) expect(dkwHalfWidth(n)).toBeCloseTo(1.358 / Math.sqrt(n), 3)
  })

  it('encloses the whole curve at least 95 times in 100', () => {
    const n = 50
    let enclosed = 0
    const samples = 400
    const stream = createStream(11, 0, 0)
    for (let sample = 0; sample < samples; sample++) {
      const values = Array.from({ length: n }, () => stream.uniform()).sort((a, b) => a - b)
      const band = dkwHalfWidth(n)
      const apart = Math.max(...values.map((value, i) => Math.max(Math.abs((i + 1) / n - value), Math.abs(i / n - value))))
      if (apart <= band) enclosed++
    }
    // Of 400 samples at 95 %, 380 are expected; 365 is three standard deviations below.
    expect(enclosed).toBeGreaterThan(365)
  })
})
