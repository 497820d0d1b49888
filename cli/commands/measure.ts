/** `fairway measure EXPERIMENT...`: builds experiments out of this kernel, drives them, takes them down; or a campaign from its plan. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { parse } from 'yaml'
import type { CampaignOptions, CampaignOutcome, CampaignPlan } from '../../experiments/campaign/index.js'
import type { PointValue } from '../../experiments/experiment.js'
import { findExperimentFile } from '../../experiments/experiment-file.js'
import type { Row } from '../../experiments/rows.js'
import { placeOf } from '../../reports/axes.js'
import { exitCode } from '../exit-code.js'
import { findProfile } from '../find-profile.js'
import { headlineRows, measuredTable, measuredWhat } from '../format/measured-table.js'
import { onInterruption } from '../interruption.js'
import { loadExperiments } from '../load-experiments.js'
import { openMeasurementBar } from '../measurement-progress.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'
import { Refusal } from '../refusal.js'
import type { Screen } from '../screen.js'
import { withTimeLimit } from '../time-limit.js'

interface Options extends SharedOptions {
  readonly out?: string
  readonly runs?: number
  readonly seconds?: number
  readonly wait?: number
  readonly for?: number
}

interface Measured {
  readonly out: string
  readonly outcome: CampaignOutcome
}

export function define(command: Command): void {
  command
    .argument('<experiment...>', "experiment files, names of experiments that ship, or a campaign's plan")
    .option('--out <dir>', 'result folder (default: results/NAME); of a plan: its data set (default: experiments/measurements/NAME)')
    .option('--runs <n>', 'runs of each point, each with fresh namespaces and processes (default: 9)', wholeNumber(1))
    .option('--seconds <n>', 'traffic of each run (default: 1; points that stall take what their messages need)', wholeNumber(1))
    .option('--wait <seconds>', "wait for somebody else's campaign instead of ending with exit code 4", wholeNumber(0))
    .option('--for <seconds>', 'stop after this time, after a whole set-up; the same call goes on from there', wholeNumber(1))
  act<Options>(command, async (screen, [names], options) => {
    await requireTestbed()
    const bar = await openMeasurementBar(screen)
    const campaign: CampaignOptions = { onProgress: bar.update, signal: signalOf(options), waitSeconds: options.wait ?? 0 }
    const measured: Measured[] = []
    try {
      for (const name of names as string[]) {
        const plan = await planIn(name)
        measured.push(plan === null ? await measureFile(name, options, campaign) : await measurePlan(plan, options, campaign))
      }
    } catch (error) {
      throw await refusalOf(error)
    } finally {
      bar.stop()
    }
    for (const { out, outcome } of measured) report(screen, out, outcome)
    const outs = measured.map(({ out }) => out)
    screen.document({
      out: outs.length === 1 ? outs[0] : outs,
      rows: measured.flatMap(({ outcome }) => outcome.rows),
      failures: measured.flatMap(({ outcome }) => outcome.manifest.failures),
      notMeasurable: measured.flatMap(({ outcome }) =>
        outcome.notMeasurable.map(({ planned, reason }) => ({ experiment: planned.experiment, point: planned.point.id, reason })),
      ),
      missing: measured.reduce((sum, { outcome }) => sum + outcome.missing, 0),
    })
    return codeOf(measured)
  })
}

/** Exit code 4, with the command that helps, before anything is built. */
async function requireTestbed(): Promise<void> {
  const { missingForMeasuring } = await import('../../experiments/testbed/doctor.js')
  const reason = await missingForMeasuring()
  if (reason !== null) throw new Refusal(exitCode.machine, `measure: ${reason}; see fairway doctor`)
}

function signalOf(options: Options): AbortSignal {
  const interruption = onInterruption()
  return withTimeLimit(interruption, options.for)
}

/** The plan that a file holds; null where it is an experiment. */
async function planIn(name: string): Promise<CampaignPlan | null> {
  const file = findExperimentFile(name)
  if (file === null) return null
  const text = readFileSync(file, 'utf8')
  const { isPlan, parsePlan } = await import('../../experiments/campaign/index.js')
  try {
    if (!isPlan(parse(text))) return null
  } catch {
    // No YAML: the experiment's own messages say where.
    return null
  }
  return parsePlan(text, file)
}

