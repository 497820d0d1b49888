import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { spend } from '../../models/engine/spend.js'
import { spin } from '../../models/engine/spin.js'
import { NONE, world } from '../../models/engine/world.js'
import { simulateReplication } from '../../models/simulate.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const CORE = 0
const TASK = 0
const POLL_NS = 311

/** A world with noise in which nothing happens before an event at `eventNs`. */
function quietWorld(eventNs: number, interruptedEveryNs: number | null): void {
  const interruptions =
    interruptedEveryNs === null
      ? []
      : [
          {
            name: 'tick',
            intervalNs: interruptedEveryNs,
            periodic: true,
            lengths: [
              { ns: 700, share: 1 },
              { ns: 900, share: 0.1 },
            ],
          },
        ]
  const profile = inventedProfile({ burstSigma: 0.1, interruptions })
  buildWorld(smallScenario({ driver: 'shared' }), profile, { seed: 3, replication: 0, messages: 1, warmUpMessages: 0 })
  world.corePendingNs[CORE] = 0
  world.coreBacklogHead[CORE] = NONE
  world.queue.push(eventNs, 0, 0, 0)
}

/** Polls one at a time, as the loop charges and spends them, until one ends at the due time, or is not before the event. */
function pollOneByOne(dueNs: number, eventNs: number): void {
  while (world.coreTimeNs[CORE]! < dueNs && world.coreTimeNs[CORE]! < eventNs) {
    world.corePendingNs[CORE]! += POLL_NS
    world.coreSpunNs[CORE]! += POLL_NS
    spend(CORE)
  }
}

const seen = () => ({
  timeNs: world.coreTimeNs[CORE],
  busyNs: world.coreBusyNs[CORE],
  spunNs: world.coreSpunNs[CORE],
  interruptedNs: world.interruptedNs,
  nextDraw: world.stream.int32(),
})

describe('spinning', () => {
  it.each([
    ['the message is due', 200_000, 1e9, null],
    ['an event comes first', 1e9, 150_000, null],
    ['the core is interrupted', 200_000, 1e9, 60_000],
  ])('until %s is polling one by one, draw by draw', (_, dueNs, eventNs, interval) => {
    quietWorld(eventNs, interval)
    pollOneByOne(dueNs, eventNs)
    const oneByOne = seen()
    quietWorld(eventNs, interval)
    spin(CORE, TASK, POLL_NS, dueNs)
    const left = dueNs - world.coreTimeNs[CORE]!
    // It has done most of the way to the first of the three by itself.
    expect(world.coreTimeNs[CORE]!).toBeGreaterThan(Math.min(dueNs, eventNs, interval ?? eventNs) - 1000 * POLL_NS)
    expect(world.coreSpunNs[CORE]!).toBeGreaterThan(0)
    if (left > 0) pollOneByOne(dueNs, eventNs)
    expect(seen()).toEqual(oneByOne)
  })

  it('for free waits for what comes next', () => {
    const shared = smallScenario({ driver: 'shared' })
    const { ping } = shared.flows
    const workload = { kind: 'open-loop', messageBytes: 64, ratePerSecond: 1000, arrivals: 'constant' } as const
    const { flows } = simulateReplication(
      {
        ...shared,
        containers: { ...shared.containers, client: { ...shared.containers['client']!, core: 0 } },
        flows: { ping: { ...ping!, workload } },
      },
      inventedProfile({}, { 'socket.receive.perCallNs': 0, 'tcp.receive.perCallNs': 0 }),
      { seed: 1, replication: 0, messages: 100, warmUpMessages: 50 },
    )
    // Every message is taken alone, by a client that is there at once; times are whole nanoseconds.
    const { latencyNs } = flows[0]!
    expect(Math.max(...latencyNs) - Math.min(...latencyNs)).toBeLessThanOrEqual(1)
  })
})
