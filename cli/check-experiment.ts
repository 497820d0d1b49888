/** What is said of an experiment that has no mistakes, before it runs: warnings at their lines, and stages that the profile does not know. */
import type { LoadedExperiment } from '../experiments/experiment-file.js'
import { type ExperimentError, formatErrors } from '../experiments/schema/index.js'
import { child, type Place } from '../experiments/schema/located.js'
import { alternatives } from '../experiments/schema/words.js'
import { readYaml } from '../experiments/schema/yaml.js'
import { uncalibrated } from '../experiments/uncalibrated.js'
import type { Profile } from '../models/profiles/profile.js'
import { exitCode } from './exit-code.js'
import { Refusal } from './refusal.js'
import type { Screen } from './screen.js'

/** Warnings go to standard error; they are no mistakes. */
export function printWarnings(screen: Screen, { experiment }: LoadedExperiment): void {
  for (const { file, line, column, path, expected, found } of experiment.warnings ?? [])
    screen.notice(`${file}:${line}:${column}  ${path}: warning: ${expected} fits, and this is ${found}`)
}

/** @throws Refusal that names each network model with a stage that the profile has no numbers for */
export function requireCalibrated(loaded: LoadedExperiment, profile: Profile): void {
  const errors = uncalibrated(loaded.experiment, profile).map(({ model, stages }): ExperimentError => {
    const { place, path } = placeOf(loaded, model)
    const found = `a path over ${alternatives(stages).replace(/ or ([^ ]+)$/, ' and $1')}, which profile ${profile.name} has no numbers for`
    return {
      ...place,
      path,
      expected: 'stages that the profile knows (calibrate it, or choose another with --profile)',
      found,
      suggestion: null,
    }
  })
  if (errors.length > 0) throw new Refusal(exitCode.usage, formatErrors(errors), errors)
}

/** Where a network model is written; a file without models, or one that inherits them, is named by its start. */
function placeOf({ file, text }: LoadedExperiment, model: string): { readonly place: Place; readonly path: string } {
  const { root } = readYaml(text, file)
  const models = root === null ? undefined : child(root, 'models')
  const entry = models?.kind === 'map' ? models.entries.get(model) : undefined
  if (entry === undefined) return { place: { file, line: 1, column: 1 }, path: 'networks' }
  return { place: { file, line: entry.key.line, column: entry.key.column }, path: `models.${model}` }
}
