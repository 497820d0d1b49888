/** From raw runs to rows: one a run and statistic, and one a point by the estimator of KERNEL (the lower quartile of its runs). */
import { LEAST_THROTTLED, quotaInWords, resourcesInWords } from '../../models/simulate.js'
import { layOut } from '../../models/topology/layout.js'
import type { Flow, Scenario } from '../../models/topology/scenario.js'
import { createStream, LatencySketch, lowerQuartile } from '../../sim/index.js'
import { canonicalJson } from '../canonical-json.js'
import { medianOfStep, medianOnCore, type Row } from '../rows.js'
import type { FlowMeasurement } from '../testbed/measurement.js'
import { stallInWords, stallsOf } from '../testbed/stalls.js'
import { measuredRow } from './measured-row.js'
import type { PlannedPoint } from './plan.js'
import type { RawRun } from './raw.js'
import { environmentOfRun } from './row-environment.js'
import { describedAs, streamRows } from './stream-rows.js'

/** Statistics of a run's rows; a point has more, and the raw outputs have them all. */
const RUN_STATISTICS = ['p50', 'p99', 'mean'] as const
const POINT_STATISTICS = ['p50', 'p90', 'p99', 'p99.9', 'mean', 'min', 'max'] as const
const DISTURBED = 1.04
/** Addresses the resampling of the points' intervals among all other draws. */
const INTERVALS = 0x107e4

type RawMeasurement = NonNullable<RawRun['measurement']>

/** A run of a flow that was measured. */
interface MeasuredRun {
  readonly raw: RawRun
  readonly flow: FlowMeasurement
}

/** Rows of one planned point out of its raw runs, failed ones left out; the run's rows first. */
export function rowsOfPoint(planned: PlannedPoint, raws: readonly RawRun[]): Row[] {
  const flows = Object.keys(planned.point.scenario.flows)
  return flows.flatMap((name) => {
    const runs = raws
      .filter((raw) => raw.reason === null && raw.measurement !== null)
      .map((raw): MeasuredRun => ({ raw, flow: raw.measurement!.flows[name]! }))
    if (runs.length > 0 && planned.point.scenario.flows[name]!.workload.kind === 'stream')
      return streamRows(planned, name, runs, (run, level) => describe(planned, name, run, level, runs.length), INTERVALS)
    return runs.length === 0 ? [] : [...runs.flatMap((run) => rowsOfRun(planned, name, run)), ...pointRows(planned, name, runs)]
  })
}

function describe(planned: PlannedPoint, flow: string, run: MeasuredRun, level: 'run' | 'point', runs: number) {
  const environment = environmentOfRun(planned, flow, run.raw)
  const proof = proofOf(run.flow)
  const limits = limitsOf(planned, flow, run)
  return level === 'run'
    ? describedAs(proof, limits, ofThisRun(environment))
    : describedAs({ ...proof, runs }, limits, { ...environment, runs })
}

function rowsOfRun(planned: PlannedPoint, flowName: string, { raw, flow }: MeasuredRun): Row[] {
  const environment = canonicalJson(ofThisRun(environmentOfRun(planned, flowName, raw)))
  const proof = canonicalJson(proofOf(flow))
  return RUN_STATISTICS.map((statistic) =>
    measuredRow(planned, raw.campaign, {
      level: 'run',
      flow: flowName,
      statistic,
      value: flow.result.latencyNs[statistic]!,
      halfWidth: null,
      halfWidthKind: null,
      confidence: null,
      messages: flow.result.messages,
      runs: 1,
      block: raw.block,
      repeat: raw.repeat,
      sketch: null,
      proof,
      limits: limitsOf(planned, flowName, { raw, flow }),
      environment,
    }),
  )
}

/** What differs from run to run; the rest stands in the point's row, and whole in the raw output. */
function ofThisRun({
  switchesPerMessage,
  stalledShare,
  delayedAcksPerMessage,
  seconds,
  latenessNs,
  lost,
  stream,
}: Record<string, unknown>): Record<string, unknown> {
  return {
    switchesPerMessage,
    stalledShare,
    delayedAcksPerMessage,
    seconds,
    ...(latenessNs !== undefined && { latenessNs, lost }),
    ...(stream !== undefined && { stream }),
  }
}

function pointRows(planned: PlannedPoint, flowName: string, runs: readonly MeasuredRun[]): Row[] {
  const medians = runs.map(({ flow }) => flow.result.latencyNs['p50']!)
  const point = lowerQuartile(medians, createStream(0, 0, INTERVALS))
  const undisturbed = runs.filter(({ flow }) => flow.result.latencyNs['p50']! <= point.value * DISTURBED)
  const typical = undisturbed[0] ?? runs[0]!
  const environment = canonicalJson({
    ...environmentOfRun(planned, flowName, typical.raw),
    disturbedRuns: point.disturbedShare,
    runs: runs.length,
  })
  const statistics = POINT_STATISTICS.filter((statistic) => runs.every(({ flow }) => flow.result.latencyNs[statistic] !== undefined)).map(
    (statistic) => {
      const estimate = lowerQuartile(
        runs.map(({ flow }) => flow.result.latencyNs[statistic]!),
        createStream(0, 0, INTERVALS),
      )
      return measuredRow(planned, typical.raw.campaign, {
        level: 'point',
        flow: flowName,
        statistic,
        value: estimate.value,
        halfWidth: estimate.halfWidth,
        halfWidthKind: estimate.halfWidth === null ? null : 'repeats',
        confidence: estimate.halfWidth === null ? null : estimate.confidence,
        messages: runs.reduce((sum, { flow }) => sum + flow.result.messages, 0),
        runs: runs.length,
        block: null,
        repeat: null,
        sketch: statistic === 'p50' ? mergedSketch(undisturbed) : null,
        proof: canonicalJson({ ...proofOf(typical.flow), runs: runs.length }),
        limits: limitsOf(planned, flowName, typical),
        environment,
      })
    },
  )
  return [...statistics, ...stepRows(planned, flowName, runs, typical)]
}

