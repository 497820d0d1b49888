/**
 * Rows of streams: how much arrived, and what processor time a write took. The estimator is the one of every measured point, the lower quartile of its
 * runs, of what a write takes: a disturbed run takes longer, and so a throughput is the upper quartile of its runs'.
 */
import { createStream, lowerQuartile } from '../../sim/index.js'
import { canonicalJson } from '../canonical-json.js'
import type { Row } from '../rows.js'
import type { FlowMeasurement, Measurement } from '../testbed/measurement.js'
import { measuredRow } from './measured-row.js'
import type { PlannedPoint } from './plan.js'
import type { RawRun } from './raw.js'

export interface MeasuredStream {
  readonly raw: RawRun
  readonly flow: FlowMeasurement
}

/** What a run's quantity is by, and how the time that a write takes (ns) is made of it and it of that. */
interface Quantity {
  readonly metric: 'throughput' | 'cpu-per-message'
  readonly unit: string
  readonly takesNs: (run: MeasuredStream) => number | null
  readonly value: (ns: number) => number
}

/** @param describe the proof, the limits and the environment of a run, or of the point by a typical one */
export function streamRows(
  planned: PlannedPoint,
  flow: string,
  runs: readonly MeasuredStream[],
  describe: (run: MeasuredStream, level: 'run' | 'point') => Pick<Row, 'proof' | 'limits' | 'environment'>,
  intervals: number,
): Row[] {
  const { workload, from, via, to } = planned.point.scenario.flows[flow]!
  const bits = 8e9 * workload.messageBytes
  const quantities: readonly Quantity[] = [
    {
      metric: 'throughput',
      unit: 'bit/s',
      takesNs: (run) => bits / run.flow.result.stream!.throughputBps,
      value: (ns) => bits / ns,
    },
    {
      metric: 'cpu-per-message',
      unit: 'ns',
      takesNs: ({ raw }) => processorNs(raw.measurement!, [from, ...via, to]),
      value: (ns) => ns,
    },
  ]
  return quantities.flatMap(({ metric, unit, takesNs, value }) => {
    const known = runs.flatMap((run) => {
      const ns = takesNs(run)
      return ns === null ? [] : [{ run, ns }]
    })
    if (known.length === 0) return []
    const {
      value: quartileNs,
      halfWidth,
      confidence,
    } = lowerQuartile(
      known.map(({ ns }) => ns),
      createStream(0, 0, intervals),
    )
    const typical = known.reduce((best, one) => (Math.abs(one.ns - quartileNs) < Math.abs(best.ns - quartileNs) ? one : best)).run
    const campaign = typical.raw.campaign
    const shared = { flow, statistic: 'mean', sketch: null }
    const ofRuns = known.map(({ run, ns }) =>
      measuredRow(planned, campaign, {
        ...shared,
        metric,
        unit,
        level: 'run',
        value: value(ns),
        halfWidth: null,
        halfWidthKind: null,
        confidence: null,
        messages: run.flow.result.messages,
        runs: 1,
        block: run.raw.block,
        repeat: run.raw.repeat,
        ...describe(run, 'run'),
      }),
    )
    const ofPoint = measuredRow(planned, campaign, {
      ...shared,
      metric,
      unit,
      level: 'point',
      value: value(quartileNs),
      halfWidth: halfWidth === null ? null : (value(quartileNs) * halfWidth) / quartileNs,
      halfWidthKind: halfWidth === null ? null : 'repeats',
      confidence: halfWidth === null ? null : confidence,
      messages: known.reduce((sum, { run }) => sum + run.flow.result.messages, 0),
      runs: known.length,
      block: null,
      repeat: null,
      ...describe(typical, 'point'),
    })
    return [...ofRuns, ofPoint]
  })
}

/** Time on a core of all processes per message, softirqs that ran there meanwhile included; null where too little traffic was seen. */
function processorNs({ switches }: Pick<Measurement, 'switches'>, processes: readonly string[]): number | null {
  const times = processes.map((name) => switches[name]?.runNs ?? null)
  return times.some((ns) => ns === null) ? null : times.reduce((sum: number, ns) => sum + ns!, 0)
}

export function describedAs(proof: Record<string, unknown>, limits: string | null, environment: Record<string, unknown>) {
  return { proof: canonicalJson(proof), limits, environment: canonicalJson(environment) }
}
