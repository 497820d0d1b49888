/**
 * Measured rows for an experiment, out of the data sets that ship and those in the current folder. A measurement belongs to a point when
 * the two scenarios are the same, whatever the experiment files are called: a copy of a file that ships finds what was measured for it,
 * and loses it with the first change that would make it another path.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDataSet, readDataSet } from './campaign/index.js'
import { canonicalJson } from './canonical-json.js'
import type { Experiment } from './experiment.js'
import { describes, processorOf } from './machine.js'
import { packageRoot } from './package-root.js'
import type { Row } from './rows.js'

const shipped = fileURLToPath(new URL('experiments/measurements/', packageRoot))

/** Where data sets are looked for: the shipped ones, then those of ./experiments/measurements. */
export function dataSetFolders(): string[] {
  const roots = [...new Set([resolve(shipped), resolve('experiments/measurements')])]
  const folders = roots.flatMap((root) => (existsSync(root) ? readdirSync(root).sort() : []).map((name) => join(root, name)))
  return folders
}

/**
 * The rows of campaigns that ran on a profile's machine: only they are laid beside its predictions. A run's row names no processor, its campaign's
 * others do.
 */
export function rowsMeasuredOn(machine: string, rows: readonly Row[]): Row[] {
  const here = new Set(rows.filter((row) => describes(machine, processorOf(row))).map(({ campaign }) => campaign))
  return rows.filter(({ campaign }) => here.has(campaign))
}

/** Rows under this experiment's names; a row keeps its id, which names the measurement. */
export function measuredRowsOf(experiment: Experiment, folders: readonly string[] = dataSetFolders()): Row[] {
  const pointOf = new Map(experiment.points.map((point) => [canonicalJson(point.scenario), point]))
  return folders.filter(isDataSet).flatMap((folder) => {
    const { experiments, rows } = readDataSet(folder)
    const measured = new Map(
      experiments.flatMap(({ name, points }) => points.map(({ id, scenario }) => [`${name}\n${id}`, pointOf.get(canonicalJson(scenario))])),
    )
    return rows.flatMap((row) => {
      const point = measured.get(`${row.experiment}\n${row.point}`)
      return point === undefined ? [] : [{ ...row, experiment: experiment.name, point: point.id, model: point.model }]
    })
  })
}
