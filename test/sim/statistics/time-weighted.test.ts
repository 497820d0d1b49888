import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimeWeighted } from '../../../sim/statistics/time-weighted.js'

describe('TimeWeighted', () => {
  it('is the sum over every nanosecond of the value then, by counting them', () => {
    const step = fc.record({ afterNs: fc.nat(20), value: fc.integer({ min: -5, max: 9 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(20), fc.nat(50), (steps, tailNs, startNs) => {
        const found = new TimeWeighted(startNs, 2)
        const byNanosecond: number[] = []
        let nowNs = startNs
        let value = 2
        for (const { afterNs, value: next } of steps) {
          for (let i = 0; i < afterNs; i++) byNanosecond.push(value)
          nowNs += afterNs
          value = next
          found.set(nowNs, value)
        }
        for (let i = 0; i < tailNs; i++) byNanosecond.push(value)
        const area = byNanosecond.reduce((a, b) => a + b, 0)
        expect(found.areaNs(nowNs + tailNs)).toBe(area)
        expect(found.mean(nowNs + tailNs)).toBe(area / byNanosecond.length)
        const values = [2, ...steps.map((one) => one.value)]
        expect([found.value, found.min, found.max]).toEqual([value, Math.min(...values), Math.max(...values)])
      }),
      { seed: 13 },
    )
  })

  it('forgets the warm-up and keeps the value', () => {
    const inside = new TimeWeighted()
    inside.change(10, 3)
    inside.restart(20)
    inside.change(25, -1)
    expect([inside.mean(30), inside.min, inside.max, inside.startNs]).toEqual([(3 * 5 + 2 * 5) / 10, 2, 3, 20])
  })

  it('refuses a time that has passed', () => {
    const inside = new TimeWeighted(5)
    expect(() => inside.set(4, 1)).toThrow("it can't be 4 ns, the last change was at 5 ns")
    expect(() => inside.mean(Number.NaN)).toThrow("it can't be NaN ns")
  })
})
