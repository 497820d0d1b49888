/** Where a validation finds measured rows: data sets by folder or name, result folders, experiments through the scenarios that were measured. */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { findExperimentFile, type LoadedExperiment, shippedNames } from '../experiments/experiment-file.js'
import { describes } from '../experiments/machine.js'
import type { Result } from '../experiments/result.js'
import { nearest } from '../experiments/schema/words.js'
import type { Evidence } from '../experiments/validation/index.js'
import type { Profile } from '../models/profiles/profile.js'
import { findProfile } from './find-profile.js'
import { loadExperiments } from './load-experiments.js'
import { wrongUsage } from './refusal.js'

export type DataSetEvidence = Evidence & {
  readonly folder: string
  /** Of the machines that it was measured on. */
  readonly processors: readonly string[]
}

/** Every data set that can be found, the given folders among them: the fit's rows are looked for in all of them. */
export async function knownEvidence(given: readonly string[]): Promise<DataSetEvidence[]> {
  const { dataSetFolders } = await import('../experiments/measured-rows.js')
  const { isDataSet, readDataSet } = await import('../experiments/campaign/index.js')
  const folders = [...new Set([...given.map((name) => resolve(name)), ...dataSetFolders()])].filter(isDataSet)
  return folders.map((folder) => {
    const { plan, experiments, rows, manifest } = readDataSet(folder)
    const processors = [...new Set(manifest.environments.map(({ processor }) => processor))]
    return { name: plan.name, folder, processors, experiments, rows }
  })
}

/**
 * Data sets as they are; a result with the measured rows that it holds; an experiment with what any data set of the profile's machine measured for its scenarios; without names, every set of that
 * machine that holds something out.
 */
export async function evidenceFor(
  names: readonly string[],
  known: readonly DataSetEvidence[],
  { name: profileName, machine }: Profile,
): Promise<readonly Evidence[]> {
  if (names.length === 0) {
    const sets = known
      .filter(({ processors }) => processors.some((processor) => describes(machine, processor)))
      .map((one) => ({ ...one, rows: one.rows.filter(({ role }) => role === 'held-out') }))
      .filter(({ rows }) => rows.length > 0)
    if (sets.length === 0)
      throw wrongUsage(
        `validate: no data set with held-out rows was found that was measured on the machine of profile ${profileName} (${machine})`,
      )
    return sets
  }
  const { measuredRowsOf, rowsMeasuredOn } = await import('../experiments/measured-rows.js')
  const find = async (name: string): Promise<Evidence> => {
    const set = known.find(({ folder }) => folder === resolve(name)) ?? known.find(({ folder }) => basename(folder) === name)
    if (set !== undefined) return set
    const result = await resultAt(name)
    if (result !== null) return measuredIn(result)
    if (findExperimentFile(name) === null) throw wrongUsage(notFound(name, known))
    const [{ experiment }] = loadExperiments([name]) as [LoadedExperiment]
    return { name: experiment.name, experiments: [experiment], rows: rowsMeasuredOn(machine, measuredRowsOf(experiment)) }
  }
  return Promise.all(names.map(find))
}

/** The result in a folder; null where `name` is none: a data set has a manifest too, but a plan in place of an experiment. */
async function resultAt(name: string): Promise<Result | null> {
  if (!['manifest.json', 'experiment.yaml'].every((file) => existsSync(join(name, file)))) return null
  const { readResult } = await import('../experiments/result.js')
  try {
    return readResult(name)
  } catch (error) {
    throw wrongUsage(`validate: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The measured rows that a result lays beside its predictions. */
async function measuredIn({ folder, experiment }: Result): Promise<Evidence> {
  const { readResults } = await import('../experiments/store/index.js')
  const { rows } = await readResults(folder)
  const measured = rows.filter(({ source }) => source === 'measured')
  if (measured.length === 0) throw wrongUsage(`validate: ${folder.path} holds no measured rows; \`measure\` adds them (root)`)
  return { name: folder.path, experiments: [experiment], rows: measured }
}

/**
 * The profile that the given result folders were predicted with and the given experiments name; null where none of the names says one: a data set
 * doesn't, nor does an experiment without `profile`.
 */
export async function ownProfileOf(names: readonly string[]): Promise<Profile | null> {
  const { profileHash } = await import('../models/index.js')
  const { dataSetFolders } = await import('../experiments/measured-rows.js')
  const dataSets = new Set(dataSetFolders().map((folder) => basename(folder)))
  const own = async (name: string): Promise<Profile | null> => {
    if (dataSets.has(name)) return null
    const result = await resultAt(name)
    if (result !== null) return result.profile
    if (findExperimentFile(name) === null) return null
    const [{ experiment }] = loadExperiments([name]) as [LoadedExperiment]
    return experiment.profile === null ? null : findProfile(experiment.profile)
  }
  const found = (await Promise.all(names.map(own))).filter((profile) => profile !== null)
  const profiles = new Map(found.map((profile) => [profileHash(profile), profile]))
  if (profiles.size > 1) {
    const different = [...profiles.values()].map(({ name }) => name).join(', ')
    throw wrongUsage(`validate: what is named has different profiles (${different}); --profile names the one to judge`)
  }
  return found[0] ?? null
}

function notFound(name: string, known: readonly DataSetEvidence[]): string {
  const sets = known.map(({ folder }) => basename(folder))
  const near = nearest(name, [...shippedNames(), ...sets])
  const hint = near === null ? `; the data sets here are ${sets.join(', ')}` : ` (did you mean "${near}"?)`
  return `${name}: expected an experiment or a data set, by file, folder or name, or a result folder, and found none of them${hint}`
}

/** The evidence without the points whose paths cross stages that the profile has no numbers for, and how many those are. */
export async function evidenceWithin(
  evidence: readonly Evidence[],
  profile: Profile,
): Promise<{ readonly evidence: readonly Evidence[]; readonly leftOut: number }> {
  const { unknownStages } = await import('../experiments/uncalibrated.js')
  let leftOut = 0
  const within = evidence.flatMap((one): Evidence[] => {
    const unknown = new Set(
      one.experiments.flatMap(({ name, points }) =>
        points.flatMap(({ id, scenario }) => (unknownStages(scenario, profile).length > 0 ? [`${name}\n${id}`] : [])),
      ),
    )
    leftOut += unknown.size
    const rows = one.rows.filter(({ experiment, point }) => !unknown.has(`${experiment}\n${point}`))
    return rows.length === 0 && unknown.size > 0 ? [] : [{ ...one, rows }]
  })
  return { evidence: within, leftOut }
}