/** Of starts and connections, the steps of each: the lower quartile of the runs' medians, as everywhere. */
function stepRows(planned: PlannedPoint, flowName: string, runs: readonly MeasuredRun[], typical: MeasuredRun): Row[] {
  const names = Object.keys(typical.flow.result.steps ?? {})
  const shared = { messages: runs.reduce((sum, { flow }) => sum + flow.result.messages, 0), runs: runs.length }
  return names.flatMap((step) =>
    (['passedNs', 'coreNs'] as const).flatMap((which) => {
      const medians = runs.flatMap(({ flow }) => flow.result.steps![step]![which] ?? [])
      if (medians.length === 0) return []
      const { value, halfWidth, confidence } = lowerQuartile(medians, createStream(0, 0, INTERVALS))
      return measuredRow(planned, typical.raw.campaign, {
        level: 'point',
        flow: flowName,
        statistic: which === 'passedNs' ? medianOfStep(step) : medianOnCore(step),
        value,
        halfWidth,
        halfWidthKind: halfWidth === null ? null : 'repeats',
        confidence: halfWidth === null ? null : confidence,
        ...shared,
        block: null,
        repeat: null,
        sketch: null,
        proof: null,
        limits: null,
        environment: null,
      })
    }),
  )
}

function proofOf({ proof }: FlowMeasurement): Record<string, unknown> {
  const round = (value: number): number => Math.round(value * 1000) / 1000
  return {
    verdict: proof.verdict,
    packetsPerMessage: Object.fromEntries(
      Object.entries(proof.crossed).map(([device, counts]) => [device, [round(counts.rxPerMessage), round(counts.txPerMessage)]]),
    ),
    packetsElsewhere: Object.values(proof.elsewhere).reduce((sum, packets) => sum + packets, 0),
    ...(Object.keys(proof.proxyBytesPerMessage).length === 0
      ? {}
      : {
          proxyBytesPerMessage: Object.fromEntries(Object.entries(proof.proxyBytesPerMessage).map(([name, bytes]) => [name, round(bytes)])),
        }),
    ...(proof.joined !== undefined && { joined: proof.joined.replace(/ \(\d+\)/g, '') }),
  }
}

function limitsOf(planned: PlannedPoint, flowName: string, { raw, flow }: MeasuredRun): string | null {
  const { scenario } = planned.point
  const { load } = flow.result
  const own = scenario.flows[flowName]!
  if (own.workload.kind === 'start') return null
  const [throttled] = Object.entries(raw.measurement!.throttled ?? {})
    .filter(([, share]) => share > LEAST_THROTTLED)
    .sort(([, a], [, b]) => b - a)
  if (throttled !== undefined) return quotaInWords({ name: throttled[0], share: throttled[1] })
  if (own.workload.kind === 'stream') return coresOfStream(scenario, own, raw.measurement!, flow)
  if (load !== undefined) {
    return resourcesInWords([
      { name: coreOf(scenario, own.from), share: load.clientBusy },
      { name: coreOf(scenario, own.to), share: load.serverBusy },
    ])
  }
  return stallInWords(stallsOf(layOut(scenario), own, flow.sketch, raw.measurement!.counted, flow.result.total.received))
}

/** How busy each process's core was with it: its time on a core per write, by how many writes passed. */
function coresOfStream(
  scenario: Scenario,
  { from, via, to, workload }: Flow,
  measurement: RawMeasurement,
  flow: FlowMeasurement,
): string | null {
  const takesNs = (8e9 * workload.messageBytes) / flow.result.stream!.throughputBps
  const shares = new Map<string, number>()
  for (const name of [from, ...via, to]) {
    const runNs = measurement.switches[name]?.runNs
    if (runNs === undefined) return null
    const core = coreOf(scenario, name)
    shares.set(core, (shares.get(core) ?? 0) + Math.min(1, runNs / takesNs))
  }
  return resourcesInWords([...shares].map(([name, share]) => ({ name, share: Math.min(1, share) })))
}

/** `m1/1`, as the model names the core of a container. */
function coreOf({ containers, proxies, hosts }: Scenario, name: string): string {
  const { host, core } = (containers[name] ?? proxies[name])!
  return `${hosts[host]!.machine}/${core}`
}

function mergedSketch(runs: readonly MeasuredRun[]): string {
  const merged = new LatencySketch()
  for (const { flow } of runs) merged.merge(LatencySketch.decode(flow.sketch))
  return merged.encode()
}
