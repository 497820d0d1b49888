/**
 * Where a message's time goes in more detail than rows hold: for the first point of each network model, one typical message step by step,
 * and how the processor time of each stage is split among directions, processes and cores.
 */
import type { Profile } from '../models/index.js'
import { type TraceContext, type TracedMessage, traceMessages } from '../models/message-trace.js'
import { connects, type Scenario, startOf } from '../models/topology/scenario.js'
import { quantile } from '../sim/statistics/index.js'
import type { Experiment } from './experiment.js'

/** Mean processor time per message of one stage in one place, ns. */
export interface StageShare {
  readonly stage: string
  readonly context: TraceContext
  readonly direction: 'there' | 'back'
  readonly process: string
  readonly core: string
  readonly costNs: number
}

export interface PointTrace {
  readonly point: string
  readonly model: string
  readonly flow: string
  readonly processes: readonly { readonly name: string; readonly core: string }[]
  /** The traced message whose latency is nearest to the median, uninterrupted if there is one. */
  readonly typical: TracedMessage
  readonly shares: readonly StageShare[]
  /** Messages that `shares` is a mean over. */
  readonly messages: number
}

const MESSAGES = 200
const WARM_UP = 100
/** Of messages that differ from the median by no more than this, an uninterrupted one is typical. */
const NEAR_MEDIAN = 0.02

function isTraced(scenario: Scenario): boolean {
  const isStream = Object.values(scenario.flows).some(({ workload }) => workload.kind === 'stream')
  return startOf(scenario) === undefined && !connects(scenario) && !isStream
}

/** Points whose scenario has several flows, starts containers, opens a connection for each message or streams (what arrives is no write) have no trace. */
export function tracesOf(experiment: Experiment, profile: Profile): PointTrace[] {
  return experiment.models.flatMap((model): PointTrace[] => {
    const point = experiment.points.find((one) => one.model === model)
    if (point === undefined || Object.keys(point.scenario.flows).length !== 1 || !isTraced(point.scenario)) return []
    const options = { seed: experiment.seed, replication: 0, messages: MESSAGES, warmUpMessages: WARM_UP }
    const { flow, processes, messages } = traceMessages(point.scenario, profile, options)
    return [
      { point: point.id, model, flow, processes, typical: typicalOf(messages), shares: sharesOf(messages), messages: messages.length },
    ]
  })
}

function typicalOf(messages: readonly TracedMessage[]): TracedMessage {
  const median = quantile(
    messages.map(({ latencyNs }) => latencyNs),
    0.5,
  )
  const distance = ({ latencyNs }: TracedMessage) => Math.abs(latencyNs - median)
  const isQuiet = ({ steps }: TracedMessage) => steps.every(({ context }) => context !== 'interrupt')
  const nearest = (some: readonly TracedMessage[]) => some.reduce((best, one) => (distance(one) < distance(best) ? one : best))
  const near = messages.filter((one) => isQuiet(one) && distance(one) <= median * NEAR_MEDIAN)
  return nearest(near.length > 0 ? near : messages)
}

function sharesOf(messages: readonly TracedMessage[]): StageShare[] {
  const shares = new Map<string, StageShare>()
  for (const { steps } of messages) {
    for (const { stage, context, direction, process, core, startNs, endNs } of steps) {
      const key = JSON.stringify([stage, context, direction, process, core])
      const costNs = (shares.get(key)?.costNs ?? 0) + (endNs - startNs) / messages.length
      shares.set(key, { stage, context, direction, process, core, costNs })
    }
  }
  return [...shares.values()]
}
