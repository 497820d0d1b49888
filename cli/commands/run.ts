/** `fairway run EXPERIMENT...`: simulates, and leaves a result folder for each experiment. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Failure } from '../../experiments/runner.js'
import { printWarnings, requireCalibrated } from '../check-experiment.js'
import { exitCode } from '../exit-code.js'
import { findProfile } from '../find-profile.js'
import { onInterruption } from '../interruption.js'
import { loadExperiments } from '../load-experiments.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'
import { openBar } from '../progress.js'
import { wrongUsage } from '../refusal.js'
import type { Screen } from '../screen.js'

interface Options extends SharedOptions {
  readonly out?: string
  readonly workers?: number
  readonly profile?: string
  readonly seed?: number
}

export function define(command: Command): void {
  command
    .argument('<experiment...>', 'experiment files, or names of experiments that ship')
    .option('--out <dir>', 'result folder; with several experiments, the folder for theirs (default: results/NAME)')
    .option('--workers <n>', 'threads that simulate; the results do not depend on it (default: all processors)', wholeNumber(1))
    .option('--profile <file|name>', "the machine to predict (default: the experiment's profile, else the bundled one)")
    .option('--seed <n>', "in place of the experiment's own", wholeNumber(0))
  act<Options>(command, async (screen, [names], options) => {
    const loaded = loadExperiments(names as string[]).map((one) =>
      options.seed === undefined ? one : { ...one, experiment: { ...one.experiment, seed: options.seed } },
    )
    const twice = loaded.find((one, i) => loaded.findIndex(({ experiment }) => experiment.name === one.experiment.name) !== i)
    if (twice)
      throw wrongUsage(
        `${twice.file}: another experiment of this call is named "${twice.experiment.name}" too; their folders would collide`,
      )
    const profiles = loaded.map(({ experiment }) => findProfile(options.profile ?? experiment.profile))
    loaded.forEach((one, i) => {
      printWarnings(screen, one)
      requireCalibrated(one, profiles[i]!)
    })
    const { fillResultFolder } = await import('../fill-result-folder.js')
    const { madeFrom } = await import('../../experiments/result.js')
    const signal = onInterruption()
    const results = []
    for (const [i, one] of loaded.entries()) {
      const path = folderOf(one.experiment.name, loaded.length, options.out)
      const earlier = madeFrom(path)
      if (earlier !== null && earlier !== one.file)
        screen.notice(`${path} was made from ${earlier}; ${one.file} takes its place (--out names another folder)`)
      const bar = await openBar(screen)
      try {
        results.push(
          await fillResultFolder(one, profiles[i]!, {
            path,
            workers: options.workers ?? availableParallelism(),
            command: process.argv.slice(2),
            onProgress: bar.update,
            signal,
          }),
        )
      } finally {
        bar.stop()
      }
      const { summary, failures } = results.at(-1)!
      screen.print(summary)
      report(screen, failures)
    }
    const outs = results.map(({ path }) => path)
    screen.document({
      out: outs.length === 1 ? outs[0] : outs,
      rows: results.flatMap(({ rows }) => rows),
      failures: results.flatMap(({ failures }) => failures),
    })
    return results.some(({ failures }) => failures.length > 0) ? exitCode.failed : exitCode.done
  })
}

function folderOf(name: string, experiments: number, out: string | undefined): string {
  if (out === undefined) return join('results', name)
  return experiments === 1 ? out : join(out, name)
}

/** Failures with one reason stand together. */
function report(screen: Screen, failures: readonly Failure[]): void {
  for (const reason of new Set(failures.map((failure) => failure.reason))) {
    const same = failures.filter((failure) => failure.reason === reason)
    const first = `replication ${same[0]!.replication} of ${same[0]!.point}`
    screen.error(`failed: ${same.length === 1 ? first : `${same.length} replications, the first: ${first}`}: ${reason}`)
  }
  if (failures.length > 0) screen.error('Everything else is kept; the same command tries the failed ones again.')
}
