import { describe, expect, it } from 'vitest'
import { fitInterruptions, type Tail } from '../../models/calibration/interruptions.js'
import { buildWorld } from '../../models/engine/build.js'
import { interruptionLengths, LENGTH_ENTRIES } from '../../models/engine/interruption-lengths.js'
import { spend } from '../../models/engine/spend.js'
import { world } from '../../models/engine/world.js'
import type { Interruption } from '../../models/profiles/profile.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const CORE = 1
/** Two-sided 99.9 % of the standard normal distribution. */
const Z = 3.290527

/** Works on one core in equal pieces without a pause. @returns what interrupted it, and for how long it was there, ns */
function workUnder(interruption: Interruption, pieces: number, pieceNs: number): { interruptedNs: number; elapsedNs: number } {
  const profile = inventedProfile({ interruptions: [interruption] })
  const options = { seed: 5, replication: 0, messages: 1, warmUpMessages: 0 }
  buildWorld(smallScenario({ driver: 'shared' }), profile, options)
  for (let i = 0; i < pieces; i++) {
    world.corePendingNs[CORE] = pieceNs
    spend(CORE)
  }
  return { interruptedNs: world.interruptedNs, elapsedNs: world.coreTimeNs[CORE]! }
}

describe('interruptions of a core', () => {
  const lengthNs = 8000
  const random = { name: 'random', intervalNs: 250_000, periodic: false, lengths: [{ ns: lengthNs, share: 1 }] }

  it('come at their rate: as many as a Poisson process over the work has, at 99.9 %', () => {
    const { interruptedNs } = workUnder(random, 100_000, 7000)
    const expected = (100_000 * 7000) / random.intervalNs
    const count = interruptedNs / lengthNs
    expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-6)
    expect(Math.abs(count - expected)).toBeLessThan(Z * Math.sqrt(expected))
  })

  it('take as long as their lengths say: the total lies within 99.9 % of a compound Poisson sum', () => {
    const lengths = [
      { ns: 3000, share: 1 },
      { ns: 6000, share: 0.3 },
      { ns: 48_000, share: 0.02 },
    ]
    const { interruptedNs } = workUnder({ ...random, lengths }, 100_000, 7000)
    const expected = (100_000 * 7000) / random.intervalNs
    // Moments from the tail: E[X^k] is the integral of k x^(k-1) times the share that is longer, a power law between two lengths.
    const moment = (k: number): number =>
      lengths.reduce((sum, { ns, share }, i) => {
        const above = lengths[i + 1]
        if (above === undefined) return sum
        const slope = Math.log(above.share / share) / Math.log(above.ns / ns)
        return sum + ((k * share) / ns ** slope) * ((above.ns ** (k + slope) - ns ** (k + slope)) / (k + slope))
      }, lengths[0]!.ns ** k)
    expect(Math.abs(interruptedNs - expected * moment(1))).toBeLessThan(Z * Math.sqrt(expected * moment(2)))
  })

  it('come at equal distances where they are periodic', () => {
    const tick = { name: 'tick', intervalNs: 4e6, periodic: true, lengths: [{ ns: 2000, share: 1 }] }
    const { interruptedNs, elapsedNs } = workUnder(tick, 50_000, 10_000)
    const ticks = elapsedNs / tick.intervalNs
    expect(interruptedNs / 2000).toBeGreaterThan(ticks - 1)
    expect(interruptedNs / 2000).toBeLessThan(ticks + 1)
  })

  it('lengthen the work by just what they take', () => {
    const { interruptedNs, elapsedNs } = workUnder(random, 10_000, 7000)
    expect(elapsedNs).toBe(10_000 * 7000 + interruptedNs)
  })

  it('delay nobody while the core is idle', () => {
    const profile = inventedProfile({ interruptions: [{ ...random, intervalNs: 1000 }] })
    const options = { seed: 5, replication: 0, messages: 1, warmUpMessages: 0 }
    buildWorld(smallScenario({ driver: 'shared' }), profile, options)
    world.coreTimeNs[CORE] = 1e9
    world.corePendingNs[CORE] = 1
    spend(CORE)
    // A million have passed; at most those of the nanosecond of work (and of their own length) count.
    expect(world.interruptedNs).toBeLessThan(10 * lengthNs)
  })
})

describe('lengths of interruptions', () => {
  const lengths = [
    { ns: 3000, share: 1 },
    { ns: 8000, share: 0.25 },
    { ns: 100_000, share: 0.01 },
  ]

  it('have just the shares beyond each length that the profile says, and are kept', () => {
    const table = interruptionLengths(lengths)
    for (const { ns, share } of lengths.slice(0, -1)) {
      expect(Math.abs(table.filter((length) => length > ns).length / LENGTH_ENTRIES - share)).toBeLessThanOrEqual(1 / LENGTH_ENTRIES)
    }
    expect(table.filter((length) => length === 100_000).length / LENGTH_ENTRIES).toBeCloseTo(0.01, 3)
    for (let i = 1; i < table.length; i++) expect(table[i]!).toBeGreaterThanOrEqual(table[i - 1]!)
    expect(interruptionLengths(lengths)).toBe(table)
  })

  it('are fitted to the lower quartile of the runs: storms in half of them change nothing', () => {
    const ratePerNs = (ns: number): number => 1e-6 * (ns > 8000 ? 0.2 : ns > 3000 ? 0.8 : 1)
    const tail = (times: number): Tail => ({
      roundTripNs: 10_000,
      bodyNs: 100,
      messages: 1e6,
      beyond: (excessNs) => Math.round(times * ratePerNs(excessNs) * 1e10),
    })
    const calm = Array.from({ length: 10 }, () => tail(1))
    const [fitted] = fitInterruptions([...calm, ...Array.from({ length: 10 }, () => tail(5))])
    expect(fitted!.intervalNs).toBeCloseTo(1e6, 3)
    expect(fitted!.lengths.map(({ ns, share }) => [ns, Number(share.toFixed(6))])).toEqual([
      [3000, 1],
      [4000, 0.8],
      [11_000, 0.2],
    ])
  })

  it('are not read where a run spreads by itself, and not without runs', () => {
    const wide: Tail = { roundTripNs: 1e4, bodyNs: 1000, messages: 1e6, beyond: () => 100 }
    const [fitted] = fitInterruptions(Array.from({ length: 9 }, () => wide))
    expect(fitted!.lengths[0]!.ns).toBe(8000)
    expect(() => fitInterruptions(Array.from({ length: 8 }, () => wide))).toThrow('too few')
  })
})
