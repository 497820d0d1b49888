import { describe, expect, it } from 'vitest'
import { littlesLaw, utilizationLaw } from '../../../sim/statistics/operational-laws.js'

/** Three customers, by hand: inside from 0 to 10, 4 to 12 and 11 to the end at 20; one server, services 10, 2 and 9 so far. */
const areaNs = 4 * 1 + 6 * 2 + 1 * 1 + 1 * 2 + 8 * 1
const timesNs = 10 + 8 + 9

describe('the operational laws', () => {
  it("hold for three customers by hand: Little's with those still inside, the utilization law with service under way", () => {
    expect(littlesLaw(areaNs, timesNs, 3)).toEqual({
      law: 'little',
      left: 27,
      right: 27,
      relativeError: 0,
      tolerance: 16 * 2 ** -53,
      holds: true,
    })
    expect(utilizationLaw(10 + 1 + 9, 10 + 1 + 9, 3).holds).toBe(true)
  })

  it('notice a customer that was lost, however many there were', () => {
    const customers = 1e6
    const each = 1000
    expect(littlesLaw(customers * each, (customers - 1) * each, customers).holds).toBe(false)
    expect(utilizationLaw(customers * each, customers * each + 1, customers).holds).toBe(false)
  })

  it('forgive what additions round, and an empty run', () => {
    const terms = Array.from({ length: 1000 }, (_, i) => 1 / (i + 1))
    const forward = terms.reduce((a, b) => a + b, 0)
    const backward = terms.reduceRight((a, b) => a + b, 0)
    expect(forward).not.toBe(backward)
    expect(littlesLaw(forward, backward, 1000).holds).toBe(true)
    expect(littlesLaw(0, 0, 0)).toMatchObject({ relativeError: 0, holds: true })
  })
})
