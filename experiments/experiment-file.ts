/** Experiment files on disk: found by path or by the name of one that ships, and read with the files that they extend. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Experiment } from './experiment.js'
import { packageRoot } from './package-root.js'
import { type ExperimentError, parseExperiment } from './schema/index.js'

export interface ExperimentFile {
  /** As it was found, relative to the current folder where it lies below it. */
  readonly file: string
  readonly text: string
  /** Texts of the files that it extends, by the name that `extends` calls them. */
  readonly bases: ReadonlyMap<string, string>
}

export type LoadedExperiment = ExperimentFile & { readonly experiment: Experiment }

export type Loaded = LoadedExperiment | { readonly errors: readonly ExperimentError[] }

const shipped = fileURLToPath(new URL('experiments/', packageRoot))

/** The file of a path or of a name (`first`, `mine`): as it stands, in ./experiments, or one that ships; null where there is none. */
export function findExperimentFile(pathOrName: string): string | null {
  const places = isName(pathOrName)
    ? [`experiments/${pathOrName}.yaml`, `${pathOrName}.yaml`, join(shipped, `${pathOrName}.yaml`)]
    : [pathOrName]
  const found = places.find((place) => existsSync(place) && statSync(place).isFile())
  return found === undefined ? null : shortest(found)
}

/** Names by which the experiments that ship are found. */
export function shippedNames(): string[] {
  return readdirSync(shipped)
    .flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []))
    .sort()
}

/** Reads and parses the file; `extends: NAME` looks beside it first and then among those that ship. */
export function loadExperimentFile(file: string): Loaded {
  const text = readFileSync(file, 'utf8')
  const bases = new Map<string, string>()
  const parsed = parseExperiment(text, file, {
    readBase(name) {
      if (!isName(name)) return undefined
      const place = [join(dirname(file), `${name}.yaml`), join(shipped, `${name}.yaml`)].find((candidate) => existsSync(candidate))
      if (place === undefined) return undefined
      const base = { text: readFileSync(place, 'utf8'), fileName: shortest(place) }
      bases.set(name, base.text)
      return base
    },
  })
  return 'errors' in parsed ? parsed : { experiment: parsed.experiment, file, text, bases }
}

const isName = (text: string) => /^[A-Za-z][\w-]*$/.test(text)

/** Messages name a file as the user would type it. */
function shortest(file: string): string {
  const below = relative('', file)
  return below.startsWith('..') ? file : below
}
