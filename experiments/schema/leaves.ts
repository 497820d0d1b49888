/** Kinds of single values: each a zod schema from the file's text to base units, with what a message says when it does not fit. */
import * as z from 'zod'
import type { Scalar } from './located.js'
import {
  explainQuantity,
  formatBitRate,
  formatBytes,
  formatDuration,
  formatMessageRate,
  parseQuantity,
  QUANTITY_EXAMPLE,
  type QuantityKind,
} from './units.js'
import { alternatives, nearest } from './words.js'

interface Remark {
  readonly expected?: string
  /** Set behind what was found: `"10 us" (a duration)`. */
  readonly note?: string | null
  readonly suggestion?: string | null
}

export interface Leaf {
  /** What a value must be, as a message says it. */
  readonly expected: string
  /** What the reference page calls the type. */
  readonly type: string
  /** What more can be said of a wrong value. */
  readonly remark?: (found: Scalar) => Remark
  /** A wrong value of this key makes its neighbours meaningless (`kind`). */
  readonly decides?: boolean
}

/** The leaves of the schema; whatever is not registered here is a mapping or a list. */
export const leaves = z.registry<Leaf>()

function leaf<S extends z.ZodType>(schema: S, meaning: string, notes: Leaf): S {
  const described = schema.describe(meaning) as S
  leaves.add(described, notes)
  return described
}

/** One of a few words; `later` holds words of DESIGN that nothing understands yet, with the reason that a message gives. */
export function choice<const W extends readonly [string, ...string[]]>(
  words: W,
  meaning: string,
  { later = {}, decides = false }: { readonly later?: Readonly<Record<string, string>>; readonly decides?: boolean } = {},
) {
  return leaf(z.enum(words), meaning, {
    expected: alternatives(words),
    type: words.map((word) => `\`${word}\``).join(', '),
    decides,
    remark: (found) => {
      const word = String(found)
      return Object.hasOwn(later, word) ? { note: later[word]! } : { suggestion: nearest(word, words) }
    },
  })
}

export function wholeNumber(meaning: string, least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`
  return leaf(z.int().min(least).max(most), meaning, {
    expected,
    type: expected,
    remark: (found) => ({ note: typeof found === 'string' && /^\d+$/.test(found) ? 'text: a number has no quotes' : null }),
  })
}

const BOOLEAN_IN_OTHER_WORDS: Readonly<Record<string, string>> = { yes: 'true', on: 'true', no: 'false', off: 'false' }

export function flag(meaning: string) {
  return leaf(z.boolean(), meaning, {
    expected: 'true or false',
    type: '`true`, `false`',
    remark: (found) => {
      const word = String(found).toLowerCase()
      return { suggestion: Object.hasOwn(BOOLEAN_IN_OTHER_WORDS, word) ? BOOLEAN_IN_OTHER_WORDS[word]! : nearest(word, ['true', 'false']) }
    },
  })
}

/** A name of another part of the file; whether there is one is checked later. */
export function nameOf(kind: string, meaning: string) {
  return leaf(z.string().min(1), meaning, { expected: `the name of a ${kind}`, type: `name of a ${kind}` })
}

export function pattern(regex: RegExp, expected: string, meaning: string) {
  return leaf(z.string().regex(regex), meaning, { expected, type: expected })
}

const FORMAT: Readonly<Partial<Record<QuantityKind, (value: number) => string>>> = {
  size: formatBytes,
  duration: formatDuration,
  'bit rate': formatBitRate,
  'message rate': formatMessageRate,
}

interface QuantityRange {
  readonly least: number
  readonly most: number
  /** A number without a unit counts as base units (an MTU is always bytes). */
  readonly bare?: boolean
}

/** A number with a unit, in whole base units. */
export function quantity(kind: Exclude<QuantityKind, 'share'>, meaning: string, { least, most, bare = false }: QuantityRange) {
  const format = FORMAT[kind]!
  const expected = bare ? 'a number of bytes such as 1500' : QUANTITY_EXAMPLE[kind]
  const range = `from ${format(least)} to ${format(most)}`
  const inRange = (value: number): boolean => value >= least && value <= most
  const toBase = (raw: string | number): number | null => {
    if (typeof raw === 'number') return bare ? raw : null
    const parsed = parseQuantity(raw)
    return parsed?.kind === kind ? parsed.value : null
  }
  const input = bare ? z.union([z.int(), z.string()]) : z.string()
  const schema = (input as z.ZodType<string | number, string | number>).transform((raw, context): number => {
    const value = toBase(raw)
    if (value !== null && Number.isSafeInteger(value) && inRange(value)) return value
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
  return leaf(schema, meaning, {
    expected,
    type: `${bare ? 'bytes' : kind}, ${range}`,
    remark: (found) => {
      if (typeof found === 'boolean' || found === null) return {}
      const value = toBase(found)
      if (value !== null && !inRange(value))
        return { expected: `${bare ? 'a number of bytes' : `a ${kind.endsWith('rate') ? 'rate' : kind}`} ${range}` }
      if (value !== null && !Number.isSafeInteger(value)) return { expected: `${expected} that is a whole number of ${BASE_UNIT[kind]}` }
      return explainQuantity(String(found), kind)
    },
  })
}

const BASE_UNIT: Readonly<Record<Exclude<QuantityKind, 'share'>, string>> = {
  size: 'bytes',
  duration: 'nanoseconds',
  'bit rate': 'bit/s',
  'message rate': 'messages a second',
}

/** Text that a function turns into a value, or null where it does not fit. */
export function parsed<T>(parse: (text: string) => T | null, expected: string, meaning: string, remark?: (found: Scalar) => Remark) {
  const schema = z.string().transform((text, context): T => {
    const value = parse(text)
    if (value !== null) return value
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
  return leaf(schema, meaning, { expected, type: expected, ...(remark === undefined ? {} : { remark }) })
}

/** A value of a sweep: it is read by the schema of the key that it is set to. */
export function anySingleValue(meaning: string) {
  return leaf(z.union([z.string(), z.number(), z.boolean()]), meaning, { expected: 'a single value', type: 'a value of that key' })
}
