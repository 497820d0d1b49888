/** What the commands do, as functions: a library user gets the same answers. */
import { type ExplainedPath, explainScenario, type Profile } from '../models/index.js'
import { compareModels, type Pair } from './comparison.js'
import type { Experiment } from './experiment.js'
import { loadProfile } from './profile-file.js'
import { type RunOptions, type RunOutcome, runExperiment } from './runner.js'

/** `profile` is a profile, or the file or name of one; without, the experiment's own, else the bundled one. */
export interface WithProfile {
  readonly profile?: Profile | string
}

/** Simulates every point of the experiment; in this thread and without a folder, unless the options say otherwise. */
export function simulate(experiment: Experiment, options: Partial<RunOptions> & WithProfile = {}): Promise<RunOutcome> {
  const { profile, ...run } = options
  return runExperiment(experiment, profileOf(experiment, profile), { folder: null, workers: 1, ...run })
}

/** The stages that each network model's flows cross, at the first point of each. */
export function explain(experiment: Experiment, { profile }: WithProfile = {}): ExplainedPath[] {
  const chosen = profileOf(experiment, profile)
  return experiment.models.flatMap((model) => {
    const point = experiment.points.find((one) => one.model === model)
    return point === undefined ? [] : explainScenario(point.scenario, chosen).map((path) => ({ ...path, model }))
  })
}

/** Each network model against `baseline` (default: the experiment's, else its first), at every point of what was simulated. */
export function compare(
  experiment: Experiment,
  outcome: RunOutcome,
  { profile, baseline }: WithProfile & { readonly baseline?: string } = {},
): Pair[] {
  return compareModels(outcome.points, baseline ?? experiment.baseline ?? experiment.models[0]!, profileOf(experiment, profile))
}

function profileOf(experiment: Experiment, profile: Profile | string | undefined): Profile {
  return typeof profile === 'object' ? profile : loadProfile(profile ?? experiment.profile)
}
