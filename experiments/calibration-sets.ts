/** The sets that a calibration reads: data sets and probe sets, those that ship or those of this machine. */
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type DataSet, isDataSet, parsePlan, readDataSet, runCampaign } from './campaign/index.js'
import { measureProbes } from './measure-probes.js'
import { dataSetFolders } from './measured-rows.js'
import { isProbeSet, type ProbeSet, probePlan, readProbeSet } from './probes.js'

/** What the bundled profile was fitted to. */
export const bundledSets: readonly string[] = ['lab', 'lab-acks', 'lab-chains', 'lab-probes', 'elements']

export interface CalibrationSets {
  readonly dataSets: readonly DataSet[]
  readonly probeSets: readonly ProbeSet[]
}

/** Opens folders, or shipped sets by name; `missing` names the first that is neither. */
export function openSets(given: readonly string[]): CalibrationSets | { readonly missing: string } {
  const dataSets: DataSet[] = []
  const probeSets: ProbeSet[] = []
  for (const name of given) {
    const folder = folderOf(name)
    if (folder === undefined) return { missing: name }
    if (isProbeSet(folder)) probeSets.push(readProbeSet(folder))
    else dataSets.push(readDataSet(folder))
  }
  return { dataSets, probeSets }
}

function folderOf(name: string): string | undefined {
  return [resolve(name), ...dataSetFolders().filter((folder) => basename(folder) === name)].find(
    (folder) => isDataSet(folder) || isProbeSet(folder),
  )
}

/** Measures the plans of the given sets on this machine, into ./experiments/measurements/here-NAME; what is there already is kept. */
export async function measureSets(
  given: readonly string[],
  notice: (text: string) => void,
): Promise<CalibrationSets | { readonly missing: string }> {
  const dataSets: DataSet[] = []
  const probeSets: ProbeSet[] = []
  for (const name of given) {
    const folder = folderOf(name)
    if (folder === undefined) return { missing: name }
    const here = `here-${basename(folder)}`
    const target = join('experiments/measurements', here)
    notice(`measuring ${here}`)
    if (isProbeSet(folder)) probeSets.push(await measureProbes(probePlan(here), target))
    else {
      const path = join(folder, 'plan.yaml')
      const plan = parsePlan(readFileSync(path, 'utf8').replace(/^name: .*$/m, `name: ${here}`), path)
      dataSets.push(await runCampaign(plan, target))
    }
  }
  return { dataSets, probeSets }
}
