/** `fairway validate`: simulated beside measured, for rows that no fit has seen; or for topologies that nobody chose (--random). */
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { describes } from '../../experiments/machine.js'
import type { Row } from '../../experiments/rows.js'
import type { ComparedSet, Comparison, Mechanism } from '../../experiments/validation/index.js'
import type { Profile } from '../../models/index.js'
import { findProfile } from '../find-profile.js'
import { onInterruption } from '../interruption.js'
import { evidenceFor, evidenceWithin, knownEvidence, ownProfileOf } from '../known-evidence.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'
import { openBar } from '../progress.js'
import { type RandomOptions, validateRandom } from '../random-validation.js'
import { wrongUsage } from '../refusal.js'
import type { Screen } from '../screen.js'
import { type Compared, reportValidation } from '../validation-report.js'

interface Options extends SharedOptions, RandomOptions {
  readonly profile?: string
  readonly bound?: readonly string[]
  readonly without?: readonly string[]
  readonly writeProfile?: string
}

export function define(command: Command): void {
  command
    .argument(
      '[what...]',
      'experiments, or data sets, by file, folder or name, or result folders (default: every data set with held-out rows)',
    )
    .option('--profile <file|name>', "the profile to judge (default: a result folder's or an experiment's own, else the bundled one)")
    .option('--workers <n>', 'threads that simulate (default: all processors)', wholeNumber(1))
    .option(
      '--bound <bound>',
      'end with exit code 3 where it is not met: "p50 8 %" (the worst error), "median p50 4 %"; repeatable',
      another,
    )
    .option('--without <mechanism>', 'what the errors are without a mechanism of the model, or each of them: all; repeatable', another)
    .option('--write-profile <file>', 'write the profile with the errors found, which reports then show')
    .option('--random <n>', 'compose N topologies, predict them, then measure them (root); needs --seed', wholeNumber(1))
    .option('--seed <n>', 'of --random: one that was not used before', wholeNumber(0))
    .option('--predict-only', 'of --random: write the predictions and stop')
    .option('--out <dir>', 'of --random: its folder (default: results/validate-random-SEED)')
    .option('--wait <seconds>', "of --random: wait for somebody else's campaign instead of ending with exit code 4", wholeNumber(0))
    .option('--for <seconds>', 'of --random: stop measuring after this time, after a whole set-up; the same call goes on', wholeNumber(1))
  act<Options>(command, async (screen, [given], options) => {
    const { parseBound, ValidationRefusal } = await import('../../experiments/validation/index.js')
    try {
      const own = options.profile === undefined ? await ownProfileOf(given as string[]) : null
      const profile = own ?? findProfile(options.profile)
      const report = { bounds: (options.bound ?? []).map(parseBound), writeProfile: options.writeProfile ?? null }
      if (options.random !== undefined) {
        if ((given as string[]).length > 0) throw wrongUsage('validate --random composes its own topologies: it takes no experiments')
        if (options.without !== undefined)
          throw wrongUsage('validate --random takes no --without: name the folder that it measured instead')
        return await validateRandom(screen, profile, options, report)
      }
      const stray = (['seed', 'predictOnly', 'out', 'wait', 'for'] as const).find((name) => options[name] !== undefined)
      if (stray !== undefined) throw wrongUsage(`validate: --${stray === 'predictOnly' ? 'predict-only' : stray} belongs to --random`)
      return await reportValidation(screen, profile, await compareKnown(screen, given as string[], profile, options), report)
    } catch (error) {
      throw error instanceof ValidationRefusal ? wrongUsage(`validate: ${error.message}`) : error
    }
  })
}

const another = (text: string, before: readonly string[] = []): string[] => [...before, text]

async function compareKnown(screen: Screen, given: readonly string[], profile: Profile, options: Options): Promise<Compared> {
  const { ablationLines, ablations, validateEvidence } = await import('../../experiments/validation/index.js')
  const wanted = await mechanismsOf(options.without ?? [])
  const known = await knownEvidence(given)
  const { evidence, leftOut } = await evidenceWithin(await evidenceFor(given, known, profile), profile)
  if (evidence.length === 0)
    throw wrongUsage(`validate: profile ${profile.name} has no numbers for the stages of these paths: calibrate it`)
  for (const { name, processors } of known.filter((one) => evidence.some(({ name: judged }) => judged === one.name)))
    if (!processors.some((processor) => describes(profile.machine, processor)))
      screen.notice(
        `${name} was measured on ${processors.join(', ')}; profile ${profile.name} describes ${profile.machine}: errors compare machines`,
      )
  if (leftOut > 0) screen.notice(`${leftOut} points cross stages that profile ${profile.name} has no numbers for: left out`)
  const bar = await openBar(screen)
  const run = { workers: options.workers ?? availableParallelism(), signal: onInterruption(), onProgress: bar.update }
  const sets: ComparedSet[] = []
  const rows: Row[] = []
  const bare = new Map<Mechanism, Comparison[]>(wanted.map((name) => [name, []]))
  try {
    for (const one of evidence) {
      const found = await validateEvidence(one, known, profile, run)
      sets.push({ name: one.name, comparisons: found.comparisons })
      rows.push(...found.rows)
      for (const name of wanted) bare.get(name)!.push(...(await validateEvidence(one, known, profile, run, ablations[name])).comparisons)
    }
  } finally {
    bar.stop()
  }
  const comparisons = sets.flatMap((set) => set.comparisons)
  const ablation = wanted.flatMap((name) => ablationLines(name, comparisons, bare.get(name)!))
  return { sets, rows, evidence: evidence.map(({ name }) => name).join(', '), ablation }
}

async function mechanismsOf(names: readonly string[]): Promise<readonly Mechanism[]> {
  const { isMechanism, mechanisms } = await import('../../experiments/validation/index.js')
  if (names.includes('all')) return mechanisms
  const unknown = names.find((name) => !isMechanism(name))
  if (unknown !== undefined) throw wrongUsage(`--without: expected all, ${mechanisms.join(', ')}, got "${unknown}"`)
  return names.filter(isMechanism)
}
