/** `fairway validate EXPERIMENT...`: simulated beside measured, for the rows that no fit has seen. */
import { availableParallelism } from 'node:os'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import type { LoadedExperiment } from '../../experiments/experiment-file.js'
import type { Comparison, Evidence, ValidationSummary } from '../../experiments/validation.js'
import { estimate, percent } from '../../reports/format/estimate.js'
import { displayUnit } from '../../reports/format/units.js'
import { exitCode } from '../exit-code.js'
import { findProfile } from '../find-profile.js'
import { alignColumns } from '../format/columns.js'
import { onInterruption } from '../interruption.js'
import { loadExperiments } from '../load-experiments.js'
import { act, atLeast, type SharedOptions, wholeNumber } from '../options.js'
import { openBar } from '../progress.js'
import { wrongUsage } from '../refusal.js'

interface Options extends SharedOptions {
  readonly profile?: string
  readonly workers?: number
  readonly median?: number
  readonly worst?: number
}

export function define(command: Command): void {
  command
    .argument('[what...]', 'experiments, or data sets, by file, folder or name (default: every data set)')
    .option('--profile <file|name>', 'the profile to judge (default: the bundled one)')
    .option('--workers <n>', 'threads that simulate (default: all processors)', wholeNumber(1))
    .option('--median <percent>', 'end with exit code 3 where the median error of p50 exceeds this', atLeast(0))
    .option('--worst <percent>', 'end with exit code 3 where the worst error of p50 exceeds this', atLeast(0))
  act<Options>(command, async (screen, [given], options) => {
    const { validateDataSet, summarize } = await import('../../experiments/validation.js')
    const profile = findProfile(options.profile)
    const sets = await evidenceFor(given as string[])
    const bar = await openBar(screen)
    const comparisons: Comparison[] = []
    try {
      const run = { folder: null, workers: options.workers ?? availableParallelism(), signal: onInterruption(), onProgress: bar.update }
      for (const set of sets) comparisons.push(...(await validateDataSet(set, profile, run)).comparisons)
    } catch (error) {
      throw error instanceof RangeError ? wrongUsage(`validate: ${error.message}`) : error
    } finally {
      bar.stop()
    }
    const summary = summarize(comparisons)
    screen.print(describe(profile.name, comparisons, summary))
    screen.document({ summary, rows: comparisons })
    const median = summary.find(({ metric, statistic }) => metric === 'latency' && statistic === 'p50')
    const exceeds = (value: number, bound: number | undefined) => bound !== undefined && value * 100 > bound
    const isMissed = median !== undefined && (exceeds(median.medianError, options.median) || exceeds(median.worstError, options.worst))
    if (isMissed) screen.error('the bound on the error of p50 is not met')
    return isMissed ? exitCode.boundNotMet : exitCode.done
  })
}

/** Data sets as they are; an experiment with what any data set measured for its scenarios. */
async function evidenceFor(names: readonly string[]): Promise<Evidence[]> {
  const { dataSetFolders, measuredRowsOf } = await import('../../experiments/measured-rows.js')
  const { isDataSet, readDataSet } = await import('../../experiments/campaign/index.js')
  const known = dataSetFolders().filter(isDataSet)
  const read = (folder: string): Evidence => ({ name: basename(folder), ...readDataSet(folder) })
  if (names.length === 0) {
    const sets = known.map(read).filter(({ rows }) => rows.some(({ role }) => role === 'held-out'))
    if (sets.length === 0) throw wrongUsage('validate: no data set with held-out rows was found')
    return sets
  }
  return names.map((name) => {
    const folder = [resolve(name), ...known.filter((one) => basename(one) === name)].find(isDataSet)
    if (folder !== undefined) return read(folder)
    const [{ experiment }] = loadExperiments([name]) as [LoadedExperiment]
    return { name: experiment.name, experiments: [experiment], rows: measuredRowsOf(experiment) }
  })
}

function describe(profile: string, comparisons: readonly Comparison[], summary: readonly ValidationSummary[]): string {
  const rows = comparisons.map((one) => {
    const unit = displayUnit(one.metric)
    return [
      one.experiment,
      one.point,
      one.statistic,
      estimate(one.predicted / unit.perUnit, one.predictedHalfWidth / unit.perUnit),
      estimate(one.measured / unit.perUnit, one.measuredHalfWidth === null ? null : one.measuredHalfWidth / unit.perUnit),
      unit.ascii,
      percent(one.error, { signed: true }),
    ]
  })
  const totals = summary.map((line) => [
    `${line.metric} ${line.statistic}`,
    String(line.points),
    percent(line.medianError),
    percent(line.worstError),
    line.repeatability === null ? '-' : percent(line.repeatability),
    percent(line.coverage, { decimals: 0 }),
    percent(line.medianHalfWidth),
    line.worstPoint,
  ])
  return [
    `held-out rows, profile ${profile}   predicted ± total 95 %, measured ± its repeats`,
    alignColumns([['experiment', 'point', '', 'predicted', 'measured', '', 'error'], ...rows], { right: [3, 4, 6] }),
    '',
    alignColumns([['', 'points', 'median error', 'worst', 'repeats to', 'covered', 'interval', 'worst point'], ...totals], {
      right: [1, 2, 3, 4, 5, 6],
    }),
  ].join('\n')
}
