/** Caches after a core has idled. */
import { beforeEach, describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { REFILL } from '../../models/engine/charges.js'
import { displacedIn, leaveIdle, refillNs } from '../../models/engine/refill.js'
import { world } from '../../models/engine/world.js'
import { simulateReplication } from '../../models/simulate.js'
import { inventedProfile } from './fixture-profile.js'
import { type Choice, smallScenario } from './small-scenario.js'

const REFILL_NS = 30_000
const MS = 1e6
const CORE = 1
const profile = inventedProfile({}, { 'cache.refill.perProcessNs': REFILL_NS })
const options = { seed: 1, replication: 0, messages: 20, warmUpMessages: 5 }

function idleFor(ns: number, choice: Partial<Choice> = {}): void {
  buildWorld(smallScenario({ driver: 'shared', ...choice }), profile, options)
  world.coreTask[CORE] = 0
  world.queue.advanceTo(ns)
  leaveIdle(CORE)
}

describe('after a core has idled', () => {
  beforeEach(() => idleFor(60 * MS))

  it('a process waits for its caches in all as long as was displaced of them, most of it in its first work', () => {
    const waits = Array.from({ length: 200 }, () => refillNs(CORE, 1000))
    const total = waits.reduce((sum, ns) => sum + ns)
    expect(total).toBeCloseTo(REFILL_NS * displacedIn(60 * MS), 3)
    expect(world.count[REFILL]! * REFILL_NS).toBeCloseTo(total, 3)
    for (let i = 1; i < 10; i++) expect(waits[i]!).toBeLessThan(waits[i - 1]!)
    expect(waits[0]! + waits[1]! + waits[2]!).toBeGreaterThan(total / 2)
    expect(waits.at(-1)).toBe(0)
  })

  it('each process waits for its own', () => {
    refillNs(CORE, 1e9)
    world.coreTask[CORE] = 1
    expect(refillNs(CORE, 1e9)).toBeCloseTo(REFILL_NS * displacedIn(60 * MS), 3)
  })

  it('the longer, the more, and never more than all', () => {
    const shares = [5, 10, 20, 50, 100, 1000].map((ms) => displacedIn(ms * MS))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)!).toBeLessThanOrEqual(1)
  })
})

describe('nobody waits', () => {
  it.each([
    ['less than a tick', 3 * MS, {}],
    ['a machine that never idles', 60 * MS, { idle: 'never' }],
  ] as const)('after %s', (_, ns, choice) => {
    idleFor(ns, choice)
    expect(refillNs(CORE, 1000)).toBe(0)
  })

  it('where messages follow each other on one core', () => {
    const { stages } = simulateReplication(smallScenario({ driver: 'bridge' }), profile, options).flows[0]!
    expect(stages.find(({ stage }) => stage === 'cache.refill')).toBeUndefined()
  })
})

describe('a message that a timer has held up', () => {
  it('pays for it at every process that it wakes', () => {
    const { stages, stalledThere, stalledBack } = simulateReplication(
      smallScenario({ driver: 'bridge', relay: true, messageBytes: 1400 }),
      profile,
      options,
    ).flows[0]!
    expect([stalledThere, stalledBack]).toEqual([1, 1])
    const { costNs } = stages.find(({ stage }) => stage === 'cache.refill')!
    // Client, relay and server, after two rests of some forty milliseconds each.
    expect(costNs).toBeGreaterThan(3 * REFILL_NS * displacedIn(40 * MS))
    expect(costNs).toBeLessThan(6 * REFILL_NS)
  })
})
