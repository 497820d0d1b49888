/**
 * The folder of a random validation, `results/validate-random-SEED`: what was predicted stands there, on the disk and dated, before anything
 * is measured, and is never predicted again once a run was measured.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Profile, profileHash } from '../../../models/index.js'
import { type CampaignPlan, planToYaml } from '../../campaign/index.js'
import type { Row } from '../../rows.js'
import { atomicWrite, sha256 } from '../../store/index.js'
import { anotherCount, measuredUnderAnother, predictionsChanged } from '../messages.js'
import type { Predictions } from '../predict.js'
import type { ValidationSummary } from '../summary.js'

export interface PredictionsFile {
  readonly schema: 'fairway/predictions/1'
  readonly seed: number
  /** Topologies. */
  readonly count: number
  readonly profile: string
  readonly profileHash: string
  readonly modelHash: string
  /** Point rows, simulated. */
  readonly rows: readonly Row[]
}

export interface RandomManifest {
  readonly schema: 'fairway/validation/1'
  readonly seed: number
  readonly count: number
  readonly profile: string
  readonly profileHash: string
  readonly modelHash: string
  /** ISO 8601, UTC: when the predictions were on the disk. Each measured run has its own time in its raw output. */
  readonly predictedAt: string
  /** SHA-256 of the files that were written then. */
  readonly files: Readonly<Record<'predictions.json' | 'profile.json' | 'measured/plan.yaml', string>>
}

/** One entry of `summary.json`, the log of what the folder's measurements gave. */
export interface SummaryEntry {
  readonly summarizedAt: string
  readonly seed: number
  readonly profile: string
  readonly profileHash: string
  readonly modelHash: string
  readonly predictedAt: string
  readonly measuredFrom: string | null
  readonly measuredTo: string | null
  readonly topologies: number
  /** Topologies that gave no row, with the reason. */
  readonly missing: readonly { readonly point: string; readonly reason: string }[]
  readonly summary: readonly ValidationSummary[]
}

const inFolder = (folder: string) => ({
  predictions: join(folder, 'predictions.json'),
  manifest: join(folder, 'manifest.json'),
  profile: join(folder, 'profile.json'),
  summary: join(folder, 'summary.json'),
  measured: join(folder, 'measured'),
  plan: join(folder, 'measured', 'plan.yaml'),
})

export const measuredIn = (folder: string): string => inFolder(folder).measured

/**
 * The predictions that the folder holds for this profile; null where there are none to go by yet.
 * @throws ValidationRefusal where they are for another profile, and measured; for another count; or were changed
 */
export function storedPredictions(
  folder: string,
  seed: number,
  count: number,
  profile: Profile,
): { readonly predictions: PredictionsFile; readonly manifest: RandomManifest } | null {
  const places = inFolder(folder)
  if (!existsSync(places.manifest) || !existsSync(places.predictions)) return null
  const manifest = JSON.parse(readFileSync(places.manifest, 'utf8')) as RandomManifest
  const ours = profileHash(profile)
  if (manifest.profileHash !== ours) {
    if (holdsMeasurements(folder)) throw measuredUnderAnother(seed, folder, manifest.profileHash, ours)
    return null
  }
  if (manifest.count !== count) throw anotherCount(seed, folder, manifest.count, count)
  const text = readFileSync(places.predictions, 'utf8')
  if (sha256(text) !== manifest.files['predictions.json']) throw predictionsChanged(folder)
  return { predictions: JSON.parse(text) as PredictionsFile, manifest }
}

function holdsMeasurements(folder: string): boolean {
  const raw = join(measuredIn(folder), 'raw')
  return existsSync(raw) && readdirSync(raw).length > 0
}

/** Writes plan, profile, predictions and, last, the manifest that dates them; each is flushed to the disk before the next. */
export function writePredictions(
  folder: string,
  plan: CampaignPlan,
  count: number,
  profile: Profile,
  made: Predictions,
  now: () => Date,
): { readonly predictions: PredictionsFile; readonly manifest: RandomManifest } {
  const places = inFolder(folder)
  const { profileHash: hash, modelHash, rows } = made
  const predictions: PredictionsFile = {
    schema: 'fairway/predictions/1',
    seed: plan.seed,
    count,
    profile: profile.name,
    profileHash: hash,
    modelHash,
    rows,
  }
  const texts = {
    'measured/plan.yaml': planToYaml(plan),
    'profile.json': `${JSON.stringify(profile, null, 2)}\n`,
    'predictions.json': `${JSON.stringify(predictions, null, 2)}\n`,
  }
  for (const [name, text] of Object.entries(texts)) atomicWrite(join(folder, name), text)
  const manifest: RandomManifest = {
    schema: 'fairway/validation/1',
    seed: plan.seed,
    count,
    profile: profile.name,
    profileHash: hash,
    modelHash,
    predictedAt: now().toISOString(),
    files: {
      'predictions.json': sha256(texts['predictions.json']),
      'profile.json': sha256(texts['profile.json']),
      'measured/plan.yaml': sha256(texts['measured/plan.yaml']),
    },
  }
  atomicWrite(places.manifest, `${JSON.stringify(manifest, null, 2)}\n`)
  return { predictions, manifest }
}

/** Adds to the log, unless its last entry says the same. */
export function appendSummary(folder: string, entry: SummaryEntry): void {
  const { summary: path } = inFolder(folder)
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SummaryEntry[]) : []
  const said = ({ summarizedAt: _, ...rest }: SummaryEntry) => JSON.stringify(rest)
  const last = before.at(-1)
  if (last !== undefined && said(last) === said(entry)) return
  atomicWrite(path, `${JSON.stringify([...before, entry], null, 2)}\n`)
}

/** The seeds of the folders beside this one, in order: every seed that was run is reported. */
export function seedsBeside(folder: string): { readonly seed: number; readonly isMeasured: boolean }[] {
  const home = dirname(folder)
  const prefix = basename(randomFolder(0)).slice(0, -1)
  return (existsSync(home) ? readdirSync(home) : [])
    .filter((name) => name.startsWith(prefix) && existsSync(inFolder(join(home, name)).manifest))
    .map((name) => ({ seed: Number(name.slice(prefix.length)), isMeasured: holdsMeasurements(join(home, name)) }))
    .filter(({ seed }) => Number.isSafeInteger(seed))
    .sort((a, b) => a.seed - b.seed)
}

export const randomFolder = (seed: number): string => join('results', `validate-random-${seed}`)
