/** Fills a result folder: simulates what is new, joins what was measured, stores the rows, writes the report, and seals it with a manifest. */
import { existsSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { compareModels, comparePoints } from '../experiments/comparison.js'
import type { Experiment } from '../experiments/experiment.js'
import type { LoadedExperiment } from '../experiments/experiment-file.js'
import { measuredRowsOf, rowsMeasuredOn } from '../experiments/measured-rows.js'
import { publishedRowsOf } from '../experiments/published.js'
import { shippedStudies } from '../experiments/published-files.js'
import { keepInputs, readResult, readSimulatedPoints } from '../experiments/result.js'
import type { Row } from '../experiments/rows.js'
import { type Failure, type Progress, type RunOutcome, runExperiment } from '../experiments/runner.js'
import { sensitivitiesOf } from '../experiments/sensitivities.js'
import type { SimulatedPoint } from '../experiments/simulated-rows.js'
import { mergeRows, readResults, resultFolder, sealResults, writeResults } from '../experiments/store/index.js'
import { tracesOf } from '../experiments/traces.js'
import type { Profile } from '../models/profiles/profile.js'
import { wantedPointPairs } from '../reports/point-pairs.js'
import { writeReport } from '../reports/write-report.js'
import { inlineBar } from './format/bars.js'
import { versions } from './version.js'

export interface FillOptions {
  readonly path: string
  /** The folder as the page and the summary name it; default: `path`. */
  readonly shownPath?: string
  readonly workers: number
  /** The command as it was typed. */
  readonly command: readonly string[]
  /** Rows to lay beside the simulated ones; default: what was measured for the same scenarios, in any data set of the profile's machine and in this folder. */
  readonly beside?: readonly Row[]
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export interface Filled {
  readonly path: string
  readonly rows: readonly Row[]
  readonly failures: readonly Failure[]
  /** The first screen, as text. */
  readonly summary: string
}

export async function fillResultFolder(loaded: LoadedExperiment, profile: Profile, options: FillOptions): Promise<Filled> {
  const { experiment } = loaded
  const folder = resultFolder(options.path)
  const startedAt = new Date()
  const run = await runExperiment(experiment, profile, { ...options, folder: options.path })
  const simulatedS = secondsSince(startedAt)

  const beside = options.beside ?? [
    ...rowsMeasuredOn(profile.machine, measuredRowsOf(experiment)),
    ...measuredRowsOf(experiment, measuredIn(options.path)),
    ...publishedRowsOf(experiment, shippedStudies()),
  ]
  const rows = mergeRows(beside, run.rows)
  keepInputs(options.path, loaded, profile)
  await writeResults(folder, rows, run.stages)
  const drawing = new Date()
  const { summary } = await writeReport(
    folder,
    {
      experiment,
      rows,
      stages: run.stages,
      profile,
      file: loaded,
      command: commandLine(options.command),
      warnings: warningsOf(run),
      ...insightsOf(experiment, profile, run.points),
    },
    {
      folder: options.shownPath ?? options.path,
      file: loaded.file,
      ...withBars,
      ...(run.replications.simulated > 0 && { elapsedS: simulatedS }),
    },
  )

  sealResults(folder, {
    experiment: experiment.name,
    file: loaded.file,
    command: options.command,
    out: options.shownPath ?? options.path,
    seed: experiment.seed,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    hostName: hostname(),
    durationsS: { simulate: simulatedS, report: secondsSince(drawing) },
    versions: versions(),
    profile: { name: profile.name, hash: run.profileHash, dataSet: profile.dataSet },
    modelHash: run.modelHash,
  })
  return { path: options.path, rows, failures: run.failures, summary }
}

/** Makes a result folder of measured rows alone: a report of what was measured, to which `run` adds the predictions. */
export async function beginMeasuredFolder(
  loaded: LoadedExperiment,
  profile: Profile,
  path: string,
  command: readonly string[],
): Promise<void> {
  const now = new Date().toISOString()
  keepInputs(path, loaded, profile)
  sealResults(resultFolder(path), {
    experiment: loaded.experiment.name,
    file: loaded.file,
    command,
    seed: loaded.experiment.seed,
    startedAt: now,
    finishedAt: now,
    hostName: hostname(),
    durationsS: {},
    versions: versions(),
    profile: null,
    modelHash: null,
  })
  await redrawResultFolder(path)
}

/** Draws the report again from the rows that are there; the manifest keeps saying how they came about. */
export async function redrawResultFolder(path: string): Promise<{ readonly path: string; readonly summary: string }> {
  const result = readResult(path)
  const { folder, manifest, experiment, file } = result
  const { rows, stages } = await readResults(folder)
  const drawing = new Date()
  const isSimulated = manifest.modelHash !== null
  const { summary } = await writeReport(
    folder,
    {
      experiment,
      rows,
      stages,
      profile: isSimulated ? result.profile : null,
      file,
      command: commandLine(manifest.command),
      ...(isSimulated && insightsOf(experiment, result.profile, await readSimulatedPoints(result))),
    },
    { folder: manifest.out ?? path, ...withBars },
  )
  sealResults(folder, { ...manifest, durationsS: { ...manifest.durationsS, report: secondsSince(drawing) }, versions: versions() })
  return { path, summary }
}

/** What figures show beyond the rows: made anew from what a folder keeps, so that no file can contradict another. */
function insightsOf(experiment: Experiment, profile: Profile, points: readonly SimulatedPoint[]) {
  return {
    traces: tracesOf(experiment, profile),
    sensitivities: sensitivitiesOf(points, profile),
    pairs: compareModels(points, experiment.baseline ?? experiment.models[0]!, profile),
    pointPairs: comparePoints(points, wantedPointPairs(experiment), profile),
  }
}

/** Bars are for eyes: a pipe and NO_COLOR (no-color.org) get plain numbers. */
const withBars = process.stdout.isTTY && !process.env['NO_COLOR'] ? { bar: inlineBar } : {}

/** The data sets that `measure` keeps in a result folder, a numbered one each call. */
function measuredIn(path: string): string[] {
  const home = join(path, 'measured')
  return existsSync(home) ? readdirSync(home).map((number) => join(home, number)) : []
}

/** A failed replication leaves its point without an aggregate, which a reader of the page must be told. */
function warningsOf({ failures }: RunOutcome): string[] {
  const points = [...new Set(failures.map(({ point }) => point))]
  return points.map(
    (point) => `${point}: ${failures.filter((failure) => failure.point === point).length} replications failed; no aggregate is shown`,
  )
}

const secondsSince = (start: Date) => (Date.now() - start.getTime()) / 1000

/** As it is typed in a checkout. */
const commandLine = (words: readonly string[]) => ['npm run -s fairway --', ...words.map(quoted)].join(' ')

const quoted = (word: string) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
