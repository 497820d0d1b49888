/** An experiment's document as plain data, merged and changed as the experiment file's own rules have it. */
import type { Written } from './state.js'

export type PlainMap = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is PlainMap => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Mappings merge, lists and values are replaced; nothing (null) over a mapping leaves it. */
export function mergePlain(base: unknown, over: unknown): unknown {
  if (!isMap(base)) return over
  if (over === null) return base
  if (!isMap(over)) return over
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) merged[key] = key in base ? mergePlain(base[key], value) : value
  return merged
}

/** `links[0].rate` as `['links', 0, 'rate']`. */
export function pathOf(key: string): (string | number)[] {
  return key.split('.').flatMap((part) => {
    const [name = '', ...indices] = part.split('[')
    return [name, ...indices.map((index) => Number.parseInt(index, 10))]
  })
}

export function valueAt(tree: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as PlainMap)[part] : undefined), tree)
}

/**
 * `difference` with one value more. A list can only be replaced as a whole, so one that the path leads into is first taken over from `base`,
 * the document that the difference is merged into.
 */
export function withValue(difference: unknown, base: unknown, path: readonly (string | number)[], value: Written): unknown {
  const [part, ...rest] = path
  if (part === undefined) return value
  const below = (of: unknown): unknown => valueAt(of, [part])
  if (typeof part === 'number') {
    const list = Array.isArray(difference) ? difference : Array.isArray(base) ? base : []
    return list.map((item, i) => (i === part ? withValue(item, item, rest, value) : item))
  }
  const map = isMap(difference) ? difference : {}
  return { ...map, [part]: withValue(below(map), below(base), rest, value) }
}
