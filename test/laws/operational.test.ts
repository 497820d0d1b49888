/**
 * The operational laws, asked of the engine's runs: simulateReplication checks them on every run (models/run-laws.ts) and throws where one is broken.
 * Here: that it checks all of them, whatever the scenario; that each fault of a model breaks the law that is there for it; and Little's law once more, in
 * another way, from two runs of different lengths.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { SEND_CALL } from '../../models/engine/charges.js'
import { runWorld } from '../../models/engine/run.js'
import { world } from '../../models/engine/world.js'
import type { Profile } from '../../models/profiles/profile.js'
import { lawsOfRun, watchLaws } from '../../models/run-laws.js'
import { simulateReplication } from '../../models/simulate.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { anyScenario } from '../models/any-scenario.js'
import { inventedProfile } from '../models/fixture-profile.js'
import { smallScenario } from '../models/small-scenario.js'
import { noisyProfile } from './noisy-profile.js'

const MESSAGES = 25
const options = { seed: 11, replication: 0, messages: MESSAGES, warmUpMessages: 3 }
const openLoop = { kind: 'open-loop', messageBytes: 200, ratePerSecond: 20_000, arrivals: 'poisson' } as const

describe('every run is asked', () => {
  const lawsOf = (scenario: Scenario, profile: Profile) => simulateReplication(scenario, profile, options).laws

  it.each([
    ['without noise', inventedProfile()],
    ['with noise and interruptions', noisyProfile],
  ])('whatever its scenario, for each core, flow and socket (%s)', (_, profile) => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const laws = lawsOf(scenario, profile)
        expect(laws.every(({ holds }) => holds)).toBe(true)
        const ofCores = laws.filter(({ of }) => of.startsWith('core '))
        expect(ofCores).toHaveLength(2 * Object.values(scenario.machines).reduce((sum, { cores }) => sum + cores, 0))
        expect(laws.filter(({ of }) => of === 'all cores')).toMatchObject([{ law: 'utilization' }])
        // Every counted message is in it: none was missed by who looks on.
        const little = laws.filter(({ law }) => law === 'little')
        expect(little.map(({ of, sides }) => [of, sides[0]])).toEqual([['flow ping', expect.stringContaining(` ${MESSAGES} messages `)]])
        expect(little[0]!.left).toBeGreaterThan(1000 * MESSAGES)
      }),
      { seed: 26, numRuns: 40 },
    )
  })

  it.each(['tcp', 'udp'] as const)(
    'in an open loop over %s too, where times are known to the burst in which an answer is read',
    (transport) => {
      const scenario = smallScenario({ driver: 'bridge', transport, serverCore: 0 })
      const ping = { ...scenario.flows['ping']!, workload: openLoop }
      const [little] = lawsOf({ ...scenario, flows: { ping } }, noisyProfile).filter(({ law }) => law === 'little')
      expect(little).toMatchObject({ of: 'flow ping', holds: true })
    },
  )

  it('for each of two flows, though the quicker one goes on when it has its messages', () => {
    const scenario = smallScenario({ driver: 'bridge', serverCore: 0 })
    const ping = scenario.flows['ping']!
    // It is read in several calls, between which the other flow has its turn.
    const bulky = { ...ping, workload: { kind: 'ping-pong', messageBytes: 1_000_000 } } as const
    const little = lawsOf({ ...scenario, flows: { ping, bulky } }, noisyProfile).filter(({ law }) => law === 'little')
    expect(little.map(({ of, sides }) => [of, sides[0]])).toEqual(
      ['flow ping', 'flow bulky'].map((flow) => [flow, expect.stringContaining(` ${MESSAGES} messages `)]),
    )
    const done = [...world.flowDone.subarray(0, 2)].sort((a, b) => a - b)
    expect(done[0]).toBe(MESSAGES + options.warmUpMessages)
    expect(done[1]).toBeGreaterThan(done[0]! + 1)
  })
})

describe('a fault in a model breaks a law, and the run is refused by its name', () => {
  const twoCores = smallScenario({ driver: 'bridge', serverCore: 0 })

  /** Runs a scenario in whose middle something happens once. @returns why the run was refused */
  const refusalAfter = (fault: () => void, profile: Profile): string => {
    const { queue } = world
    const peek = queue.peekTimeNs
    let looks = 0
    queue.peekTimeNs = () => {
      if (++looks === 100) fault()
      return peek.call(queue)
    }
    try {
      simulateReplication(twoCores, profile, options)
      return ''
    } catch (error) {
      return (error as Error).message
    } finally {
      queue.peekTimeNs = peek
      expect(looks).toBeGreaterThan(100)
    }
  }

  /** The client's. */
  const CORE = 1
  const faults: Record<string, { words: RegExp; happens: () => void }> = {
    'none: nothing is refused': { words: /^$/, happens: () => {} },
    'work that no stage stands for': {
      words: /utilization law, all cores/,
      happens: () => {
        world.corePendingNs[CORE]! += 1
      },
    },
    'a charge that no core pays': {
      words: /utilization law, all cores/,
      happens: () => {
        world.count[SEND_CALL]! += 1
      },
    },
    'a core that is busy without work': {
      words: /utilization law, core m1\/1/,
      happens: () => {
        world.coreBusyNs[CORE]! += 1
      },
    },
    'an interruption that interrupts nobody': {
      words: /utilization law, core m1\/[01]/,
      happens: () => {
        world.interruptedNs += 1
      },
    },
    'a core that is busy for longer than time passes': {
      words: /conservation, core m1\/1: busy time/,
      happens: () => {
        world.coreBusyNs[CORE]! += 1e9
      },
    },
    'a message that is stamped late': {
      words: /Little’s law, flow ping/,
      happens: () => {
        world.flowSentAtNs[0]! += 10
      },
    },
    'a message that is counted twice': {
      words: /Little’s law, flow ping.*conservation, flow ping: messages that are done/,
      happens: () => {
        world.flowDone[0]! += 1
      },
    },
  }

  it.each(Object.entries(faults))('%s', (_, { words, happens }) => {
    expect(refusalAfter(happens, inventedProfile())).toMatch(words)
  })

  /** What breaks when something happens to the world of a run that has ended. */
  const brokenAfter = (fault: () => void, scenario: Scenario): string[] => {
    const built = buildWorld(scenario, inventedProfile(), options)
    watchLaws(built, options)
    runWorld(1e6)
    fault()
    const broken = lawsOfRun(built, ['ping'], 0, 0).filter(({ holds, of }) => !holds && of !== 'all cores')
    return broken.map(({ law, of, sides }) => `${law}, ${of}: ${sides[0]}`)
  }

  it('a byte that is read and never came', () => {
    const fault = () => {
      world.socketCopiedSeq[1]! += 1
    }
    expect(brokenAfter(fault, twoCores)).toEqual([
      'bound, flow ping: messages that the server has read',
      'bound, flow ping, socket 1: bytes read',
    ])
  })

  it('a response time in an open loop that is longer than the clock knows', () => {
    const fault = () => {
      for (let i = 0; i < MESSAGES; i++) world.flowLatencyNs[0]![i]! *= 1.1
    }
    const scenario = { ...twoCores, flows: { ping: { ...twoCores.flows['ping']!, workload: openLoop } } }
    expect(brokenAfter(() => {}, scenario)).toEqual([])
    expect(brokenAfter(fault, scenario)).toEqual([expect.stringMatching(/^little, flow ping: /)])
  })

  it('noise does not hide that a core forgets the first half of what it did', () => {
    const forget = () => {
      world.coreBusyNs[CORE] = 0
    }
    expect(refusalAfter(forget, noisyProfile)).toMatch(/utilization law, core m1\/1/)
  })
})

