/** Intervals: chance, the coefficients' covariance, and the model's own deviation. */
import { describe, expect, it } from 'vitest'
import { calibrationHalfWidth, totalHalfWidth } from '../../experiments/estimate.js'
import { inventedProfile } from '../models/fixture-profile.js'

const profile = {
  ...inventedProfile(),
  covariance: inventedProfile().coefficients.flatMap((_, i, all) => all.map((__, j) => (i === j ? 4 : 0))),
}
const [first, second] = profile.coefficients

describe('the interval that a profile gives', () => {
  it('is 1.96 standard deviations of the charged coefficients', () => {
    expect(calibrationHalfWidth(profile, { [first!.name]: 3 })).toBeCloseTo(1.959964 * 6, 4)
    expect(calibrationHalfWidth(profile, { [first!.name]: 3, [second!.name]: 4 })).toBeCloseTo(1.959964 * 10, 4)
  })

  it('grows by the model’s own deviation, in proportion to the cost', () => {
    const counts = { [first!.name]: 3, [second!.name]: 4 }
    const cost = 3 * first!.value + 4 * second!.value
    const own = calibrationHalfWidth({ ...profile, modelDeviation: 0.02 }, counts)
    expect(own).toBeCloseTo(totalHalfWidth(calibrationHalfWidth(profile, counts), 1.959964 * 0.02 * cost), 4)
  })

  it('leaves out of a difference what both paths share', () => {
    expect(calibrationHalfWidth({ ...profile, modelDeviation: 0.02 }, { [first!.name]: 0 })).toBe(0)
  })
})
