/**
 * A snapshot of a world: everything that can be reached from it by properties (numbers, texts, typed arrays, arrays, objects, the queue and
 * random streams among them), copied as plain data. Going on from a restored snapshot gives the same bytes as going on without.
 *
 *     const before = takeSnapshot(world)
 *     run(model, world, { untilNs: 1e9 })
 *     restoreSnapshot(world, before)          // the same world again, or a new one that the same code created
 *
 * Functions are not copied: they are the model's, not the world's. A snapshot can be posted to a worker or stored (structured clone).
 */
import { cantRestore, cantSnapshot } from './messages.js'

/** A value; or, wrapped in a list of one, the index of an object of the snapshot. */
type Saved = string | number | boolean | bigint | null | undefined | readonly [number]

interface SavedObject {
  /** Name of the constructor: what is restored must have the same. */
  readonly type: string
  /** Properties, or elements of an array, by name. */
  readonly properties: readonly (readonly [string, Saved])[]
  /** The numbers of a typed array, and whose buffer it shares: which of the snapshot's buffers, and from which byte. */
  readonly view?: { readonly buffer: number; readonly byteOffset: number; readonly length: number }
}

export interface Snapshot {
  /** Objects in the order in which they were met; the world is the first. */
  readonly objects: readonly SavedObject[]
  readonly buffers: readonly ArrayBuffer[]
}

type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array

const typedArrays = new Map(
  [Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array].map((type) => [type.name, type]),
)

/** @throws TypeError for what can't be copied (a Map, a Set, a promise, ...), naming where it stands */
export function takeSnapshot(world: object): Snapshot {
  const objects: SavedObject[] = []
  const buffers: ArrayBuffer[] = []
  const seen = new Map<object, number>()
  const save = (value: unknown, path: string): Saved => {
    if (typeof value === 'function' || typeof value === 'symbol') return undefined
    if (typeof value !== 'object' || value === null) return value as Saved
    const known = seen.get(value)
    if (known !== undefined) return [known]
    const index = objects.length
    seen.set(value, index)
    objects.push({ type: '', properties: [] })
    objects[index] = describe(value, path)
    return [index]
  }
  const describe = (value: object, path: string): SavedObject => {
    const type = value.constructor?.name ?? 'Object'
    if (isTypedArray(value)) {
      let buffer = seen.get(value.buffer)
      if (buffer === undefined) {
        buffer = buffers.push((value.buffer as ArrayBuffer).slice(0)) - 1
        seen.set(value.buffer, buffer)
      }
      return { type, properties: [], view: { buffer, byteOffset: value.byteOffset, length: value.length } }
    }
    if (!isPlain(value)) throw cantSnapshot(path, type)
    return { type, properties: Object.entries(value).map(([name, part]) => [name, save(part, `${path}.${name}`)] as const) }
  }
  save(world, 'world')
  return { objects, buffers }
}

/**
 * Writes a snapshot back into the world that it was taken of, or into another one that the same code created. Objects stay themselves where
 * they have the saved type; numbers are written back into typed arrays of the same length, so what holds on to one still holds the world's.
 * @throws TypeError where the world has something of another type than the snapshot
 */
export function restoreSnapshot(world: object, snapshot: Snapshot): void {
  const restored = new Map<number, object>()
  const buffers = new Map<number, ArrayBuffer>()
  const restore = (saved: Saved, into: unknown, path: string): unknown => {
    if (!Array.isArray(saved)) return saved === undefined ? into : saved
    const index = saved[0] as number
    const known = restored.get(index)
    if (known !== undefined) return known
    const from = snapshot.objects[index]!
    if (from.view) {
      const view = restoreView(from.type, from.view, into)
      restored.set(index, view)
      return view
    }
    const target = objectFor(from, into, path)
    restored.set(index, target)
    if (Array.isArray(target)) target.length = from.properties.length
    for (const [name, part] of from.properties) target[name] = restore(part, target[name], `${path}.${name}`)
    return target
  }
  const restoreView = (type: string, view: NonNullable<SavedObject['view']>, into: unknown): TypedArray => {
    const sameShape =
      isTypedArray(into) && into.constructor.name === type && into.length === view.length && into.byteOffset === view.byteOffset
    let buffer = buffers.get(view.buffer)
    if (buffer === undefined) {
      const bytes = snapshot.buffers[view.buffer]!
      if (sameShape && into.buffer.byteLength === bytes.byteLength) {
        buffer = into.buffer as ArrayBuffer
        new Uint8Array(buffer).set(new Uint8Array(bytes))
      } else buffer = bytes.slice(0)
      buffers.set(view.buffer, buffer)
    }
    return sameShape && into.buffer === buffer ? into : new (typedArrays.get(type)!)(buffer, view.byteOffset, view.length)
  }
  restore([0], world, 'world')
}

function objectFor(saved: SavedObject, into: unknown, path: string): Record<string, unknown> {
  if (typeof into === 'object' && into !== null) {
    const type = into.constructor?.name ?? 'Object'
    if (type === saved.type) return into as Record<string, unknown>
    throw cantRestore(path, saved.type, type)
  }
  if (saved.type === 'Object') return {}
  if (saved.type === 'Array') return [] as unknown as Record<string, unknown>
  throw cantRestore(path, saved.type, into === null ? 'null' : typeof into)
}

function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && typedArrays.has(value.constructor.name)
}

/** Whether its properties are all that there is to it. */
function isPlain(value: object): boolean {
  const tag = Object.prototype.toString.call(value)
  return tag === '[object Object]' || tag === '[object Array]'
}
