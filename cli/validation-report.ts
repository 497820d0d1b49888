/** Prints what a validation found, writes the profile where that was asked for, and says whether the bounds are met. */
import { writeFileSync } from 'node:fs'
import type { Row } from '../experiments/rows.js'
import type { AblationLine, Bound, ComparedSet } from '../experiments/validation/index.js'
import type { Profile } from '../models/index.js'
import { type ExitCode, exitCode } from './exit-code.js'
import { widthOf } from './format/fold.js'
import { wrongUsage } from './refusal.js'
import type { Screen } from './screen.js'

/** What was compared, however it came about. */
export interface Compared {
  /** By the campaign that measured: an hour in which the machine was disturbed shows as one set that repeats badly. */
  readonly sets: readonly ComparedSet[]
  readonly rows: readonly Row[]
  /** What was compared with, in words. */
  readonly evidence: string
  readonly ablation: readonly AblationLine[]
}

export interface ReportOptions {
  readonly bounds: readonly Bound[]
  /** File for the profile with the errors found; null writes none. */
  readonly writeProfile: string | null
}

/** @param more what the document says besides */
export async function reportValidation(
  screen: Screen,
  profile: Profile,
  { sets, rows, evidence, ablation }: Compared,
  options: ReportOptions,
  more: Readonly<Record<string, unknown>> = {},
): Promise<ExitCode> {
  const { checkBounds, goals, summarize } = await import('../experiments/validation/index.js')
  const text = await import('./format/validation.js')
  const comparisons = sets.flatMap((set) => set.comparisons)
  const summary = summarize(comparisons)
  const checked = checkBounds(options.bounds, summary)
  const reached = checkBounds(goals, summary)
  screen.print(`simulated beside measured (${evidence}), profile ${profile.name}: ${profile.machine}`)
  screen.print('measured ± as it repeats; predicted ± total 95 % (chance + calibration); error = (predicted - measured) / measured\n')
  screen.print(text.pointsInText(comparisons, widthOf(process.stdout)))
  const bySet = sets.map(({ name, comparisons }) => ({ name, summary: summarize(comparisons) }))
  if (sets.length > 1) screen.print(`${text.setsInText(bySet)}\n`)
  if (summary.length > 0)
    screen.print(`${text.repeatedInText(comparisons)}${text.summaryInText(summary)}\n${text.goalsInText(reached, summary)}`)
  if (ablation.length > 0) screen.print(`\n${text.ablationInText(ablation)}`)
  // What a timer decides lies outside the region of trust: a profile is judged by the paths' own costs.
  const trusted = sets.map(({ name, comparisons }) => ({ name, comparisons: comparisons.filter(({ stalls }) => !stalls) }))
  const out = options.writeProfile === null ? null : await writeProfile(options.writeProfile, profile, trusted)
  if (out !== null) screen.print(`profile with these errors: ${out}`)
  screen.document({ summary, bySet, rows, points: comparisons, goals: reached, bounds: checked, ablation, out, ...more })
  const missed = checked.filter(({ met }) => !met)
  for (const check of missed) screen.error(`bound not met: ${text.boundInText(check)}`)
  return missed.length > 0 ? exitCode.boundNotMet : exitCode.done
}

async function writeProfile(file: string, profile: Profile, sets: readonly ComparedSet[]): Promise<string> {
  const { profileValidation } = await import('../experiments/validation/index.js')
  const validation = profileValidation(sets)
  if (validation === null) throw wrongUsage('--write-profile: no held-out p50 was compared, so there are no errors to write')
  writeFileSync(file, `${JSON.stringify({ ...profile, validation }, null, 2)}\n`)
  return file
}