async function measurePlan(plan: CampaignPlan, options: Options, campaign: CampaignOptions): Promise<Measured> {
  const { runCampaign } = await import('../../experiments/campaign/index.js')
  const out = options.out ?? join('experiments', 'measurements', plan.name)
  return { out, outcome: await runCampaign(plan, out, campaign) }
}

/** Measures an experiment and puts its rows beside those that the result folder holds. */
async function measureFile(name: string, options: Options, campaign: CampaignOptions): Promise<Measured> {
  const { measureExperiment } = await import('../../experiments/campaign/index.js')
  const { mergeRows, readResults, resultFolder, writeResults } = await import('../../experiments/store/index.js')
  const [loaded] = loadExperiments([name])
  const { experiment } = loaded!
  const out = options.out ?? join('results', experiment.name)
  const outcome = await measureExperiment(experiment.name, loaded!, join(out, 'measured'), {
    ...campaign,
    seed: experiment.seed,
    ...(options.runs === undefined ? {} : { runs: options.runs }),
    ...(options.seconds === undefined ? {} : { seconds: options.seconds }),
  })
  const folder = resultFolder(out)
  const { rows, stages } = await readResults(folder)
  await writeResults(folder, mergeRows(rows, outcome.rows), stages)
  const { beginMeasuredFolder, redrawResultFolder } = await import('../fill-result-folder.js')
  if (existsSync(folder.manifest)) await redrawResultFolder(out)
  else await beginMeasuredFolder(loaded!, findProfile(experiment.profile), out, process.argv.slice(2))
  return { out, outcome }
}

async function refusalOf(error: unknown): Promise<unknown> {
  const { BusyError, PlanError } = await import('../../experiments/campaign/index.js')
  if (error instanceof BusyError) return new Refusal(exitCode.machine, `measure: ${error.message}`)
  if (error instanceof PlanError) return new Refusal(exitCode.usage, error.message, error.errors.length > 0 ? error.errors : undefined)
  return error
}

function codeOf(measured: readonly Measured[]) {
  const outcomes = measured.map(({ outcome }) => outcome)
  if (outcomes.every(({ rows }) => rows.length === 0) && outcomes.some(({ notMeasurable }) => notMeasurable.length > 0))
    return exitCode.machine
  return outcomes.some(({ manifest, missing }) => manifest.failures.length > 0 || missing > 0) ? exitCode.failed : exitCode.done
}

function report(screen: Screen, out: string, outcome: CampaignOutcome): void {
  const points = headlineRows(outcome.rows)
  const { name, runs } = outcome.plan
  screen.print(
    `${name}: measured ${points.length === 1 ? '1 point' : `${points.length} points`}, ${runs === 1 ? '1 run' : `${runs} runs each`}   ${measuredWhat(points, runs)}`,
  )
  screen.print(measuredTable(points, (row) => pointInWords(outcome, row)))
  for (const { planned, reason } of outcome.notMeasurable)
    screen.error(`not measurable here: ${planned.experiment} ${planned.point.id}: ${reason}`)
  for (const { experiment, point, repeat, reason } of outcome.manifest.failures)
    screen.error(`failed: run ${repeat + 1} of ${experiment} ${point}: ${reason}`)
  if (outcome.missing > 0) screen.error(`${outcome.missing} runs are still to be measured; the same call goes on with them`)
  screen.print(`rows and raw outputs: ${out}`)
}

/** `bridge, 64 B`: the model and where its point stands in the sweep. */
function pointInWords({ plan }: CampaignOutcome, row: Row): string {
  const planned = plan.experiments.find(({ experiment }) => experiment.name === row.experiment)
  const place = planned ? placeOf(planned.experiment, row.flow, JSON.parse(row.point) as Record<string, PointValue>) : row.point
  return [row.model, place].filter((part) => part !== '').join(', ')
}
