/**
 * A simulator for the runner's tests: quick, deterministic in (scenario, seed, replication), and able to fail on request. The name of the
 * client's core says how: core 8 throws, core 9 ends the thread that it runs in, core 10 takes 50 ms for each replication.
 */
import type { Profile } from '../../models/profiles/profile.js'
import type { ReplicationOptions, ReplicationResult } from '../../models/simulation.js'
import type { Scenario } from '../../models/topology/scenario.js'

export const throwing = 8
export const dying = 9
export const slow = 10

export function simulateReplication(scenario: Scenario, profile: Profile, options: ReplicationOptions): ReplicationResult {
  const core = scenario.containers['client']?.core ?? 0
  if (core === throwing && options.replication === 1) throw new Error('no path from client to server')
  if (core === dying && options.replication === 1) process.exit(7)
  if (core === slow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  const flows = Object.entries(scenario.flows).map(([flow, { workload }]) => {
    const cost = profile.coefficients[0]!.value + workload.messageBytes / 10
    return {
      flow,
      messages: options.messages,
      throughputBps: null,
      latencyNs: Float64Array.from(
        { length: options.messages },
        (_, i) => cost + ((options.seed * 31 + options.replication * 17 + i * 7) % 101),
      ),
      stages: [
        { stage: 'socket.send', costNs: cost },
        { stage: 'socket.receive', costNs: cost / 2 + options.replication },
      ],
      stalledThere: 0,
      stalledBack: 0,
      voluntarySwitchesPerMessage: 2,
      involuntarySwitchesPerMessage: 0,
      acknowledgementsPerMessage: 0,
      coefficientCounts: { [profile.coefficients[0]!.name]: 2 },
      metric: 'latency' as const,
      dropped: 0,
      limits: 'core 1 (100 % busy)',
    }
  })
  return { flows, durationNs: 1e9, coreUtilization: { 'm1/1': 1 }, events: 1000, laws: [] }
}
