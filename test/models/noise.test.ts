import { describe, expect, it } from 'vitest'
import { burstNoise } from '../../models/engine/noise.js'
import { normalQuantile } from '../../models/engine/normal-quantile.js'

describe('the table of burst noise', () => {
  it('has median 1: the quantiles on both sides of it are each other’s inverse', () => {
    for (const sigma of [0.01, 0.055, 0.5]) {
      const table = burstNoise(sigma)
      const n = table.length
      for (let i = 0; i < n / 2; i++) expect(table[i]! * table[n - 1 - i]!).toBeCloseTo(1, 12)
      expect(table[n / 2 - 1]!).toBeLessThan(1)
      expect(table[n / 2]!).toBeGreaterThan(1)
    }
  })

  it('rises, and has its spread where a lognormal has it', () => {
    const table = burstNoise(0.1)
    for (let i = 1; i < table.length; i++) expect(table[i]!).toBeGreaterThan(table[i - 1]!)
    // Phi(1) = 0.8413447460685429: the two entries around that quantile enclose exp(sigma).
    const place = 0.8413447460685429 * table.length - 0.5
    expect(table[Math.floor(place)]!).toBeLessThan(Math.exp(0.1))
    expect(table[Math.ceil(place)]!).toBeGreaterThan(Math.exp(0.1))
  })

  it('is 1 throughout without a spread', () => {
    expect(burstNoise(0).every((factor) => factor === 1)).toBe(true)
  })
})

describe('the normal quantile', () => {
  // R 4: qnorm(p).
  it.each([
    [0.5, 0],
    [0.8413447460685429, 1],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.001, -3.090232306167814],
    [1e-6, -4.753424308822899],
  ])('at %d is R’s, to its stated error', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(1.15e-9 * Math.max(1, Math.abs(z)))
  })
})
