import { describe, expect, it } from 'vitest'
import { shareInterval } from '../../../sim/statistics/share-interval.js'

describe('shareInterval', () => {
  it.each([
    // scipy.stats.binomtest(hits, trials).proportion_ci(method='exact'), 1.17.
    { hits: 95, trials: 100, low: 0.887165088894537, high: 0.9835681208182717 },
    { hits: 950, trials: 1000, low: 0.9346095120845064, high: 0.9626646023953394 },
    { hits: 1, trials: 3, low: 0.008403758659612647, high: 0.9057006759492866 },
    { hits: 0, trials: 20, low: 0, high: 0.16843347098308548 },
    { hits: 20, trials: 20, low: 0.8315665290169145, high: 1 },
  ])('of $hits of $trials is that of Clopper and Pearson', ({ hits, trials, low, high }) => {
    const found = shareInterval(hits, trials)
    expect(found.value).toBe(hits / trials)
    expect(found.low).toBeCloseTo(low, 9)
    expect(found.high).toBeCloseTo(high, 9)
  })

  it('ends where the tail of the binomial distribution, added up, is half of what may be missed', () => {
    const { low, high } = shareInterval(7, 30, 0.999)
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k)
    const chance = (k: number, p: number) => choose(30, k) * p ** k * (1 - p) ** (30 - k)
    const sum = (from: number, to: number, p: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => chance(from + i, p)).reduce((a, b) => a + b)
    expect(sum(7, 30, low)).toBeCloseTo(0.0005, 10)
    expect(sum(0, 7, high)).toBeCloseTo(0.0005, 10)
  })

  it('refuses counts that are none', () => {
    for (const [hits, trials] of [
      [1, 0],
      [3, 2],
      [-1, 2],
      [0.5, 2],
    ] as const)
      expect(() => shareInterval(hits, trials)).toThrow(`got ${hits} of ${trials}`)
    expect(() => shareInterval(1, 2, 1)).toThrow('confidence: expected a number between 0 and 1, got 1')
  })
})
