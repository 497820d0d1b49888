/** Merging located trees: mappings merge, lists and values are replaced; every value keeps the place where it was written. */
import type { Entry, LocatedNode, MapNode, Path } from './located.js'

export function merge(base: LocatedNode, over: LocatedNode): LocatedNode {
  if (over.kind === 'scalar' && over.value === null && base.kind === 'map') return base
  if (base.kind !== 'map' || over.kind !== 'map') return over
  const entries = new Map<string, Entry>(base.entries)
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key)
    entries.set(key, below === undefined ? entry : { key: below.key, node: merge(below.node, entry.node) })
  }
  return { ...base, entries }
}

/** A tree with one value set; mappings on the way that the tree lacks are made, lists must be long enough. */
export function setAt(tree: LocatedNode | undefined, path: Path, value: LocatedNode): LocatedNode {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (tree?.kind === 'list') {
    const items = tree.items.map((item, i) => (i === Number(part) ? setAt(item, rest, value) : item))
    return { ...tree, items }
  }
  const map: MapNode = tree?.kind === 'map' ? tree : { ...value, kind: 'map', entries: new Map() }
  const entries = new Map(map.entries)
  const old = entries.get(String(part))
  entries.set(String(part), { key: old?.key ?? value, node: setAt(old?.node, rest, value) })
  return { ...map, entries }
}

export function without(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.includes(key))) }
}
