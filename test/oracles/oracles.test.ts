import { describe, expect, it } from 'vitest'
import { checkOracle, confidenceOfAll, type Oracle, oracles } from '../../sim/oracles/index.js'
import { tokenBuckets } from '../../sim/oracles/token-buckets.js'

const options = { seed: 61, replications: 20, customers: 30_000, confidence: 0.999 }

describe.each(oracles.map((oracle) => ({ name: oracle.name, oracle })))('$name', ({ oracle }) => {
  const checked = checkOracle(oracle, options)

  it.each(oracle.quantities.map(({ name }, i) => ({ name, i })))('has the $name of the textbook in its 99.9 % interval', ({ i }) => {
    const { value, truth, bound, halfWidth, unit } = checked.quantities[i]!
    expect(Math.abs(value - truth)).toBeLessThan(bound)
    // An interval that holds everything would say nothing.
    expect(halfWidth).toBeLessThan(unit === 'share' ? 0.01 : 0.05 * truth)
  })

  it('obeys the operational laws on every run', () => {
    expect(checked.laws.broken).toEqual([])
    expect(checked.laws.checked).toBeGreaterThanOrEqual(2 * options.replications)
  })

  it('gives the same for the same seed, and else for another', () => {
    const once = oracle.replicate(5, 1, 500)
    expect(oracle.replicate(5, 1, 500)).toEqual(once)
    expect(oracle.replicate(5, 2, 500).values).not.toEqual(once.values)
    expect(oracle.replicate(6, 1, 500).values).not.toEqual(once.values)
  })
})

describe('the check of an oracle', () => {
  const mm15 = oracles.find(({ name }) => name === 'M/M/1/5')!

  it('notices a truth that is five per cent off', () => {
    const wrong = { ...mm15, quantities: mm15.quantities.map((quantity) => ({ ...quantity, truth: 1.05 * quantity.truth })) }
    const checked = checkOracle(wrong, { ...options, confidence: confidenceOfAll(oracles) })
    expect(checked.holds).toBe(false)
    expect(checked.quantities[0]!.holds).toBe(false)
  })

  it('notices a law that was broken in one replication', () => {
    const lossy: Oracle = {
      ...mm15,
      replicate: (seed, replication, customers) => {
        const observation = mm15.replicate(seed, replication, customers)
        const [little, ...rest] = observation.laws
        return replication === 3 ? { ...observation, laws: [{ ...little!, holds: false, relativeError: 0.1 }, ...rest] } : observation
      },
    }
    const checked = checkOracle(lossy, { ...options, customers: 5000 })
    expect(checked.holds).toBe(false)
    expect(checked.laws.broken).toHaveLength(1)
    expect(checked.laws.worst).toBe(0.1)
  })

  it('shares what may fail by chance among all quantities', () => {
    const count = oracles.reduce((sum, { quantities }) => sum + quantities.length, 0)
    expect((1 - confidenceOfAll(oracles, 0.99)) * count).toBeCloseTo(0.01, 12)
  })
})

it('the bounds of the token buckets are tight: what is seen comes near to what is allowed', () => {
  const { laws } = tokenBuckets().replicate(1, 0, 40_000)
  const delay = laws.at(-1)!
  expect(delay.left).toBeGreaterThan(0.9 * delay.right)
  expect(laws[0]).toMatchObject({ law: 'bound', holds: true })
  expect(laws[0]!.left).toBeGreaterThan(0.9 * laws[0]!.right)
})
