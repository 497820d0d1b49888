/** A JavaScript value as a located tree, for experiments that stand inside another document; every part gets the one place that is known. */
import { type ExperimentError, errorAt } from './errors.js'
import { MAX_DEPTH, MAX_VALUES } from './limits.js'
import { type Entry, joinPath, type LocatedNode, type MapNode, type Place } from './located.js'
import * as messages from './messages.js'

/** Functions, symbols and the like become nothing; deeper than the limit, so does everything. */
export function locateValue(value: unknown, place: Place, path: string, depth = 0): LocatedNode {
  const at = { file: place.file, line: place.line, column: place.column, path }
  if (depth <= MAX_DEPTH && Array.isArray(value)) {
    return { kind: 'list', ...at, items: value.map((item, i) => locateValue(item, place, joinPath(path, i), depth + 1)) }
  }
  if (depth <= MAX_DEPTH && typeof value === 'object' && value !== null) {
    const entries = new Map<string, Entry>()
    for (const [key, item] of Object.entries(value)) {
      entries.set(key, { key: at, node: locateValue(item, place, joinPath(path, key), depth + 1) })
    }
    return { kind: 'map', ...at, entries }
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return { kind: 'scalar', ...at, value: isScalar ? value : null, source: isScalar ? String(value) : '' }
}

/** The document that another one holds. */
export function readObject(value: unknown, file: string): { readonly root: MapNode | null; readonly errors: readonly ExperimentError[] } {
  const place: Place = { file, line: 1, column: 1 }
  if (!isSmall(value)) return { root: null, errors: [errorAt(place, '', messages.tooDeep())] }
  const root = locateValue(value, place, '')
  return root.kind === 'map' ? { root, errors: [] } : { root: null, errors: [errorAt(place, '', messages.noMapping())] }
}

/** Objects may share or contain one another: counts as a tree, and stops where the limit is passed. */
function isSmall(value: unknown): boolean {
  let left = MAX_VALUES
  const visit = (part: unknown, depth: number): boolean => {
    if (--left < 0 || depth > MAX_DEPTH) return false
    return typeof part !== 'object' || part === null || Object.values(part).every((below) => visit(below, depth + 1))
  }
  return visit(value, 0)
}
