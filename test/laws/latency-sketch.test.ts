import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'

const latency = fc.oneof(fc.nat(5000), fc.maxSafeNat(), fc.nat(2 ** 31 - 1))
const latencies = fc.array(latency, { maxLength: 200 })

function sketchOf(values: readonly number[]): LatencySketch {
  const sketch = new LatencySketch()
  for (const value of values) sketch.record(value)
  return sketch
}

describe('the latency sketch', () => {
  it('merges to the sketch of the merged data, in either order', () => {
    fc.assert(
      fc.property(latencies, latencies, (a, b) => {
        const there = sketchOf(a)
        there.merge(sketchOf(b))
        const back = sketchOf(b)
        back.merge(sketchOf(a))
        expect(there.encode()).toBe(sketchOf([...a, ...b]).encode())
        expect(back.encode()).toBe(there.encode())
      }),
      { seed: 5 },
    )
  })

  it('comes back from its text with every count, minimum and maximum', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const sketch = sketchOf(values)
        const back = LatencySketch.decode(sketch.encode())
        expect(back.encode()).toBe(sketch.encode())
        expect([back.count, back.minNs, back.maxNs]).toEqual([sketch.count, sketch.minNs, sketch.maxNs])
      }),
      { seed: 6 },
    )
  })

  it('puts each quantile between the order statistic and a part in 1024 above it', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (values, p) => {
        const sorted = [...values].sort((a, b) => a - b)
        const exact = sorted[Math.max(1, Math.ceil(p * values.length * (1 - Number.EPSILON))) - 1]!
        const found = sketchOf(values).quantile(p)
        expect(found).toBeGreaterThanOrEqual(exact)
        expect(found - exact).toBeLessThanOrEqual(exact / 1024)
      }),
      { seed: 7 },
    )
  })
})
