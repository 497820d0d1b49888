/** The simulator, with a fault in the second replication of each point: a message is stamped late. */
import { world } from '../../models/engine/world.js'
import type { Profile } from '../../models/profiles/profile.js'
import { simulateReplication as simulate } from '../../models/simulate.js'
import type { ReplicationOptions, ReplicationResult } from '../../models/simulation.js'
import type { Scenario } from '../../models/topology/scenario.js'

export function simulateReplication(scenario: Scenario, profile: Profile, options: ReplicationOptions): ReplicationResult {
  const { queue } = world
  const peek = queue.peekTimeNs
  let looks = 0
  queue.peekTimeNs = () => {
    if (++looks === 100 && options.replication === 1) world.flowSentAtNs[0]! += 10
    return peek.call(queue)
  }
  try {
    return simulate(scenario, profile, options)
  } finally {
    queue.peekTimeNs = peek
  }
}
