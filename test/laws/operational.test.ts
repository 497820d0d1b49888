/** The operational laws of the kernel, asked of the engine's runs: a core is busy for as long as its messages' stages took. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { runWorld } from '../../models/engine/run.js'
import { world } from '../../models/engine/world.js'
import { simulateReplication } from '../../models/simulate.js'
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
      const perMessageNs = flows[0]!.stages.reduce((total, { costNs }) => total + costNs, 0)
      // What was charged to a core when the run ended, and not yet spent, is served but was not busy.
      const law = utilizationLaw(sum(world.coreBusyNs) + sum(world.corePendingNs), MESSAGES * perMessageNs, events)
      expect(law).toMatchObject({ law: 'utilization', holds: true })
    }),
    { seed: 26, numRuns: 40 },
  )
})
