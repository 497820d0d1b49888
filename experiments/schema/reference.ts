/** The reference page and the JSON Schema of the experiment file, made from the one schema. */
import * as z from 'zod'
import { CONDITIONAL_DEFAULTS, documentSchema } from './document.js'
import { leaves } from './leaves.js'
import { defaultText, meaningOf, unwrap } from './read.js'

/** A key of the file as the reference page lists it. */
export interface DocumentedKey {
  /** `networks.NAME.driver`, `links[].rate`. */
  readonly path: string
  readonly type: string
  /** Null where the key is required. */
  readonly default: string | null
  readonly meaning: string
}

/** Every key of the file with its type, default and meaning, in the schema's order. */
export function experimentDefaults(): readonly DocumentedKey[] {
  return keysOf(documentSchema, '')
}

function keysOf(schema: z.ZodType, path: string): DocumentedKey[] {
  const inner = unwrap(schema)
  const own = path === '' ? [] : [{ path, type: typeOf(inner), default: defaultOf(schema, path), meaning: meaningOf(schema) }]
  if (path === 'models')
    return [
      ...own,
      { path: 'models.NAME', type: 'mapping', default: null, meaning: 'What differs: any of the keys from `machines` to `flows`.' },
    ]
  if (path === 'sweep')
    return [...own, sweepKey('sweep.model', 'Names of network models.'), sweepKey('sweep.PATH', 'Values for the key at a dotted path.')]
  if (inner instanceof z.ZodObject) {
    const shape = Object.entries(inner.shape as Record<string, z.ZodType>)
    return [...own, ...shape.flatMap(([key, value]) => keysOf(value, path === '' ? key : `${path}.${key}`))]
  }
  if (inner instanceof z.ZodRecord) return [...own, ...below(inner.valueType as z.ZodType, `${path}.NAME`)]
  if (inner instanceof z.ZodArray && !leaves.has(unwrap(inner.element as z.ZodType)))
    return [...own, ...below(inner.element as z.ZodType, `${path}[]`)]
  return own
}

/** The keys of a mapping whose own line would say nothing. */
function below(schema: z.ZodType, path: string): DocumentedKey[] {
  return keysOf(schema, path).filter((key) => key.path !== path)
}

function sweepKey(path: string, meaning: string): DocumentedKey {
  return { path, type: 'list of one or more', default: CONDITIONAL_DEFAULTS[path] ?? 'none', meaning }
}

function typeOf(schema: z.ZodType): string {
  const leaf = leaves.get(schema)
  if (leaf !== undefined) return leaf.type
  if (schema instanceof z.ZodArray) {
    const element = leaves.get(unwrap(schema.element as z.ZodType))
    return `list of ${element === undefined ? 'mappings' : element.type}`
  }
  return schema instanceof z.ZodRecord ? 'mapping from names' : 'mapping'
}

function defaultOf(schema: z.ZodType, path: string): string | null {
  if (Object.hasOwn(CONDITIONAL_DEFAULTS, path)) return CONDITIONAL_DEFAULTS[path]!
  if (schema instanceof z.ZodPrefault) return emptyOr(schema.def.defaultValue)
  if (schema instanceof z.ZodOptional) throw new Error(`the default of ${path} is written nowhere`)
  return null
}

function emptyOr(value: unknown): string {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  return isEmpty ? 'none' : `\`${defaultText(value)}\``
}

/** For editors: completion and a first check while typing. `fairway run` checks more, and with better words. */
export function jsonSchema(): unknown {
  const schema = z.toJSONSchema(documentSchema, { io: 'input', unrepresentable: 'any' })
  return { title: 'Fairway experiment', ...schema }
}

function table(rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(rows[0]!), line(rows[0]!.map(() => '---')), ...rows.slice(1).map(line)]
}

export function referencePage(): string {
  const rows = experimentDefaults().map((key) => [`\`${key.path}\``, key.type, key.default ?? '_required_', key.meaning])
  return [
    '# The experiment file',
    '',
    'Generated from `document.ts` by `generate.ts`: edit the schema, not this page. `NAME` stands for a name of yours (a letter, then up to 23 letters,',
    'digits, `-` or `_`). A key that is not listed here is a mistake. For completion in an editor, begin a file with',
    '`# yaml-language-server: $schema=schema/experiment.schema.json`, after its question.',
    '',
    'Sizes are bytes (`64 B`, `4 KiB`, `1 MB`), durations `ns`, `us`, `ms` or `s`, rates of links bits (`1 Gbit/s`), of messages `/s` (`20k/s`).',
    '',
    ...table([['key', 'type', 'default', 'meaning'], ...rows]),
    '',
  ].join('\n')
}