it('every scenario obeys Little’s law: one message, at every time, is on its way or in the client’s program', () => {
  const profile = inventedProfile()
  /** The client's clock when so many messages are done, their round trips added up, and the program's time between two. */
  const after = (scenario: Scenario, messages: number) => {
    const asked = { ...options, messages, warmUpMessages: 0 }
    const { flows } = simulateReplication(scenario, profile, asked)
    const built = buildWorld(scenario, profile, asked)
    runWorld(1e6)
    const core = world.taskCore[built.flowTasks[0]!.at(-1)!]!
    const { latencyNs, stages } = flows[0]!
    return {
      clockNs: world.coreTimeNs[core]! + world.corePendingNs[core]!,
      insideNs: latencyNs.reduce((sum, latency) => sum + 2 * latency, 0),
      programNs: stages.find(({ stage }) => stage === 'instrument.client')!.costNs,
    }
  }
  fc.assert(
    fc.property(anyScenario, (scenario) => {
      // From the end of one message to the end of another, so that nothing of the start is in it.
      const [first, last] = [after(scenario, MESSAGES), after(scenario, 2 * MESSAGES)]
      const areaNs = 1 * (last.clockNs - first.clockNs)
      const timesNs = last.insideNs - first.insideNs + MESSAGES * first.programNs
      // The core's clock stands at whole nanoseconds, what is charged and not yet spent does not: half of one at either end.
      expect(Math.abs(areaNs - timesNs)).toBeLessThanOrEqual(1)
      expect(areaNs).toBeGreaterThan(1000 * MESSAGES)
    }),
    { seed: 27, numRuns: 40 },
  )
})
