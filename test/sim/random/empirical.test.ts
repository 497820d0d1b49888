import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { empirical, prepareEmpirical } from '../../../sim/random/empirical.js'
import { createStream } from '../../../sim/random/stream.js'

/** How many draws of a prepared distribution were each value. */
function countDraws(values: readonly number[], weights: readonly number[] | undefined, count: number, component: number) {
  const prepared = prepareEmpirical(values, weights)
  const stream = createStream(9, 0, component)
  const seen = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    const value = empirical(stream, prepared)
    seen.set(value, (seen.get(value) ?? 0) + 1)
  }
  return seen
}

describe('empirical draws', () => {
  it.each([
    { name: 'Zipf weights', weight: (i: number) => 1 / (i + 1) },
    { name: 'equal weights', weight: () => 7 },
    { name: 'one weight a thousand times the others', weight: (i: number) => (i === 17 ? 1000 : 1) },
  ])('follow $name (chi-square)', ({ weight, name }) => {
    const n = 500_000
    const values = Array.from({ length: 50 }, (_, i) => 10 * i)
    const weights = values.map((_, i) => weight(i))
    const sum = weights.reduce((a, b) => a + b)
    const seen = countDraws(values, weights, n, name.length)
    const chiSquare = values.reduce((total, value, i) => {
      const expected = (n * weights[i]!) / sum
      return total + ((seen.get(value) ?? 0) - expected) ** 2 / expected
    }, 0)
    // 99.9 % point of chi-square with 49 degrees of freedom: 85.351 (NIST/SEMATECH e-Handbook, section 1.3.6.7.4).
    expect(chiSquare).toBeLessThan(85.351)
  })

  it('never are a value of weight 0, and draw observations again where no weights are given', () => {
    expect(countDraws([1, 2, 3], [1, 0, 1], 10_000, 1).has(2)).toBe(false)
    const seen = countDraws([5, 5, 6], undefined, 30_000, 2)
    // Binomial, 99.9 %.
    expect(Math.abs(seen.get(5)! - 20_000)).toBeLessThan(3.29 * Math.sqrt(30_000 * (2 / 3) * (1 / 3)))
  })

  it('have a table whose cells add up to the shares, whatever the weights', () => {
    const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e9, noNaN: true })), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(weights, (given) => {
        fc.pre(given.some((weight) => weight > 0))
        const { keep, alias } = prepareEmpirical(given, given)
        const found = new Float64Array(given.length)
        keep.forEach((share, cell) => {
          found[cell]! += share / given.length
          found[alias[cell]!]! += (1 - share) / given.length
        })
        const sum = given.reduce((a, b) => a + b)
        // A cell is made by at most as many subtractions as there are cells, each rounded below 2^-53 of at most the count.
        given.forEach((weight, i) => {
          expect(Math.abs(found[i]! - weight / sum)).toBeLessThan(2 * given.length * 2 ** -52)
        })
      }),
      { seed: 19 },
    )
  })

  it('refuse what is no distribution, and say what it was', () => {
    expect(() => prepareEmpirical([])).toThrow('empirical: the weights must have a positive, finite sum, got 0')
    expect(() => prepareEmpirical([1, Number.NaN])).toThrow('empirical: value 1 must be finite, got NaN')
    expect(() => prepareEmpirical([1, 2], [1])).toThrow('empirical: 2 values need as many weights, got 1')
    expect(() => prepareEmpirical([1, 2], [1, -1])).toThrow('empirical: weight 1 must be a finite number from 0, got -1')
  })
})
