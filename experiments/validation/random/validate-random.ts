/** Composes topologies, writes their predictions down, measures them, compares: in this order, whatever interrupts it. */
import { coefficientNames, type Profile } from '../../../models/index.js'
import { RELAY_PROGRAMS } from '../../../models/proxies/programs.js'
import { bpfRedirect } from '../../../models/stages/bpf.js'
import { bridgeInput, bridgeOutput } from '../../../models/stages/bridge.js'
import { conntrackLookup, natTranslate } from '../../../models/stages/conntrack.js'
import { ipForward } from '../../../models/stages/ip.js'
import { macvlanTransmit } from '../../../models/stages/macvlan.js'
import { iptablesChain, nftablesChain } from '../../../models/stages/netfilter.js'
import {
  type CampaignOptions,
  type CampaignOutcome,
  type CampaignPlan,
  LEAST_RUNS,
  planFromDocument,
  runCampaign,
} from '../../campaign/index.js'
import type { Row } from '../../rows.js'
import { UNIX_STAGES } from '../../uncalibrated.js'
import { type Comparison, compareWithPredictions } from '../comparison.js'
import { type Evidence, standingsOf } from '../evidence.js'
import { pointInWords } from '../path.js'
import { type PredictOptions, predict } from '../predict.js'
import { summarize } from '../summary.js'
import { type Catalogue, composeExperiment, WHOLE_CATALOGUE } from './compose.js'
import { appendSummary, measuredIn, type PredictionsFile, type RandomManifest, storedPredictions, writePredictions } from './folder.js'

/** The campaign of a seed: held-out before anything is measured. */
export function randomPlan(seed: number, count: number, catalogue: Catalogue = WHOLE_CATALOGUE): CampaignPlan {
  const experiment = composeExperiment(seed, count, catalogue)
  const document = { name: `random-${seed}`, runs: LEAST_RUNS, seconds: 1, seed, experiments: [{ role: 'held-out', experiment }] }
  return planFromDocument(document, `random-${seed}`)
}

/** What the topologies of `compose-routed.ts` cross beside what every profile knows. */
const FORWARDING_STAGES = [
  ipForward,
  conntrackLookup,
  natTranslate,
  nftablesChain,
  iptablesChain,
  bpfRedirect,
  macvlanTransmit,
  bridgeInput,
  bridgeOutput,
].map(({ stage }) => stage)

/** What the profile has the stages of: nothing else is drawn for it. */
export function catalogueOf(profile: Profile): Catalogue {
  const known = new Set(profile.coefficients.map(({ name }) => name))
  const knows = (stages: readonly string[]) =>
    coefficientNames.filter((name) => stages.some((stage) => name.startsWith(`${stage}.per`))).every((name) => known.has(name))
  return {
    forwarding: knows(FORWARDING_STAGES),
    unix: knows(UNIX_STAGES),
    relays: WHOLE_CATALOGUE.relays.filter((program) => knows([RELAY_PROGRAMS[program].law.stage, macvlanTransmit.stage])),
  }
}

export interface Predicted {
  readonly folder: string
  readonly plan: CampaignPlan
  readonly predictions: PredictionsFile
  readonly manifest: RandomManifest
  /** False where the folder held them already. */
  readonly isNew: boolean
}

/**
 * Makes the predictions of a seed, or reads those that the folder holds.
 * @throws ValidationRefusal where the seed was measured for another profile, or drawn for another count
 */
export async function predictRandom(
  folder: string,
  { seed, count }: { readonly seed: number; readonly count: number },
  profile: Profile,
  options: PredictOptions,
  now: () => Date = () => new Date(),
): Promise<Predicted> {
  const plan = randomPlan(seed, count, catalogueOf(profile))
  const stored = storedPredictions(folder, seed, count, profile)
  if (stored !== null) return { folder, plan, ...stored, isNew: false }
  const made = await predict(plan.experiments[0]!.experiment, profile, options)
  return { folder, plan, ...writePredictions(folder, plan, count, profile, made, now), isNew: true }
}

export interface RandomOutcome {
  readonly comparisons: readonly Comparison[]
  readonly rows: readonly Row[]
  /** Topologies that gave no row, with the reason. */
  readonly missing: readonly { readonly point: string; readonly reason: string }[]
  /** Runs that are still to be measured: the same call goes on with them. */
  readonly pending: number
}

export type Measure = (plan: CampaignPlan, directory: string, options: CampaignOptions) => Promise<CampaignOutcome>

/** Measures what was predicted and compares; once everything is measured, the summary is added to the folder's log. */
export async function measureRandom(
  predicted: Predicted,
  known: readonly Evidence[],
  profile: Profile,
  options: CampaignOptions,
  measure: Measure = runCampaign,
): Promise<RandomOutcome> {
  const { folder, plan, predictions, manifest } = predicted
  const outcome = await measure(plan, measuredIn(folder), options)
  const measured = standingsOf({ name: plan.name, experiments: outcome.experiments, rows: outcome.rows }, known, profile)
  const comparisons = compareWithPredictions(measured, predictions.rows, known, profile)
  const missing = outcome.missing > 0 ? [] : missingTopologies(outcome, new Set(measured.map(({ point }) => point.id)))
  if (outcome.missing === 0) {
    const { profile: name, profileHash, modelHash, predictedAt, seed, count: topologies } = manifest
    const { measuredFrom, measuredTo } = outcome.manifest
    const summary = summarize(comparisons)
    appendSummary(folder, {
      summarizedAt: new Date().toISOString(),
      ...{ seed, profile: name, profileHash, modelHash, predictedAt, measuredFrom, measuredTo, topologies, missing, summary },
    })
  }
  return { comparisons, rows: [...measured.map(({ row }) => row), ...predictions.rows], missing, pending: outcome.missing }
}

function missingTopologies({ plan, notMeasurable, manifest }: CampaignOutcome, there: ReadonlySet<string>): RandomOutcome['missing'] {
  const reasons = new Map([
    ...manifest.failures.map(({ point, reason }) => [point, reason] as const),
    ...notMeasurable.map(({ planned, reason }) => [planned.point.id, reason] as const),
  ])
  return plan.experiments
    .flatMap(({ experiment }) => experiment.points)
    .filter(({ id }) => !there.has(id))
    .map(({ id, scenario }) => ({
      point: `${id} (${pointInWords(scenario, Object.values(scenario.flows)[0]!)})`,
      reason: reasons.get(id) ?? 'no run gave a result',
    }))
}
