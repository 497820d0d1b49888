/**
 * Rows of the probes: metric `call-duration`, whose statistic names the call (`send`, `receive-reply`, `send-of-8`, `switch-pipe`, ...); the
 * value is the median duration of a run, and a point's the lower quartile of its runs'. Calls that have no size stand with the set-up's smallest message.
 */
import { createStream, lowerQuartile } from '../../sim/index.js'
import { canonicalJson } from '../canonical-json.js'
import type { Row } from '../rows.js'
import type { CallDuration } from '../testbed/instruments/probes.js'
import { measuredRow } from './measured-row.js'
import type { PlannedPoint } from './plan.js'
import type { RawProbe } from './raw.js'
import { setUpKey } from './schedule.js'

const INTERVALS = 0xca11

export function callRows(planned: PlannedPoint, probes: readonly RawProbe[]): Row[] {
  const key = setUpKey(planned)
  const own = probes.filter((probe) => probe.setUp === key && probe.reason === null)
  const [name, flow] = Object.entries(planned.point.scenario.flows)[0] ?? []
  const smallest = Math.min(...own.flatMap((probe) => probe.calls.filter((call) => call.bytes > 0).map((call) => call.bytes)))
  if (name === undefined || flow === undefined || own.length === 0) return []
  const { messageBytes } = flow.workload
  const belongs = (call: CallDuration): boolean => call.bytes === messageBytes || (call.bytes === 0 && messageBytes === smallest)
  const calls = [...new Set(own.flatMap((probe) => probe.calls.filter(belongs).map((call) => call.call)))]
  return calls.flatMap((call) =>
    rowsOfCall(
      planned,
      name,
      call,
      own.flatMap((probe) => probe.calls.filter((each) => belongs(each) && each.call === call).map((duration) => ({ probe, duration }))),
    ),
  )
}

function rowsOfCall(
  planned: PlannedPoint,
  flow: string,
  call: string,
  runs: readonly { readonly probe: RawProbe; readonly duration: CallDuration }[],
): Row[] {
  const container = planned.point.scenario.containers[planned.point.scenario.flows[flow]!.from]!
  const environment = canonicalJson({ instrument: 'probes', core: container.core, policy: container.policy })
  const common = { flow, statistic: call, sketch: null, proof: null, limits: null, environment }
  const estimate = lowerQuartile(
    runs.map(({ duration }) => duration.p50),
    createStream(0, 0, INTERVALS),
  )
  const campaign = runs[0]!.probe.campaign
  const single = { level: 'run', halfWidth: null, halfWidthKind: null, confidence: null, runs: 1 } as const
  return [
    ...runs.map(({ probe, duration }) =>
      measuredRow(planned, campaign, 'call-duration', {
        ...common,
        ...single,
        value: duration.p50,
        messages: duration.count,
        block: probe.block,
        repeat: probe.block,
      }),
    ),
    measuredRow(planned, campaign, 'call-duration', {
      ...common,
      level: 'point',
      value: estimate.value,
      halfWidth: estimate.halfWidth,
      halfWidthKind: estimate.halfWidth === null ? null : 'repeats',
      confidence: estimate.halfWidth === null ? null : estimate.confidence,
      messages: runs.reduce((sum, { duration }) => sum + duration.count, 0),
      runs: runs.length,
      block: null,
      repeat: null,
    }),
  ]
}
