/**
 * Reads a located tree by the schema: like zod's own parse, but every mistake keeps its place, a wrong value does not hide the next one, and
 * the defaults that step in are listed. Single values are left to zod.
 */
import * as z from 'zod'
import { NAME_PATTERN } from './document.js'
import { type ExperimentError, errorAt, type Mismatch } from './errors.js'
import { type Leaf, leaves } from './leaves.js'
import { joinPath, type LocatedNode, type MapNode, type Place } from './located.js'
import * as messages from './messages.js'
import { locateValue } from './object.js'
import { describeNode } from './words.js'

/** A default that stepped in for a key that the file does not write. */
export interface AppliedDefault {
  /** Key of the merged document: `containers.client.core`. */
  readonly path: string
  readonly value: string
  readonly meaning: string
}

export interface Reading {
  /** In base units; what was wrong is absent. Without errors it is the schema's output. */
  readonly value: unknown
  readonly errors: readonly ExperimentError[]
  readonly defaults: readonly AppliedDefault[]
}

interface Pass {
  readonly errors: ExperimentError[]
  readonly defaults: AppliedDefault[]
  readonly memory: Memory
}

/** Where a value should stand that is not there: after its parent. */
interface Position {
  readonly place: Place
  /** As written in its file. */
  readonly written: string
  /** In the merged document. */
  readonly path: string
}

/** What the same mapping read as before: the points of a sweep share most of their trees. */
export type Memory = WeakMap<LocatedNode, Map<z.ZodType, Reading>>

export function readBySchema(schema: z.ZodType, root: LocatedNode, memory: Memory = new WeakMap()): Reading {
  return readOnce(schema, root, { place: root, written: root.path, path: '' }, memory)
}

/** A node stands at one path of the document, however often it is merged into one: what it reads as depends on nothing else. */
function readOnce(schema: z.ZodType, node: LocatedNode, at: Position, memory: Memory): Reading {
  const known = memory.get(node)?.get(schema)
  if (known !== undefined) return known
  const pass: Pass = { errors: [], defaults: [], memory }
  const value = readWhole(schema, node, at, pass)
  const reading: Reading = { value, errors: pass.errors, defaults: pass.defaults }
  const readings = memory.get(node) ?? new Map<z.ZodType, Reading>()
  memory.set(node, readings.set(schema, reading))
  return reading
}

/** Is the name free of everything that a path, a device name or JavaScript's objects would stumble over? */
export function isName(name: string): boolean {
  return NAME_PATTERN.test(name) && !Object.hasOwn(Object.prototype, name)
}

function read(schema: z.ZodType, node: LocatedNode | undefined, at: Position, pass: Pass): unknown {
  if (node?.kind !== 'map') return readWhole(schema, node, at, pass)
  const { value, errors, defaults } = readOnce(schema, node, at, pass.memory)
  for (const error of errors) pass.errors.push(error)
  for (const applied of defaults) pass.defaults.push(applied)
  return value
}

function readWhole(schema: z.ZodType, node: LocatedNode | undefined, at: Position, pass: Pass): unknown {
  const leaf = leaves.get(schema)
  if (leaf !== undefined) return readLeaf(schema, leaf, node, at, pass)
  if (schema instanceof z.ZodPrefault) {
    if (node !== undefined) return read(schema.unwrap() as z.ZodType, node, at, pass)
    const value = schema.def.defaultValue
    if (isWorthListing(value)) pass.defaults.push({ path: at.path, value: defaultText(value), meaning: meaningOf(schema) })
    return read(schema.unwrap() as z.ZodType, locateValue(value, at.place, at.written), at, pass)
  }
  if (schema instanceof z.ZodOptional) return node === undefined ? undefined : read(schema.unwrap() as z.ZodType, node, at, pass)
  if (schema instanceof z.ZodArray) return readList(schema, node, at, pass)
  const map = readMap(schema, node, at, pass)
  if (map === undefined) return undefined
  if (schema instanceof z.ZodObject) return readObject(schema.shape as Record<string, z.ZodType>, map, at, pass)
  if (schema instanceof z.ZodRecord) return readRecord(schema, map, at, pass)
  throw new Error(`the schema holds a kind of node that nothing reads, at ${at.path}`)
}

function fail(pass: Pass, place: Place, path: string, mismatch: Mismatch): undefined {
  pass.errors.push(errorAt(place, path, mismatch))
}

