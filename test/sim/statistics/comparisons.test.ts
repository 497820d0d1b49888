import { describe, expect, it } from 'vitest'
import { createStream } from '../../../sim/random/stream.js'
import { effectSize, pairedEffectSize } from '../../../sim/statistics/effect-size.js'
import { holm } from '../../../sim/statistics/holm.js'
import { pairedPermutationTest, permutationTest } from '../../../sim/statistics/permutation-test.js'
import { probabilityOfSuperiority } from '../../../sim/statistics/superiority.js'

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

const before = [12.1, 11.7, 13.4, 12.8, 15.9, 11.9, 12.2, 12.0, 14.1, 12.6]
const after = [12.9, 12.4, 13.9, 13.1, 16.2, 12.8, 12.7, 12.9, 14.4, 13.5]
const mixed = [12.0, 12.4, 13.1, 13.1, 15.2, 12.1, 12.0, 12.3, 14.4, 12.5]

describe('pairedPermutationTest', () => {
  const stream = () => createStream(42, 0, 0)

  it('is exact where all signs can be tried', () => {
    // scipy.stats.permutation_test 1.17, permutation_type='samples', all 1024 ways.
    expect(pairedPermutationTest(before, after, stream())).toBe(0.001953125)
    expect(pairedPermutationTest(before, mixed, stream())).toBe(0.810546875)
  })

  it('comes to the exact value by chance where they are too many', () => {
    const draws = 1000
    const found = pairedPermutationTest(before, mixed, stream(), draws)
    // Binomial, 99.9 %, and the observed one that is counted.
    expect(Math.abs(found - 0.810546875)).toBeLessThan(3.29 * Math.sqrt((0.8105 * 0.1895) / draws) + 1 / draws)
    expect(pairedPermutationTest(before, after, stream(), 100)).toBeGreaterThan(0)
  })

  it('sees in pairs what unpaired samples hide', () => {
    expect(permutationTest(before, after, stream())).toBeGreaterThan(0.05)
    expect(pairedPermutationTest(before, after, stream())).toBeLessThan(0.05)
  })

  it('rejects as often as it says when nothing differs', () => {
    const experiments = 2000
    let rejected = 0
    for (let experiment = 0; experiment < experiments; experiment++) {
      const chance = createStream(42, experiment, 1)
      const pairs = Array.from({ length: 8 }, () => ({ a: chance.uniform() ** 3, b: chance.uniform() ** 3 }))
      const p = pairedPermutationTest(
        pairs.map(({ a }) => a),
        pairs.map(({ b }) => b),
        stream(),
      )
      if (p <= 0.0625) rejected++
    }
    // 16 of the 256 ways; binomial, 99.9 %.
    expect(Math.abs(rejected - 0.0625 * experiments)).toBeLessThan(3.29 * Math.sqrt(experiments * 0.0625 * 0.9375))
  })

  it('is 1 for equal samples, and refuses what is not paired', () => {
    expect(pairedPermutationTest(before, before, stream())).toBe(1)
    expect(() => pairedPermutationTest([1, 2], [1], stream())).toThrow("2 values can't be paired with 1")
  })
})

describe('pairedEffectSize', () => {
  it('is the mean of the differences in their deviations, corrected', () => {
    // NumPy: mean(d) / std(d, ddof=1) * (1 - 3 / 35).
    expect(pairedEffectSize(before, after)).toBeCloseTo(-2.14399800734847, 10)
    expect(pairedEffectSize(before, before)).toBe(0)
    expect(() => pairedEffectSize([1, 2], [1, 2, 3])).toThrow("2 values can't be paired with 3")
  })
})

describe('probabilityOfSuperiority', () => {
  it('is the share of all pairs won, ties half', () => {
    // scipy.stats.mannwhitneyu(a, b).statistic / (10 * 10), 1.17.
    expect(probabilityOfSuperiority(before, after)).toBeCloseTo(0.265, 12)
    expect(probabilityOfSuperiority(before, mixed)).toBeCloseTo(0.445, 12)
    expect(probabilityOfSuperiority(before, before)).toBe(0.5)
  })

  it('counts every pair once, whatever the samples', () => {
    const stream = createStream(42, 0, 2)
    for (let experiment = 0; experiment < 50; experiment++) {
      const draw = () => Array.from({ length: 1 + (stream.uint32() % 30) }, () => stream.uint32() % 10)
      const [x, y] = [draw(), draw()]
      const wins = x.flatMap((one) => y.map((other) => (one > other ? 1 : one === other ? 0.5 : 0))).reduce<number>((p, q) => p + q, 0)
      expect(probabilityOfSuperiority(x, y)).toBe(wins / (x.length * y.length))
    }
  })
})
