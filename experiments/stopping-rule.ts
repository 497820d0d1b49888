/** When a point has enough replications. The answer depends on the replications alone, so every machine and every resumed run agrees. */
import { sequentialStop } from '../sim/statistics/index.js'
import { confidence } from './estimate.js'
import type { StopRule } from './experiment.js'
import { type ReplicationRecord, runStatistics } from './replication-record.js'

/**
 * How many replications the point should have, given the `records` that it has: `replications`, and with a half-width as many more, up to
 * `atMost`, as the flow with the widest interval (chance, 95 %) is predicted to need.
 */
export function replicationsWanted(stop: StopRule, records: readonly ReplicationRecord[]): number {
  const { replications, halfWidth, atMost } = stop
  if (records.length < replications || halfWidth === null) return replications
  if (records.length >= atMost) return records.length
  if (records.length < 2) return Math.min(2, atMost)
  const statistic = runStatistics.find((name) => name === halfWidth.statistic)
  if (statistic === undefined)
    throw new RangeError(`stop: expected a statistic among ${runStatistics.join(', ')}, got "${halfWidth.statistic}"`)
  const wanted = records[0]!.flows.map((_, flow) => {
    const values = records.map((record) => record.flows[flow]!.latencyNs[statistic])
    const rule = sequentialStop(values, halfWidth.relative, confidence, replications)
    return rule.stop ? records.length : rule.wanted
  })
  return Math.min(atMost, Math.max(...wanted))
}
