import { findExperimentFile, type LoadedExperiment, loadExperimentFile, shippedNames } from '../experiments/experiment-file.js'
import { formatErrors } from '../experiments/schema/index.js'
import { nearest } from '../experiments/schema/words.js'
import { exitCode } from './exit-code.js'
import { Refusal, wrongUsage } from './refusal.js'

/** Loads all files before anything runs. @throws Refusal that lists the mistakes of all of them. */
export function loadExperiments(names: readonly string[]): LoadedExperiment[] {
  const loaded = names.map((name) => {
    const file = findExperimentFile(name)
    if (file === null)
      throw wrongUsage(`${name}: expected an experiment file or the name of one that ships, and found neither${suggestion(name)}`)
    return loadExperimentFile(file)
  })
  const errors = loaded.flatMap((one) => ('errors' in one ? one.errors : []))
  if (errors.length > 0) throw new Refusal(exitCode.usage, formatErrors(errors), errors)
  return loaded.filter((one) => 'experiment' in one)
}

function suggestion(name: string): string {
  const near = nearest(name, shippedNames())
  return near === null ? '; `fairway list` shows those that ship' : ` (did you mean "${near}"?)`
}
