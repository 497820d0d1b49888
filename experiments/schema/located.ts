/** A parsed document in which every value knows where it was written, so that a mistake is reported there after any merging. */

export interface Place {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly column: number
}

interface Written extends Place {
  /** Where the value stands in its file: `models.overlay.networks.net.mtu`, `sweep.model[2]`. */
  readonly path: string
}

export type Scalar = string | number | boolean | null

export interface ScalarNode extends Written {
  readonly kind: 'scalar'
  readonly value: Scalar
  /** The text in the file, which a message quotes for numbers (`1e400`, `0x10`). */
  readonly source: string
}

export interface ListNode extends Written {
  readonly kind: 'list'
  readonly items: readonly LocatedNode[]
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Place
  readonly node: LocatedNode
}

/** A Map, not an object: `__proto__` is a key like any other here. */
export interface MapNode extends Written {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Entry>
}

export type LocatedNode = ScalarNode | ListNode | MapNode

export type Path = readonly (string | number)[]

/** `['flows', 0, 'via']` as `flows[0].via`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => joinPath(text, part), '')
}

export function joinPath(parent: string, part: string | number): string {
  if (typeof part === 'number') return `${parent}[${part}]`
  return parent === '' ? part : `${parent}.${part}`
}

export function child(node: LocatedNode | undefined, part: string | number): LocatedNode | undefined {
  if (node?.kind === 'map') return node.entries.get(String(part))?.node
  if (node?.kind === 'list') return node.items[Number(part)]
  return undefined
}

/** Number of values in a tree. */
export function countNodes(node: LocatedNode): number {
  if (node.kind === 'list') return node.items.reduce((sum, item) => sum + countNodes(item), 1)
  if (node.kind === 'map') return [...node.entries.values()].reduce((sum, entry) => sum + countNodes(entry.node), 1)
  return 1
}

/** The values alone. A key called `__proto__` stays a key. */
export function plainOf(node: MapNode): Record<string, unknown>
export function plainOf(node: LocatedNode): unknown
export function plainOf(node: LocatedNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map((item) => plainOf(item))
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainOf(entry.node)]))
}
