/**
 * The operational laws, asked of the engine's runs: a core is busy for as long as its messages' stages took, and the one message of a ping-pong
 * is at every time either on its way or in the client's program.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { runWorld } from '../../models/engine/run.js'
import { world } from '../../models/engine/world.js'
import { processorTimeNs } from '../../models/processor-time.js'
import { simulateReplication } from '../../models/simulate.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { utilizationLaw } from '../../sim/index.js'
import { anyScenario } from '../models/any-scenario.js'
import { inventedProfile } from '../models/fixture-profile.js'

const MESSAGES = 25
const options = { seed: 11, replication: 0, messages: MESSAGES, warmUpMessages: 0 }

it('every scenario obeys the utilization law: busy cores are messages times their processor time', () => {
  const profile = inventedProfile()
  fc.assert(
    fc.property(anyScenario, (scenario) => {
      const { events, flows } = simulateReplication(scenario, profile, options)
      buildWorld(scenario, profile, options)
      runWorld(1e6)
      const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0)
      const perMessageNs = processorTimeNs(flows[0]!.stages)
      // What was charged to a core when the run ended, and not yet spent, is served but was not busy.
      const law = utilizationLaw(sum(world.coreBusyNs) + sum(world.corePendingNs), MESSAGES * perMessageNs, events)
      expect(law).toMatchObject({ law: 'utilization', holds: true })
    }),
    { seed: 26, numRuns: 40 },
  )
})

it('every scenario obeys Little’s law: one message, at every time, is on its way or in the client’s program', () => {
  const profile = inventedProfile()
  /** The client's clock when so many messages are done, their round trips added up, and the program's time between two. */
  const after = (scenario: Scenario, messages: number) => {
    const { flows } = simulateReplication(scenario, profile, { ...options, messages })
    const built = buildWorld(scenario, profile, { ...options, messages })
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
