import { describe, expect, it } from 'vitest'
import { createStream } from '../../../sim/random/stream.js'
import { effectSize } from '../../../sim/statistics/effect-size.js'
import { holm } from '../../../sim/statistics/holm.js'
import { permutationTest } from '../../../sim/statistics/permutation-test.js'

describe('permutationTest', () => {
  const a = [1.1, 2.3, 2.9, 3.4, 4.0]
  const b = [2.8, 3.9, 4.4, 5.1, 5.7]

  it('comes to the share of all 252 labellings that are as extreme', () => {
    // scipy.stats.permutation_test (1.17), all labellings: 16 of 252. Binomial error of 20,000 draws, 99.9 %.
    const exact = 0.06349206349206349
    const found = permutationTest(a, b, createStream(41, 0, 0), 20_000)
    expect(Math.abs(found - exact)).toBeLessThan(3.29 * Math.sqrt((exact * (1 - exact)) / 20_000))
  })

  it('is never 0, is 1 for equal samples, and has the same bytes for the same stream', () => {
    expect(
      permutationTest([1, 2, 3, 4, 5, 6, 7, 8], [101, 102, 103, 104, 105, 106, 107, 108], createStream(41, 1, 0), 100),
    ).toBeGreaterThan(0)
    expect(permutationTest(a, a, createStream(41, 1, 0), 100)).toBe(1)
    expect(permutationTest(a, b, createStream(41, 2, 0), 500)).toBe(permutationTest(a, b, createStream(41, 2, 0), 500))
  })
})

describe('holm', () => {
  it("is R's p.adjust(method = 'holm'), in the order given", () => {
    const adjusted = holm([0.04, 0.01, 0.05, 0.02, 0.03])
    ;[0.09, 0.05, 0.09, 0.08, 0.09].forEach((expected, i) => {
      expect(adjusted[i]).toBeCloseTo(expected, 12)
    })
    expect(holm([0.9, 0.8])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})

describe('effectSize', () => {
  /** Fifty values of exactly this mean and standard deviation. */
  function sampleOf(mean: number, deviation: number): number[] {
    const step = deviation * Math.sqrt(49 / 50)
    return Array.from({ length: 50 }, (_, i) => mean + (i % 2 === 0 ? step : -step))
  }

  it('is Hedges g of the textbook', () => {
    // Borenstein, Hedges, Higgins and Rothstein, "Introduction to Meta-Analysis", 2009, pages 26 to 28: 0.5924.
    expect(effectSize(sampleOf(103, 5.5), sampleOf(100, 4.5)).toFixed(4)).toBe('0.5924')
  })

  it('is 0 for equal means, and infinite where nothing scatters', () => {
    expect(effectSize([1, 3], [2, 2])).toBe(0)
    expect(effectSize([2, 2], [1, 1])).toBe(Number.POSITIVE_INFINITY)
  })
})
