import { describe, expect, it } from 'vitest'
import { quantile, quantileSorted, quantiles } from '../../../sim/statistics/quantile.js'

describe('quantile', () => {
  // numpy.quantile 2.4 and R's type 7.
  const values = [12.1, 11.7, 13.4, 12.8, 15.9, 11.9, 12.2, 12.0, 14.1, 12.6]
  const ps = [0, 0.1, 0.25, 0.5, 0.9, 0.99, 1]
  const expected = [11.7, 11.88, 12.025, 12.4, 14.28, 15.738, 15.9]

  it('is type 7, as R and NumPy have it', () => {
    quantiles(values, ps).forEach((found, i) => {
      expect(found).toBeCloseTo(expected[i]!, 12)
    })
    expect(quantile(values, 0.25)).toBeCloseTo(12.025, 12)
  })

  it('takes typed arrays and leaves them unsorted', () => {
    const typed = Float64Array.from(values)
    expect(quantile(typed, 0.9)).toBeCloseTo(14.28, 12)
    expect(Array.from(typed)).toEqual(values)
    expect(quantileSorted(typed.sort(), 0)).toBe(11.7)
  })

  it('refuses an empty sample, a value that is not finite, and a p that is no probability', () => {
    expect(() => quantile([], 0.5)).toThrow('quantile: needs at least 1 values, got 0')
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow('quantile: value 1 is NaN, expected a finite number')
    expect(() => quantile([1], 50)).toThrow('quantile: expected a number between 0 and 1, got 50')
  })
})
