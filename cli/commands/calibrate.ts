/** `fairway calibrate DATASET`: fits a profile to a campaign's fit rows, writes it, and prints its uncertainty. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Calibration } from '../../experiments/calibration.js'
import { estimate, percent, significant } from '../../reports/format/estimate.js'
import { exitCode } from '../exit-code.js'
import { findProfile } from '../find-profile.js'
import { alignColumns } from '../format/columns.js'
import { act, type SharedOptions } from '../options.js'
import { wrongUsage } from '../refusal.js'

interface Options extends SharedOptions {
  readonly name?: string
  readonly out?: string
  readonly measure?: boolean
  readonly extend?: string
}

export function define(command: Command): void {
  command
    .argument('[data sets...]', 'data sets and probe sets: folders, or names of those that ship (default: those of the bundled profile)')
    .option('--name <name>', "name of the profile (default: the first set's)")
    .option('--out <file>', 'where it is written (default: ./NAME.profile.json)')
    .option('--extend <profile>', 'keep this profile and add what it lacks, scaled by the paths that it knows')
    .option('--measure', 'first measure the shipped plans on this machine (root, about 45 minutes; interrupted, it goes on)')
  act<Options>(command, async (screen, [given], options) => {
    const { bundledSets, measureSets, openSets } = await import('../../experiments/calibration-sets.js')
    const { calibrate, extend } = await import('../../experiments/calibration.js')
    const folders = (given as readonly string[]).length > 0 ? (given as readonly string[]) : bundledSets
    const opened = options.measure ? await measureSets(folders, (text) => screen.notice(text)) : openSets(folders)
    if ('missing' in opened)
      throw wrongUsage(`${opened.missing}: expected the folder of a data set or probe set, or the name of one that ships`)
    const { dataSets, probeSets } = opened
    const base = options.extend === undefined ? null : findProfile(options.extend)
    const name = options.name ?? base?.name ?? dataSets[0]?.plan.name ?? 'mine'
    const calibrated = base === null ? calibrate(dataSets, probeSets, name) : extend(base, dataSets, probeSets)
    const out = options.out ?? join('.', `${name}.profile.json`)
    writeFileSync(out, `${JSON.stringify(calibrated.profile, null, 2)}\n`)
    screen.print(describe(calibrated, out))
    screen.document({ profile: calibrated.profile, residuals: calibrated.residuals, out })
    return exitCode.done
  })
}

function describe({ profile, residuals: seen }: Calibration, out: string): string {
  const size = profile.coefficients.length
  const coefficients = profile.coefficients.map(({ name, value, unit }, i) => {
    const halfWidth = 1.96 * Math.sqrt(Math.max(0, profile.covariance[i * size + i]!))
    return [name, halfWidth > 0 ? estimate(value, halfWidth) : significant(value, 3), unit]
  })
  const residuals = seen.map(({ label, measuredNs, fittedNs }) => [
    label,
    `${significant(measuredNs / 1000, 4)} us`,
    `${significant(fittedNs / 1000, 4)} us`,
    percent((fittedNs - measuredNs) / measuredNs, { signed: true }),
  ])
  return [
    `profile ${profile.name}: ${profile.machine}; fitted to ${profile.fitRows.length} rows of ${profile.dataSet}`,
    alignColumns([['coefficient', 'value, 95 %', ''], ...coefficients], { right: [1] }),
    'what the fit saw (agreement here is no evidence: `fairway validate` has the held-out errors)',
    alignColumns([['point', 'measured p50', 'fitted', 'residual'], ...residuals], { right: [1, 2, 3] }),
    `written to ${out}`,
  ].join('\n')
}
