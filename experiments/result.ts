/** A result folder read back: the experiment, the profile and the replications that its rows were made from. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Profile } from '../models/profiles/profile.js'

import type { Experiment } from './experiment.js'
import { type ExperimentFile, loadExperimentFile } from './experiment-file.js'
import { parseProfile } from './profile-file.js'
import { openReplications } from './replications.js'
import { replicationId, runIdentity } from './run-id.js'
import { formatErrors } from './schema/index.js'
import type { SimulatedPoint } from './simulated-rows.js'
import { replicationsWanted } from './stopping-rule.js'
import { atomicWrite, type Manifest, type ResultFolder, readManifest, resultFolder } from './store/index.js'

export interface Result {
  readonly folder: ResultFolder
  readonly manifest: Manifest
  readonly experiment: Experiment
  readonly file: ExperimentFile
  readonly profile: Profile
}

const profileIn = (path: string) => join(path, 'profile.json')

/** Keeps beside the results what they were made from: the experiment with the files that it extends, and the profile. */
export function keepInputs(path: string, file: ExperimentFile, profile: Profile): void {
  const folder = resultFolder(path)
  atomicWrite(folder.experiment, file.text)
  for (const [name, text] of file.bases) atomicWrite(join(path, `${name}.yaml`), text)
  atomicWrite(profileIn(path), `${JSON.stringify(profile, null, 2)}\n`)
}

/** @throws Error that says what of a result folder `path` lacks. */
export function readResult(path: string): Result {
  const folder = resultFolder(path)
  for (const needed of [folder.manifest, folder.experiment, profileIn(path)]) {
    if (!existsSync(needed)) throw new Error(`${path}: expected a result folder, but it has no ${needed.slice(path.length + 1)}`)
  }
  const manifest = readManifest(folder.manifest)
  const loaded = loadExperimentFile(folder.experiment)
  if ('errors' in loaded) throw new Error(formatErrors(loaded.errors))
  return {
    folder,
    manifest,
    file: loaded,
    experiment: { ...loaded.experiment, seed: manifest.seed },
    profile: parseProfile(readFileSync(profileIn(path), 'utf8'), profileIn(path)),
  }
}

/** The experiment file that a result folder was last made from; null where that isn't known, also where its manifest is damaged. */
export function madeFrom(path: string): string | null {
  try {
    return readManifest(resultFolder(path).manifest).file ?? null
  } catch {
    return null
  }
}

/** The replications behind the rows, under the model that made them; a replication that is not there is null. */
export async function readSimulatedPoints({ folder, manifest, experiment, profile }: Result): Promise<SimulatedPoint[]> {
  const kept = await openReplications(folder.path)
  const run = runIdentity(experiment, profile, manifest.modelHash ?? '')
  return Promise.all(
    experiment.points.map(async (point) => {
      const records = []
      for (;;) {
        const finished = records.filter((record) => record !== null)
        if (finished.length < records.length || replicationsWanted(experiment.stop, finished) <= records.length) return { point, records }
        records.push(await kept.find(replicationId(point, records.length, run)))
      }
    }),
  )
}
