/** The keys of `sweep`: `model`, or a dotted path to a single value of the document. */
import * as z from 'zod'
import { documentSchema, SCENARIO_KEYS } from './document.js'
import type { Mismatch } from './errors.js'
import { leaves } from './leaves.js'
import { child, type LocatedNode, type Path } from './located.js'
import * as messages from './messages.js'
import { unwrap } from './read.js'
import { quoted } from './words.js'

const SINGULAR: Readonly<Record<string, string>> = {
  machines: 'machine',
  hosts: 'host',
  links: 'link (their numbers, from 0)',
  networks: 'network',
  containers: 'container',
  proxies: 'proxy',
  flows: 'flow',
}

/** A swept path, or why it is none: each step must be a key of the schema, or a name of a mapping of names. */
export function sweptPath(key: string): { readonly path: Path } | Mismatch {
  const parts = key.split('.')
  const [section = ''] = parts
  if (!SCENARIO_KEYS.includes(section)) return messages.sweepOutside(key, SCENARIO_KEYS)
  const path: (string | number)[] = []
  let schema: z.ZodType = documentSchema
  for (const part of parts) {
    schema = unwrap(schema)
    if (leaves.has(schema)) return messages.sweepNoLeaf(quoted(key))
    if (schema instanceof z.ZodObject) {
      const shape = schema.shape as Record<string, z.ZodType>
      if (!Object.hasOwn(shape, part)) {
        const mismatch = messages.unknownKey(part, Object.keys(shape))
        const near = mismatch.suggestion ?? null
        return {
          ...mismatch,
          suggestion: near === null ? null : [...parts.slice(0, path.length), near, ...parts.slice(path.length + 1)].join('.'),
        }
      }
      schema = shape[part]!
      path.push(part)
    } else if (schema instanceof z.ZodRecord) {
      schema = schema.valueType as z.ZodType
      path.push(part)
    } else if (schema instanceof z.ZodArray && /^\d{1,4}$/.test(part)) {
      schema = schema.element as z.ZodType
      path.push(Number(part))
    } else return messages.sweepNoLeaf(quoted(key))
  }
  return leaves.has(unwrap(schema)) ? { path } : messages.sweepNoLeaf(quoted(key))
}

/** The flow, proxy, ... that a swept path names, where a document lacks it: there is nothing to set then. Null where it is there. */
export interface Lacking {
  readonly kind: string
  readonly name: string
  readonly names: readonly string[]
}

export function lackingFor(tree: LocatedNode, path: Path): Lacking | null {
  const [section, name] = path
  if (section === undefined || name === undefined || section === 'tcp') return null
  const parent = child(tree, section)
  if (child(parent, name) !== undefined) return null
  const names = parent?.kind === 'map' ? [...parent.entries.keys()] : parent?.kind === 'list' ? parent.items.map((_, i) => String(i)) : []
  return { kind: SINGULAR[section] ?? String(section), name: String(name), names }
}
