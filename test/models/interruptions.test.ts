import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
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
  const random = { name: 'random', intervalNs: 250_000, periodic: false, medianNs: 8000, sigma: 0 }

  it('come at their rate: as many as a Poisson process over the work has, at 99.9 %', () => {
    const { interruptedNs } = workUnder(random, 100_000, 7000)
    const expected = (100_000 * 7000) / random.intervalNs
    const count = interruptedNs / random.medianNs
    expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-6)
    expect(Math.abs(count - expected)).toBeLessThan(Z * Math.sqrt(expected))
  })

  it('take as long as their lognormal says: the total lies within 99.9 % of a compound Poisson sum', () => {
    const sigma = 0.8
    const { interruptedNs } = workUnder({ ...random, sigma }, 100_000, 7000)
    const expected = (100_000 * 7000) / random.intervalNs
    const meanNs = random.medianNs * Math.exp(sigma ** 2 / 2)
    const squareNs2 = random.medianNs ** 2 * Math.exp(2 * sigma ** 2)
    expect(Math.abs(interruptedNs - expected * meanNs)).toBeLessThan(Z * Math.sqrt(expected * squareNs2))
  })

  it('come at equal distances where they are periodic', () => {
    const tick = { name: 'tick', intervalNs: 4e6, periodic: true, medianNs: 2000, sigma: 0 }
    const { interruptedNs, elapsedNs } = workUnder(tick, 50_000, 10_000)
    const ticks = elapsedNs / tick.intervalNs
    expect(interruptedNs / tick.medianNs).toBeGreaterThan(ticks - 1)
    expect(interruptedNs / tick.medianNs).toBeLessThan(ticks + 1)
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
    expect(world.interruptedNs).toBeLessThan(10 * random.medianNs)
  })
})
