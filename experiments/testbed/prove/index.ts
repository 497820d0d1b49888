/** `explain --prove`: builds each network model, sends its messages, and holds every stage against what the kernel shows of it. */

import type { Profile } from '../../../models/profiles/profile.js'
import { answeredBy } from '../../../models/topology/backends.js'
import { explainScenario } from '../../../models/topology/explain.js'
import type { ExplainedPath } from '../../../models/topology/explanation.js'
import { type Layout, layOut } from '../../../models/topology/layout.js'
import { connects, type Scenario, startOf } from '../../../models/topology/scenario.js'
import type { Experiment } from '../../experiment.js'
import { whyNotMeasurable } from '../measurable.js'
import { sentinelOf } from '../namespace.js'
import type { TestbedRun } from '../run.js'
import { objectionsOf, relayObjections, unixObjections } from './counted.js'
import { type FirstPacket, firstPacketOf } from './first-packet.js'
import { type InTurn, type Observation, type ObserveOptions, observe, type Turns } from './observe.js'
import { stepsOf } from './steps.js'
import { expectedPath, judge, type StageProof, type Verdict } from './verdicts.js'

export type { FirstPacket } from './first-packet.js'
export type { ObserveOptions } from './observe.js'
export type { StageProof, Verdict } from './verdicts.js'

export interface ProvenPath extends Omit<ExplainedPath, 'stages'> {
  readonly stages: readonly StageProof[]
}

/** Stages and predicted time, each the proven part of the whole. */
export interface ProvenShare {
  readonly stages: number
  readonly ofStages: number
  readonly timeNs: number
  readonly ofTimeNs: number
}

export interface FlowProof {
  readonly model: string
  /** Point of the sweep, as the rows name it. */
  readonly point: string
  readonly flow: string
  /** `contradicted` where any stage is, the counters object, or the first packet went elsewhere. */
  readonly verdict: Verdict
  /** Messages followed through the steady state. */
  readonly messages: number
  readonly paths: readonly ProvenPath[]
  readonly share: ProvenShare
  readonly firstPacket: FirstPacket
  /** What speaks against the path as a whole: counters, namespaces, filters. */
  readonly objections: readonly string[]
}

/** A network model that can't be proven here, with the reason. */
export interface Unprovable {
  readonly model: string
  readonly point: string
  readonly reason: string
}

export interface ProofCase extends Pick<ObserveOptions, 'rewire'> {
  readonly model: string
  readonly point: string
  readonly scenario: Scenario
}

const NO_WITNESS_OF_CONNECTIONS =
  'a witness is looked for on a connection that stands: kind ping-pong proves the same path, a measured row its connections by counters'
const NO_WITNESS_OF_HTTP =
  "a witness is looked for in messages of sockperf's: kind ping-pong proves the same path at layer 4, a measured row its requests by counters"
const NO_WITNESS_OF_STARTS = 'the steps of a start are timed by its instrument, and no witness of them is looked for yet'

/** The points of an experiment whose paths differ, each path once: a message's size changes costs, and no stage. */
export function casesOf(experiment: Experiment, profile: Profile): ProofCase[] {
  const seen = new Set<string>()
  return experiment.points
    .filter(({ model, scenario }) => {
      const stages = explainScenario(scenario, profile).map((path) =>
        path.stages.map(({ name, namespace, device, core }) => [name, namespace, device, core]),
      )
      const path = JSON.stringify([model, stages])
      return !seen.has(path) && seen.add(path)
    })
    .map(({ model, id, scenario }) => ({ model, point: id, scenario }))
}

export interface ProveOptions {
  readonly onDone?: (done: number) => void
  readonly signal?: AbortSignal
  /** Cases that may be under way at once: the instrument sleeps two seconds between its connection and its traffic. */
  readonly atOnce?: number
}

