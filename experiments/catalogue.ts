/** The experiments that ship, and new ones made from them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findExperimentFile, loadExperimentFile } from './experiment-file.js'
import { packageRoot } from './package-root.js'
import { isExperimentName } from './schema/index.js'
import { nearest } from './schema/words.js'

export interface CatalogueEntry {
  readonly name: string
  readonly file: string
  /** The question that opens the file. */
  readonly question: string
  readonly points: number
}

const shipped = fileURLToPath(new URL('experiments/', packageRoot))

/** The experiments in the folder of those that ship, by name; one that can't be read says so in place of its question. */
export function listExperiments(): readonly CatalogueEntry[] {
  const files = readdirSync(shipped).filter((file) => file.endsWith('.yaml'))
  return files.sort().map((name) => {
    const file = join(shipped, name)
    const loaded = loadExperimentFile(file)
    if ('errors' in loaded) {
      const mistakes = loaded.errors.length === 1 ? 'one mistake' : `${loaded.errors.length} mistakes`
      return { name: name.replace(/\.yaml$/, ''), file, question: `(${mistakes}; \`explain ${file}\` names them)`, points: 0 }
    }
    const { experiment } = loaded
    return { name: experiment.name, file, question: experiment.question, points: experiment.points.length }
  })
}

/** The file that was written, or why none was. */
export type NewExperiment = { readonly file: string } | { readonly refusal: string }

/**
 * Writes `directory/NAME.yaml`: a copy of another experiment (a name or a path) under its own name. Never overwrites.
 */
export function newExperiment(name: string, from: string, directory: string): NewExperiment {
  if (!isExperimentName(name)) return { refusal: `expected a name of letters, digits, "-" and "_", got ${JSON.stringify(name)}` }
  const source = findExperimentFile(from)
  if (source === null) return { refusal: `expected ${unknownSource(from)}` }
  const file = join(directory, `${name}.yaml`)
  if (existsSync(file)) return { refusal: `${file} exists already; nothing was written` }
  const text = renamed(readFileSync(source, 'utf8'), name)
  if (text === null) return { refusal: `${source} has no line that begins with "name:"; nothing was written` }
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, text, { flag: 'wx' })
  return { file }
}

function unknownSource(from: string): string {
  const names = listExperiments().map((entry) => entry.name)
  const near = nearest(from, names)
  const hint = near === null ? '' : ` (did you mean ${JSON.stringify(near)}?)`
  return `an experiment that ships (${names.join(', ')}) or a file, got ${JSON.stringify(from)}${hint}`
}

/** The text with its `name:` changed and everything else, comments too, as it was; null where it names itself in another way. */
function renamed(text: string, name: string): string | null {
  const line = /^name:[ \t]*[\w-]+/m
  return line.test(text) ? text.replace(line, `name: ${name}`) : null
}
