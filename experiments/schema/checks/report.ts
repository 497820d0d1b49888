/** Where a mistake between several values is reported: at the one that was written last, since that one broke the rest. */

import type { Site } from '../draft.js'
import { type ExperimentError, errorAt, type Mismatch } from '../errors.js'
import { child, formatPath, joinPath, type LocatedNode, type Path } from '../located.js'

export type Check = (site: Site) => readonly ExperimentError[]

/** A sweep overrules a network model, which overrules the file, which overrules its base. */
function precedence(written: string, isBaseFile: boolean): number {
  if (written.startsWith('sweep.')) return 3
  if (written.startsWith('models.')) return 2
  return isBaseFile ? 0 : 1
}

interface Found {
  readonly node: LocatedNode
  readonly written: string
  readonly isThere: boolean
}

/** The value at a path, or the nearest mapping that should hold it. */
function find(tree: LocatedNode, path: Path): Found {
  let node = tree
  for (const [i, part] of path.entries()) {
    const next = child(node, part)
    if (next === undefined) return { node, written: joinPath(node.path, formatPath(path.slice(i))), isThere: false }
    node = next
  }
  return { node, written: node.path, isThere: true }
}

/** @param paths the values that don't fit together, the likeliest culprit first. */
export function mistake({ tree }: Site, paths: readonly Path[], mismatch: Mismatch): ExperimentError {
  const found = paths.map((path) => find(tree, path))
  const rank = ({ node, written }: Found): number => precedence(written, node.file !== tree.file)
  const worst = found.reduce((best, candidate) => (rank(candidate) > rank(best) ? candidate : best))
  return errorAt(worst.node, worst.written, mismatch)
}

/** Is there a value at the path, or does a default stand in? */
export function isWritten({ tree }: Site, path: Path): boolean {
  return find(tree, path).isThere
}

/** Places in a list whose word stood before. */
export function repeated(words: readonly (string | undefined)[]): readonly { readonly word: string; readonly index: number }[] {
  const before = new Set<string>()
  return words.flatMap((word, index) => {
    if (word === undefined) return []
    if (before.has(word)) return [{ word, index }]
    before.add(word)
    return []
  })
}
