/** Rows of a simulated point: one a replication and statistic, and one for their mean with its total interval. */
import type { Profile } from '../models/profiles/profile.js'
import { LatencySketch, mean } from '../sim/statistics/index.js'
import { canonicalJson } from './canonical-json.js'
import { calibrationHalfWidth, chanceHalfWidth, confidence, totalHalfWidth } from './estimate.js'
import type { Experiment, Point } from './experiment.js'
import { trustOf } from './region-of-trust.js'
import { type FlowRecord, type ReplicationRecord, runStatistics } from './replication-record.js'
import { type Metric, medianOfStep, type Row } from './rows.js'
import { type RunIdentity, simulatedRowIds } from './run-id.js'

export interface SimulatedPoint {
  readonly point: Point
  /** By replication; null where it failed. */
  readonly records: readonly (ReplicationRecord | null)[]
}

/** One quantity that rows are made of: where a replication holds it, and its derivative by each coefficient of the profile. */
export interface Quantity {
  readonly metric: Metric
  readonly statistic: string
  readonly unit: string
  readonly value: (flow: FlowRecord) => number
  readonly gradient: (counts: Readonly<Record<string, number>>) => Readonly<Record<string, number>>
  /** The charges that it is made of, where they are not all of a message's. */
  readonly counts?: (flow: FlowRecord) => FlowRecord['coefficientCounts']
  /** Where it is no time: by how much it changes with each nanosecond that the gradient is of; up or down, of which an interval knows nothing. */
  readonly perNs?: (value: number, bitsPerMessage: number) => number
}

/**
 * Latency is half of a round trip, so it changes by half of what the round trip's charges do; quantiles shift as the mean does, to first order.
 * A response time changes by all of them; what they add to its waiting is of second order, and left out.
 */
export function quantitiesOf(metric: FlowRecord['metric']): readonly Quantity[] {
  if (metric === 'throughput') return [throughput, cpuPerMessage]
  return [
    ...runStatistics.map((statistic) => ({
      metric,
      statistic,
      unit: 'ns',
      value: (flow: FlowRecord) => flow.latencyNs[statistic],
      gradient: metric === 'latency' ? halved : whole,
    })),
    cpuPerMessage,
  ]
}

/** The steps of connections: rows as measured ones have them. */
function stepQuantities({ metric, steps = {} }: FlowRecord): Quantity[] {
  return Object.keys(steps).map((step) => ({
    metric,
    statistic: medianOfStep(step),
    unit: 'ns',
    value: (flow) => flow.steps![step]!.medianNs,
    gradient: whole,
    counts: (flow) => flow.steps![step]!.coefficientCounts,
  }))
}

/** A stream whose core is busy: what a write is charged is what it takes. Where something else binds, a cost changes nothing, and this is too wide. */
const throughput: Quantity = {
  metric: 'throughput',
  statistic: 'mean',
  unit: 'bit/s',
  value: (flow) => flow.throughputBps!,
  gradient: whole,
  perNs: (bps, bitsPerMessage) => (bps * bps) / (1e9 * bitsPerMessage),
}

/** The same as the time that a write takes, ns, of which stages are parts. */
export const writeTime = (bitsPerWrite: number): Quantity => ({
  metric: 'throughput',
  statistic: 'mean',
  unit: 'ns',
  value: (flow) => (1e9 * bitsPerWrite) / flow.throughputBps!,
  gradient: whole,
})

/** What one message carries, or one write of a stream. */
export const bitsPerMessageOf = ({ scenario }: Point, flow: string): number => 8 * scenario.flows[flow]!.workload.messageBytes

const cpuPerMessage: Quantity = {
  metric: 'cpu-per-message',
  statistic: 'mean',
  unit: 'ns',
  value: (flow) => flow.cpuPerMessageNs,
  gradient: whole,
}

function whole(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return counts
}

function halved(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / 2]))
}

