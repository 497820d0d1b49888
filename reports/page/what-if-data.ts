/** What the page embeds for what-if, out of a report. */
import type { Experiment } from '../../experiments/experiment.js'
import { modelHash } from '../../experiments/model-hash.js'
import { loadProfile } from '../../experiments/profile-file.js'
import { resolvedDocument } from '../../experiments/schema/index.js'
import { profileHash } from '../../models/index.js'
import type { Profile } from '../../models/profiles/profile.js'
import type { Report } from '../report.js'
import { PROFILE_FILE } from '../what-if/experiment-text.js'
import type { WhatIfPage } from '../what-if/initial.js'

/** Null without the experiment file or without a profile: there is nothing to change, or nothing to change it with. */
export async function whatIfPage({ experiment, profile, file, baseline }: Report): Promise<WhatIfPage | null> {
  if (!profile || profile.coefficients.length === 0 || !file) return null
  const document = resolvedDocument(file.text, file.file, { readBase: (name) => file.bases.get(name) })
  if (document === null) return null
  const heads = experiment.models.flatMap((model) => experiment.points.find((point) => point.model === model) ?? [])
  return {
    base: { document, profile, profileKey: profileKey(experiment, profile), modelHash: await modelHash() },
    seed: experiment.seed,
    baseline,
    models: Object.fromEntries(heads.map(({ model, scenario }) => [model, scenario])),
  }
}

/** What an experiment file says to get this profile: nothing or the experiment's own word, where the command finds it by that. */
function profileKey({ profile: named }: Experiment, profile: Profile): string | null {
  try {
    if (profileHash(loadProfile(named)) === profileHash(profile)) return named
  } catch {
    // It lies elsewhere, or is no longer there.
  }
  return PROFILE_FILE
}
