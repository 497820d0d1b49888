/** Experiment files: text in, an experiment or all of its mistakes out. Uses no Node API. */
import type { Experiment } from '../experiment.js'
import { expand } from '../sweep.js'
import { type ExperimentError, errorAt, sortedOnce } from './errors.js'
import { MAX_EXTENDS } from './limits.js'
import { child, type MapNode, plainOf } from './located.js'
import { merge, without } from './merge.js'
import * as messages from './messages.js'
import { readObject } from './object.js'
import { readYaml } from './yaml.js'

export { isExperimentName } from './document.js'
export { type ExperimentError, formatError, formatErrors } from './errors.js'
export { type DocumentedKey, experimentDefaults } from './reference.js'
export { formatBitRate, formatBytes, formatDuration, formatMessageRate, parseQuantity } from './units.js'

/** The text of another experiment, with the name that messages call its file by. */
export interface BaseFile {
  readonly text: string
  readonly fileName: string
}

export interface ParseOptions {
  /** Finds the experiment that `extends: NAME` names; undefined where there is none. */
  readonly readBase?: (name: string) => string | BaseFile | undefined
}

export type Parsed = { readonly experiment: Experiment } | { readonly errors: readonly ExperimentError[] }

/** Parses and checks an experiment file. Never throws, whatever the text. */
export function parseExperiment(text: string, fileName: string, options: ParseOptions = {}): Parsed {
  const { root, question, errors } = readYaml(text, fileName)
  return root === null ? { errors: sortedOnce(errors) } : resolve(root, question, errors, fileName, options)
}

/** The same for an experiment that stands in another document (a campaign's plan); mistakes are named by their path alone. */
export function experimentFromDocument(document: unknown, fileName: string, options: ParseOptions = {}): Parsed {
  const { root, errors } = readObject(document, fileName)
  return root === null ? { errors } : resolve(root, '', errors, fileName, options)
}

/** The document with all that it extends merged into it, as plain data with values as they are written; null where it can't be read. */
export function resolvedDocument(text: string, fileName: string, options: ParseOptions = {}): Record<string, unknown> | null {
  const { root } = readYaml(text, fileName)
  if (root === null) return null
  const base = baseOf(root, [fileName], options, [])
  return plainOf(base === null ? root : (merge(without(base, ['name', 'extends']), without(root, ['extends'])) as MapNode))
}

function resolve(root: MapNode, question: string, earlier: readonly ExperimentError[], fileName: string, options: ParseOptions): Parsed {
  const errors = [...earlier]
  const base = baseOf(root, [fileName], options, errors)
  // A base's name is its own: results of an experiment that is only written on top of it would land in its folder.
  const tree = base === null ? root : ownPlace(merge(without(base, ['name', 'extends']), root) as MapNode, root)
  // Where the base could not be read, everything would be missing: its own mistakes are enough.
  const isBroken = base === null && child(root, 'extends') !== undefined
  return isBroken ? { errors: sortedOnce(errors) } : expand(tree, question, errors)
}

/** The document of `extends`, itself resolved; null where there is none or it can't be read. */
function baseOf(root: MapNode, chain: readonly string[], options: ParseOptions, errors: ExperimentError[]): MapNode | null {
  const node = child(root, 'extends')
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') {
    if (node !== undefined) errors.push(errorAt(node, node.path, messages.extendsNoName()))
    return null
  }
  const found = options.readBase?.(node.value)
  if (found === undefined) {
    errors.push(errorAt(node, node.path, messages.noBase(node.value)))
    return null
  }
  const base: BaseFile = typeof found === 'string' ? { text: found, fileName: node.value } : found
  if (chain.includes(base.fileName) || chain.length > MAX_EXTENDS) {
    const mismatch = chain.includes(base.fileName) ? messages.extendsItself([...chain, base.fileName]) : messages.extendsTooOften()
    errors.push(errorAt(node, node.path, mismatch))
    return null
  }
  const read = readYaml(base.text, base.fileName)
  errors.push(...read.errors)
  if (read.root === null) return null
  if (child(read.root, 'extends') === undefined) return read.root
  const below = baseOf(read.root, [...chain, base.fileName], options, errors)
  return below === null ? null : (merge(without(below, ['name', 'extends']), read.root) as MapNode)
}

/** Mistakes of the document as a whole belong to the file that was asked for. */
function ownPlace(tree: MapNode, { file, line, column, path }: MapNode): MapNode {
  return { ...tree, file, line, column, path }
}
