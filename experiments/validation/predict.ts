/** Predictions of points: rows of simulated aggregates with their total intervals (chance and the profile's covariance). */
import { type Profile, simulateReplication } from '../../models/index.js'
import type { Experiment, Point } from '../experiment.js'
import type { Row } from '../rows.js'
import { type Progress, runExperiment } from '../runner.js'
import { type Ablation, noAblation } from './ablation.js'

const REPLICATIONS = 5
const MESSAGES = 4000
/**
 * Where a timer decides, as many messages as a measured run has: a few dozen, the first of their connections. Whether a message stalls changes with
 * the connection's age, as its receive windows grow, so that a longer run would be another quantity.
 */
const MESSAGES_THAT_STALL = 55
const PILOT_MESSAGES = 40
/** Where a quota halts messages for the rest of each period: as many as show some tens of periods. */
const MESSAGES_UNDER_QUOTA = 200_000
/** Of streams, whose processes take turns of up to hundreds of writes. */
const WRITES = 20_000
/** Mean duration of a message, ns, that only a timer explains: the slowest path without one takes a tenth of it. */
const STALL_NS = 1e6

export interface PredictOptions {
  readonly workers?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

export interface Predictions {
  /** Point rows without their histograms. */
  readonly rows: readonly Row[]
  readonly profileHash: string
  readonly modelHash: string
}

/** @throws Error where a point can't be simulated, naming it */
export async function predict(
  experiment: Experiment,
  profile: Profile,
  options: PredictOptions,
  ablation: Ablation = noAblation,
): Promise<Predictions> {
  const changed = ablation.profile(profile)
  const points = experiment.points.map((point) => ({ ...point, scenario: ablation.scenario(point.scenario) }))
  const stalling = new Set(points.filter((point) => stalls(point, changed, experiment.seed)))
  const run = (part: readonly Point[], messages: number) =>
    runExperiment(
      { ...experiment, points: part, stop: { replications: REPLICATIONS, messages, halfWidth: null, atMost: REPLICATIONS } },
      changed,
      {
        ...options,
        folder: null,
      },
    )
  const others = points.filter((point) => !stalling.has(point))
  const moving = await run(
    others.filter((point) => !hasQuota(point) && !hasStream(point)),
    MESSAGES,
  )
  const streaming = await run(
    others.filter((point) => hasStream(point) && !hasQuota(point)),
    WRITES,
  )
  const halting = await run(others.filter(hasQuota), MESSAGES_UNDER_QUOTA)
  const stalled = await run([...stalling], MESSAGES_THAT_STALL)
  const parts = [moving, streaming, halting, stalled]
  const [failure] = parts.flatMap(({ failures }) => failures)
  if (failure !== undefined) throw new Error(`${experiment.name} ${failure.point} could not be simulated: ${failure.reason}`)
  const rows = parts
    .flatMap((part) => part.rows)
    .filter((row) => row.level === 'point')
    .map((row) => ({ ...row, sketch: null }))
  return { rows, profileHash: moving.profileHash, modelHash: moving.modelHash }
}

function hasQuota({ scenario: { containers, proxies } }: Point): boolean {
  return [...Object.values(containers), ...Object.values(proxies)].some(({ quota }) => quota !== undefined)
}

function hasStream({ scenario: { flows } }: Point): boolean {
  return Object.values(flows).some(({ workload }) => workload.kind === 'stream')
}

function stalls({ scenario }: Point, profile: Profile, seed: number): boolean {
  // An open loop's duration is its rate's, a start's its steps'.
  if (Object.values(scenario.flows).some(({ workload }) => workload.kind !== 'ping-pong')) return false
  const pilot = simulateReplication(scenario, profile, { seed, replication: 0, messages: PILOT_MESSAGES, warmUpMessages: PILOT_MESSAGES })
  return pilot.durationNs / PILOT_MESSAGES > STALL_NS
}