/** Proves several network models in one run. What is built, traced and taken down follows one another. @throws CommandError, MeasurementError */
export async function proveAll(
  run: TestbedRun,
  cases: readonly ProofCase[],
  profile: Profile,
  { onDone, signal, atOnce = 4 }: ProveOptions = {},
): Promise<(FlowProof[] | Unprovable)[]> {
  const results: (FlowProof[] | Unprovable)[] = []
  const turns: Turns = { building: turnstile(), tracing: turnstile() }
  let next = 0
  let done = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < cases.length; index = next++) {
      signal?.throwIfAborted()
      results[index] = await proveOne(branchOf(run, index), { ...cases[index]!, turns }, profile)
      onDone?.(++done)
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, cases.length) }, worker))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return results
}

/** One after the other, in the order in which they come. */
function turnstile(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}

function whyNotProven(scenario: Scenario): string | null {
  if (startOf(scenario) !== undefined) return NO_WITNESS_OF_STARTS
  if (Object.values(scenario.flows).some(({ workload }) => workload.kind === 'http')) return NO_WITNESS_OF_HTTP
  return connects(scenario) ? NO_WITNESS_OF_CONNECTIONS : whyNotMeasurable(scenario)
}

async function proveOne(
  run: TestbedRun,
  { model, point, scenario, ...options }: ProofCase & ObserveOptions,
  profile: Profile,
): Promise<FlowProof[] | Unprovable> {
  const reason = whyNotProven(scenario)
  if (reason !== null) return { model, point, reason }
  const layout = layOut(scenario)
  const observation = await observe(run, scenario, layout, options)
  const answered = withServers(scenario, observation.answering)
  return judged(layout, answered, explainScenario(answered, profile), observation).map((proof) => ({ model, point, ...proof }))
}

/** The scenario with the backend that a service chose as the flow's server: the stages are those to that one. */
function withServers(scenario: Scenario, answering: Observation['answering']): Scenario {
  return Object.entries(scenario.flows).reduce(
    (so, [name, flow]) => (flow.service === undefined ? so : answeredBy(so, name, answering[name] ?? flow.to)),
    scenario,
  )
}

/** Namespaces and traces of one case carry a name of their own; what is journalled is the run's. */
function branchOf(run: TestbedRun, index: number): TestbedRun {
  const id = `${run.id}p${index}`
  run.journal.record({ kind: 'namespace', name: sentinelOf(id) })
  return { ...run, id }
}

export function judged(
  layout: Layout,
  scenario: Scenario,
  explained: readonly ExplainedPath[],
  seen: Observation,
): Omit<FlowProof, 'model' | 'point'>[] {
  const flows = Object.entries(scenario.flows).map(([name, flow]) => {
    const paths = explained.filter((path) => path.flow === name)
    const expected = expectedPath(layout, stepsOf(flow, paths), seen.tasks)
    return { name, flow, paths, expected, ...judge(layout, flow, expected, seen) }
  })
  const everyPath = flows.map(({ expected }) => expected)
  return flows.map(({ name, flow, paths, expected, messages, stages }) => {
    const objections = [
      ...objectionsOf(layout, everyPath, seen, messages),
      ...relayObjections(flow, seen, messages),
      ...unixObjections(name, flow, seen),
    ]
    const firstPacket = firstPacketOf([...seen.first, ...seen.steady], expected, flow)
    const proofs = [...stages.values()]
    const contradicted =
      objections.length > 0 || firstPacket.verdict === 'contradicted' || proofs.some(({ verdict }) => verdict === 'contradicted')
    const verdict = contradicted ? 'contradicted' : proofs.some((stage) => stage.verdict === 'unproven') ? 'unproven' : 'proven'
    const proven = paths.map(
      (path): ProvenPath => ({
        ...path,
        stages: [...stages].filter(([step]) => step.direction === path.direction).map(([, stage]) => stage),
      }),
    )
    return { flow: name, verdict, messages, paths: proven, share: shareOf(proofs), firstPacket, objections }
  })
}

function shareOf(stages: readonly StageProof[]): ProvenShare {
  const proven = stages.filter(({ verdict }) => verdict === 'proven')
  const time = (of: readonly StageProof[]): number => of.reduce((sum, { costNs }) => sum + costNs, 0)
  return { stages: proven.length, ofStages: stages.length, timeNs: time(proven), ofTimeNs: time(stages) }
}