/** Rows in the order flow, replication, statistic, then the point's. A point with a failed replication has no aggregate: its mean would hide the failure. */
export function simulatedRows(experiment: Experiment, { point, records }: SimulatedPoint, profile: Profile, run: RunIdentity): Row[] {
  const shared = {
    experiment: experiment.name,
    point: point.id,
    model: point.model,
    source: 'simulated',
    role: 'none',
    seed: run.seed,
    profileHash: run.profileHash,
    modelHash: run.modelHash,
    campaign: null,
    block: null,
    repeat: null,
    proof: null,
    trust: trustOf(point.scenario),
    environment: environmentOf(point, profile),
  } as const
  const idOf = simulatedRowIds(point, run)
  const finished = records.filter((record) => record !== null)
  const flows = finished[0]?.flows.map(({ flow }) => flow) ?? []

  const ofRun = (flow: FlowRecord, replication: number, { metric, statistic, unit, value }: Quantity): Row => ({
    ...shared,
    rowId: idOf({ flow: flow.flow, metric, statistic, replication, runs: 1 }),
    level: 'run',
    flow: flow.flow,
    metric,
    statistic,
    unit,
    value: value(flow),
    halfWidth: null,
    halfWidthKind: null,
    confidence: null,
    messages: flow.messages,
    runs: 1,
    replication,
    sketch: null,
    limits: flow.limits,
  })

  const ofPoint = (
    flow: string,
    replications: readonly FlowRecord[],
    { metric, statistic, unit, value, gradient, perNs, counts }: Quantity,
  ): Row => {
    const bits = bitsPerMessageOf(point, flow)
    const values = replications.map(value)
    const charged = counts === undefined ? replications : replications.map((one) => ({ coefficientCounts: counts(one) }))
    const calibration = calibrationHalfWidth(profile, gradient(meanCounts(charged))) * (perNs?.(mean(values), bits) ?? 1)
    return {
      ...shared,
      rowId: idOf({ flow, metric, statistic, replication: null, runs: replications.length }),
      level: 'point',
      flow,
      metric,
      statistic,
      unit,
      value: mean(values),
      halfWidth: totalHalfWidth(chanceHalfWidth(values), calibration),
      halfWidthKind: 'total',
      confidence,
      messages: replications.reduce((sum, replication) => sum + replication.messages, 0),
      runs: replications.length,
      replication: null,
      sketch: statistic === 'p50' ? mergedSketch(replications) : null,
      limits: mostFrequent(replications.map((replication) => replication.limits)),
    }
  }

  return flows.flatMap((flow, at) => {
    const first = finished[0]!.flows[at]!
    const quantities = [...quantitiesOf(first.metric), ...stepQuantities(first)]
    const runs = records.flatMap((record, replication) =>
      record === null ? [] : quantities.map((quantity) => ofRun(record.flows[at]!, replication, quantity)),
    )
    if (finished.length < records.length) return runs
    const replications = finished.map((record) => record.flows[at]!)
    return [...runs, ...quantities.map((quantity) => ofPoint(flow, replications, quantity))]
  })
}

/** How often each coefficient is charged per message, over the replications. */
export function meanCounts(replications: readonly Pick<FlowRecord, 'coefficientCounts'>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { coefficientCounts } of replications) {
    for (const [name, count] of Object.entries(coefficientCounts)) sums[name] = (sums[name] ?? 0) + count / replications.length
  }
  return sums
}

/** The histogram over all replications; one row a point carries it, the median's. */
function mergedSketch(replications: readonly FlowRecord[]): string {
  const merged = new LatencySketch()
  for (const { sketch } of replications) merged.merge(LatencySketch.decode(sketch))
  return merged.encode()
}

/** What the simulated row takes from the profile's machine, so that it can be laid beside a measured row's environment. */
function environmentOf({ scenario }: Point, { name, machine, kernel }: Profile): string {
  return canonicalJson({ profile: name, machine, kernel: kernel.release, hz: kernel.hz, congestionControl: scenario.tcp.congestionControl })
}

/** The value that occurs most often, the earlier one of a tie. */
function mostFrequent<T>(values: readonly T[]): T {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
}