function readLeaf(schema: z.ZodType, leaf: Leaf, node: LocatedNode | undefined, at: Position, pass: Pass): unknown {
  if (node === undefined || (node.kind === 'scalar' && node.value === null))
    return fail(pass, node ?? at.place, node?.path ?? at.written, messages.missing(leaf.expected))
  if (node.kind !== 'scalar') return fail(pass, node, node.path, { expected: leaf.expected, found: describeNode(node) })
  const result = schema.safeParse(node.value)
  if (result.success) return result.data
  const { expected = leaf.expected, note = null, suggestion = null } = leaf.remark?.(node.value) ?? {}
  return fail(pass, node, node.path, { expected, found: describeNode(node) + (note === null ? '' : ` (${note})`), suggestion })
}

function readList(schema: z.ZodArray, node: LocatedNode | undefined, at: Position, pass: Pass): unknown {
  const length = lengthOf(schema)
  const expected = length === null ? 'a list' : `a list of ${length}`
  if (node?.kind !== 'list') {
    const found = describeNode(node)
    return fail(pass, node ?? at.place, node?.path ?? at.written, { expected, found })
  }
  if (length !== null && (length === 'one or more' ? node.items.length === 0 : node.items.length !== length))
    return fail(pass, node, node.path, { expected, found: node.items.length === 0 ? 'an empty list' : `a list of ${node.items.length}` })
  return node.items.map((item, i) =>
    read(schema.element as z.ZodType, item, { place: item, written: item.path, path: joinPath(at.path, i) }, pass),
  )
}

/** What the schema says of a list's length: exactly so many, at least one, or nothing. */
function lengthOf(schema: z.ZodArray): number | 'one or more' | null {
  const [check] = schema.def.checks ?? []
  const def = check?._zod.def as { readonly check: string; readonly length?: number } | undefined
  if (def?.check === 'length_equals') return def.length!
  return def?.check === 'min_length' ? 'one or more' : null
}

/** A key with nothing behind it stands for an empty mapping, as in `bridge:` among the models. */
function readMap(schema: z.ZodType, node: LocatedNode | undefined, at: Position, pass: Pass): MapNode | undefined {
  if (node?.kind === 'map') return node
  if (node?.kind === 'scalar' && node.value === null) return { ...node, kind: 'map', entries: new Map() }
  const keys = schema instanceof z.ZodObject ? `with ${Object.keys(schema.shape).slice(0, 6).join(', ')}` : 'from names to values'
  return fail(pass, node ?? at.place, node?.path ?? at.written, { expected: `a mapping ${keys}`, found: describeNode(node) })
}

function readObject(shape: Readonly<Record<string, z.ZodType>>, map: MapNode, at: Position, pass: Pass): unknown {
  const result: Record<string, unknown> = {}
  const keys = Object.keys(shape)
  for (const key of keys) {
    const isDeciding = leaves.get(unwrap(shape[key]!))?.decides === true
    if (isDeciding && readKey(shape[key]!, key, map, at, pass, result) === undefined && map.entries.has(key)) return result
  }
  for (const [key, entry] of map.entries) {
    if (!Object.hasOwn(shape, key)) fail(pass, entry.key, entry.node.path, messages.unknownKey(key, keys))
  }
  for (const key of keys) if (!(key in result)) readKey(shape[key]!, key, map, at, pass, result)
  return result
}

function readKey(schema: z.ZodType, key: string, map: MapNode, at: Position, pass: Pass, result: Record<string, unknown>): unknown {
  const entry = map.entries.get(key)
  const place = entry?.node ?? { file: map.file, line: map.line, column: map.column }
  const written = entry?.node.path ?? joinPath(map.path, key)
  const value = read(schema, entry?.node, { place, written, path: joinPath(at.path, key) }, pass)
  if (value !== undefined) result[key] = value
  return value
}

function readRecord(schema: z.ZodRecord, map: MapNode, at: Position, pass: Pass): unknown {
  const hasNames = schema.keyType instanceof z.ZodString && schema.keyType.def.checks !== undefined && schema.keyType.def.checks.length > 0
  const result: Record<string, unknown> = {}
  for (const [key, { key: place, node }] of map.entries) {
    if (Object.hasOwn(Object.prototype, key) || (hasNames && !isName(key))) fail(pass, place, node.path, messages.badName(key))
    else result[key] = read(schema.valueType as z.ZodType, node, { place, written: node.path, path: joinPath(at.path, key) }, pass)
  }
  return result
}

/** The schema below `optional` and defaults. */
export function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema
}

export function meaningOf(schema: z.ZodType): string {
  return schema.description ?? unwrap(schema).description ?? ''
}

/** An empty mapping or list says nothing; what stands in it has defaults of its own. */
function isWorthListing(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length > 0
}

export function defaultText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
