/** A data set on disk: `plan.yaml rows.csv manifest.json raw/`. Rows are always made anew from the raw outputs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Experiment } from '../experiment.js'
import type { Row } from '../rows.js'
import { atomicWrite, readRowsCsv, rowsToCsv } from '../store/index.js'
import type { MachineEnvironment } from '../testbed/environment.js'
import { type CampaignPlan, parsePlan, plannedPoints } from './plan.js'
import { type RawRun, readAllRaw } from './raw.js'
import { rowsOfPoint } from './rows.js'

export interface DataSetManifest {
  readonly schema: 'fairway/data-set/1'
  readonly campaign: string
  /** ISO 8601, UTC: the first run and the last. */
  readonly measuredFrom: string | null
  readonly measuredTo: string | null
  readonly runs: number
  /** Runs that gave nothing, with their reasons. */
  readonly failures: readonly { readonly experiment: string; readonly point: string; readonly repeat: number; readonly reason: string }[]
  /** Every machine environment that a run was made in: one, unless the kernel or an instrument changed in between. */
  readonly environments: readonly MachineEnvironment[]
  /** Share of the points' runs that lie more than 4 % above their point's value. */
  readonly disturbedRuns: number | null
}

export interface DataSet {
  readonly directory: string
  readonly plan: CampaignPlan
  readonly rows: readonly Row[]
  readonly manifest: DataSetManifest
  readonly experiments: readonly Experiment[]
}

/** Makes the rows and the manifest of the raw outputs that are there, and writes both. */
export function sealDataSet(directory: string): DataSet {
  const plan = readPlan(directory)
  const raws = readAllRaw(directory)
  const rows = rowsFromRaw(plan, raws)
  const manifest = manifestOf(plan, raws, rows)
  atomicWrite(join(directory, 'rows.csv'), rowsToCsv(rows))
  atomicWrite(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return { directory, plan, rows, manifest, experiments: plan.experiments.map(({ experiment }) => experiment) }
}

/** @throws Error where a file is missing; PlanError, CsvError where one can't be read */
export function readDataSet(directory: string): DataSet {
  const plan = readPlan(directory)
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as DataSetManifest
  return {
    directory,
    plan,
    rows: readRowsCsv(join(directory, 'rows.csv')),
    manifest,
    experiments: plan.experiments.map(({ experiment }) => experiment),
  }
}

export function isDataSet(directory: string): boolean {
  return ['plan.yaml', 'rows.csv', 'manifest.json'].every((name) => existsSync(join(directory, name)))
}

/** Every row of a plan that these raw runs give, in the order of the plan. */
export function rowsFromRaw(plan: CampaignPlan, raws: readonly RawRun[]): Row[] {
  const byPoint = new Map<string, RawRun[]>()
  for (const raw of raws) {
    const key = `${raw.experiment}\n${raw.point}`
    byPoint.set(key, [...(byPoint.get(key) ?? []), raw])
  }
  return plannedPoints(plan).flatMap((planned) => rowsOfPoint(planned, byPoint.get(`${planned.experiment}\n${planned.point.id}`) ?? []))
}

function readPlan(directory: string): CampaignPlan {
  const path = join(directory, 'plan.yaml')
  return parsePlan(readFileSync(path, 'utf8'), path)
}

function manifestOf(plan: CampaignPlan, raws: readonly RawRun[], rows: readonly Row[]): DataSetManifest {
  const times = raws.map((raw) => raw.measuredAt).sort()
  const shares = rows
    .filter((row) => row.level === 'point' && row.statistic === 'p50')
    .map((row) => (JSON.parse(row.environment ?? '{}') as { readonly disturbedRuns?: number }).disturbedRuns ?? 0)
  return {
    schema: 'fairway/data-set/1',
    campaign: plan.name,
    measuredFrom: times[0] ?? null,
    measuredTo: times.at(-1) ?? null,
    runs: raws.length,
    failures: raws.flatMap(({ experiment, point, repeat, reason }) => (reason === null ? [] : [{ experiment, point, repeat, reason }])),
    environments: [...new Map(raws.map((raw) => [JSON.stringify(raw.environment), raw.environment])).values()],
    disturbedRuns: shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length,
  }
}
