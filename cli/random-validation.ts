/** `fairway validate --random N --seed S`: topologies that nobody chose, predicted on disk before they are measured. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Predicted, RandomOutcome } from '../experiments/validation/index.js'
import type { Profile } from '../models/index.js'
import { estimate } from '../reports/format/estimate.js'
import { type ExitCode, exitCode } from './exit-code.js'
import { alignColumns } from './format/columns.js'
import { onInterruption } from './interruption.js'
import { knownEvidence } from './known-evidence.js'
import { openMeasurementBar } from './measurement-progress.js'
import { openBar } from './progress.js'
import { Refusal, wrongUsage } from './refusal.js'
import type { Screen } from './screen.js'
import { withTimeLimit } from './time-limit.js'
import { type ReportOptions, reportValidation } from './validation-report.js'

export interface RandomOptions {
  readonly random?: number
  readonly seed?: number
  readonly predictOnly?: boolean
  readonly out?: string
  readonly wait?: number
  readonly for?: number
  readonly workers?: number
}

export async function validateRandom(screen: Screen, profile: Profile, options: RandomOptions, report: ReportOptions): Promise<ExitCode> {
  if (options.seed === undefined) throw wrongUsage('validate --random: give --seed, one that was not used before')
  if (options.predictOnly !== true) await requireTestbed()
  const { predictRandom, randomFolder } = await import('../experiments/validation/index.js')
  const folder = resolve(options.out ?? randomFolder(options.seed))
  const bar = await openBar(screen)
  const interruption = onInterruption()
  const workers = options.workers ?? availableParallelism()
  const wanted = { seed: options.seed, count: options.random! }
  const predicted = await predictRandom(folder, wanted, profile, { workers, signal: interruption, onProgress: bar.update }).finally(
    bar.stop,
  )
  await announce(screen, predicted)
  if (options.predictOnly === true) {
    await printPredictions(screen, predicted)
    screen.document({ summary: [], rows: predicted.predictions.rows, points: [], out: folder, predictedAt: predicted.manifest.predictedAt })
    return exitCode.done
  }
  const outcome = await measure(screen, predicted, profile, options, interruption)
  const seeds = await seedsInWords(folder)
  for (const { point, reason } of outcome.missing) screen.error(`not measured: ${point}: ${reason}`)
  const { predictedAt, profileHash, modelHash } = predicted.manifest
  const evidence = `${options.random} random topologies of seed ${options.seed}`
  const code = await reportValidation(
    screen,
    profile,
    { sets: [{ name: evidence, comparisons: outcome.comparisons }], rows: outcome.rows, evidence, ablation: [] },
    report,
    { folder, predictedAt, profileHash, modelHash, missing: outcome.missing, pending: outcome.pending },
  )
  screen.print(seeds)
  if (outcome.pending > 0) screen.error(`${outcome.pending} runs are still to be measured; the same call goes on with them`)
  return outcome.pending > 0 || outcome.missing.length > 0 ? exitCode.failed : code
}

/** Exit code 4, with the command that helps, before anything is written. */
async function requireTestbed(): Promise<void> {
  const { missingForMeasuring } = await import('../experiments/testbed/doctor.js')
  const reason = await missingForMeasuring()
  if (reason !== null) throw new Refusal(exitCode.machine, `validate: ${reason}; see fairway doctor (--predict-only needs no testbed)`)
}

async function announce(screen: Screen, { folder, manifest, predictions, isNew }: Predicted): Promise<void> {
  const { modelHash } = await import('../experiments/model-hash.js')
  screen.notice(
    `${isNew ? 'predictions written' : 'predictions of an earlier call'}: ${folder}/predictions.json, ${manifest.predictedAt}, profile ${predictions.profileHash}`,
  )
  const ours = await modelHash()
  if (ours !== predictions.modelHash)
    screen.notice(
      `the model has changed since they were written (${predictions.modelHash}, now ${ours}): what follows judges the earlier one`,
    )
}

async function printPredictions(screen: Screen, { plan, predictions }: Predicted): Promise<void> {
  const { pointInWords } = await import('../experiments/validation/index.js')
  const lines = plan.experiments[0]!.experiment.points.map(({ id, model, scenario }) => {
    const row = predictions.rows.find((one) => one.point === id && one.metric === 'latency' && one.statistic === 'p50')!
    const value = estimate(row.value / 1000, row.halfWidth === null ? null : row.halfWidth / 1000)
    return [model, pointInWords(scenario, Object.values(scenario.flows)[0]!), `${value} us`]
  })
  screen.print(`predicted p50 of latency ± total 95 %, profile ${predictions.profile}; every process on core 1`)
  screen.print(alignColumns(lines, { right: [2] }))
}

async function measure(
  screen: Screen,
  predicted: Predicted,
  profile: Profile,
  options: RandomOptions,
  interruption: AbortSignal,
): Promise<RandomOutcome> {
  const { measureRandom } = await import('../experiments/validation/index.js')
  const { BusyError } = await import('../experiments/campaign/index.js')
  const bar = await openMeasurementBar(screen)
  const signal = withTimeLimit(interruption, options.for)
  try {
    const known = await knownEvidence([])
    return await measureRandom(predicted, known, profile, { onProgress: bar.update, signal, waitSeconds: options.wait ?? 0 })
  } catch (error) {
    throw error instanceof BusyError ? new Refusal(exitCode.machine, `validate: ${error.message}`) : error
  } finally {
    bar.stop()
  }
}

async function seedsInWords(folder: string): Promise<string> {
  const { seedsBeside } = await import('../experiments/validation/index.js')
  const seeds = seedsBeside(folder).filter(({ isMeasured }) => isMeasured)
  return `every process on core 1 (placements on two cores lie outside the region of trust); seeds measured here: ${seeds.map(({ seed }) => seed).join(', ')}`
}
