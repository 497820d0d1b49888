/** What is kept of one replication: small, plain, and enough to aggregate any number of them without the messages. */
import { processorTimeNs } from '../models/processor-time.js'
import type { ReplicationResult, StageCost, StepResult } from '../models/simulation.js'
import type { FlowMetric } from '../models/topology/scenario.js'
import { LatencySketch, mean, quantiles } from '../sim/statistics/index.js'

export const runStatistics = ['min', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'] as const
export type RunStatistic = (typeof runStatistics)[number]

export interface FlowRecord {
  readonly flow: string
  readonly messages: number
  /** What the statistics are of: latency, response time, or a container's start. */
  readonly metric: FlowMetric
  /** Of a stream: payload that arrived, bit/s. */
  readonly throughputBps?: number
  /** Statistics of what its messages took within the replication, ns. */
  readonly latencyNs: Readonly<Record<RunStatistic, number>>
  /** Its histogram as text. */
  readonly sketch: string
  /** Processor time per message, all cores, softirq included, ns. */
  readonly cpuPerMessageNs: number
  readonly stages: readonly StageCost[]
  /** How often each coefficient of the profile was charged per message (a request with its reply). */
  readonly coefficientCounts: Readonly<Record<string, number>>
  /** Share of messages that waited for a timer, each way. */
  readonly stalledThere: number
  readonly stalledBack: number
  readonly limits: string | null
  /** Of connections. */
  readonly steps?: Readonly<Record<string, StepResult>>
}

export interface ReplicationRecord {
  readonly flows: readonly FlowRecord[]
  readonly events: number
}

export function recordReplication(result: ReplicationResult): ReplicationRecord {
  return {
    events: result.events,
    flows: result.flows.map((flow) => ({
      flow: flow.flow,
      messages: flow.messages,
      metric: flow.metric,
      ...(flow.throughputBps !== null && { throughputBps: flow.throughputBps }),
      latencyNs: latencyStatistics(flow.latencyNs),
      sketch: sketchOf(flow.latencyNs),
      cpuPerMessageNs: processorTimeNs(flow.stages),
      stages: flow.stages,
      coefficientCounts: flow.coefficientCounts,
      stalledThere: flow.stalledThere,
      stalledBack: flow.stalledBack,
      limits: flow.limits,
      ...(flow.steps !== undefined && { steps: flow.steps }),
    })),
  }
}

/** Statistics of a run's latencies, ns, under the names that rows have for them. */
export function latencyStatistics(latencyNs: Float64Array): Record<RunStatistic, number> {
  const [min, p50, p90, p99, p999, max] = quantiles(latencyNs, [0, 0.5, 0.9, 0.99, 0.999, 1]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return { min, mean: mean(latencyNs), p50, p90, p99, 'p99.9': p999, max }
}

function sketchOf(latencyNs: Float64Array): string {
  const sketch = new LatencySketch()
  recordAll(sketch, latencyNs)
  return sketch.encode()
}

/** By itself, so that the loop stays compiled: with what follows it in one function, V8 gave the code up at the end of every replication. */
function recordAll(sketch: LatencySketch, latencyNs: Float64Array): void {
  // An iterator would box every value: half a megabyte a replication.
  for (let i = 0; i < latencyNs.length; i++) sketch.record(latencyNs[i]!)
}
