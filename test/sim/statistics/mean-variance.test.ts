import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MeanVariance, mean, meanVariance } from '../../../sim/statistics/mean-variance.js'

describe('meanVariance', () => {
  it('keeps every digit where a sum of squares loses them all', () => {
    // Deviations -6, -3, 3, 6 from 1e9 + 10: variance 90 / 3.
    const moments = meanVariance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    expect([moments.mean, moments.variance]).toEqual([1e9 + 10, 30])
  })

  it('knows no variance of a single value, and no mean of none', () => {
    expect([mean([5]), meanVariance([5]).variance]).toEqual([5, Number.NaN])
    expect(() => mean([])).toThrow('needs at least 1 values')
  })

  it('merges to what the whole sequence gives', () => {
    const values = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(values, values, (a, b) => {
        const merged = meanVariance(a)
        merged.merge(meanVariance(b))
        const whole = meanVariance([...a, ...b])
        // 100 additions of values up to 1000: rounding stays below 1e-10.
        expect(Math.abs(merged.mean - whole.mean)).toBeLessThan(1e-10)
        expect(Math.abs(merged.variance - whole.variance)).toBeLessThan(1e-10 * Math.max(1, whole.variance))
      }),
      { seed: 9 },
    )
    const alone = meanVariance([1, 2])
    alone.merge(new MeanVariance())
    expect([alone.count, alone.mean]).toEqual([2, 1.5])
  })
})
