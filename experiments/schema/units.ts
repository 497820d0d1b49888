/** Quantities with units: text becomes base units (bytes, ns, bit/s, 1/s, a fraction) once, at the edge, and goes back to text for people. */

export type QuantityKind = 'size' | 'duration' | 'bit rate' | 'message rate' | 'share'

interface Unit {
  readonly kind: QuantityKind
  readonly symbol: string
  /** Base units in one of it. */
  readonly factor: number
}

const unit = (kind: QuantityKind, symbol: string, factor: number): Unit => ({ kind, symbol, factor })

/** Sizes are bytes with binary prefixes (IEC 80000-13) or decimal ones; rates are bits with decimal prefixes. */
const UNITS: readonly Unit[] = [
  unit('size', 'B', 1),
  unit('size', 'kB', 1e3),
  unit('size', 'MB', 1e6),
  unit('size', 'GB', 1e9),
  unit('size', 'KiB', 2 ** 10),
  unit('size', 'MiB', 2 ** 20),
  unit('size', 'GiB', 2 ** 30),
  unit('duration', 'ns', 1),
  unit('duration', 'us', 1e3),
  unit('duration', 'µs', 1e3),
  unit('duration', 'ms', 1e6),
  unit('duration', 's', 1e9),
  unit('bit rate', 'bit/s', 1),
  unit('bit rate', 'kbit/s', 1e3),
  unit('bit rate', 'Mbit/s', 1e6),
  unit('bit rate', 'Gbit/s', 1e9),
  unit('bit rate', 'Tbit/s', 1e12),
  unit('message rate', '/s', 1),
  unit('message rate', 'k/s', 1e3),
  unit('message rate', 'M/s', 1e6),
  unit('share', '%', 0.01),
]

/** How a message asks for a quantity of each kind. */
export const QUANTITY_EXAMPLE: Readonly<Record<QuantityKind, string>> = {
  size: 'a size such as "64 B" or "4 KiB"',
  duration: 'a duration such as "10 us"',
  'bit rate': 'a rate such as "1 Gbit/s"',
  'message rate': 'a rate such as "20k/s"',
  share: 'a share such as "2 %"',
}

const KIND_IN_WORDS: Readonly<Record<QuantityKind, string>> = {
  size: 'a size',
  duration: 'a duration',
  'bit rate': 'a rate in bits',
  'message rate': 'a rate of messages',
  share: 'a share',
}

export interface Quantity {
  readonly kind: QuantityKind
  /** In base units: bytes, ns, bit/s, 1/s, or a fraction of 1. */
  readonly value: number
}

const NUMBER_THEN_UNIT = /^([+-]?\d{1,18}(?:\.\d{1,18})?)[ \t]{0,4}([A-Za-zµμ/%]{1,8})$/

/** Reads `64 B`, `10 us`, `1 Gbit/s`, `20k/s` or `2 %`; null where the text is no number with a known unit. */
export function parseQuantity(text: string): Quantity | null {
  const match = NUMBER_THEN_UNIT.exec(text)
  const symbol = match?.[2]?.replace('μ', 'µ')
  const found = UNITS.find((candidate) => candidate.symbol === symbol)
  if (match === null || found === undefined) return null
  const number = Number(match[1])
  return { kind: found.kind, value: found.kind === 'share' ? number / 100 : number * found.factor }
}

/** Why a text is no quantity of `kind`, in words for a message: its own kind, or the unit that was probably meant. */
export function explainQuantity(text: string, kind: QuantityKind): { readonly note: string | null; readonly suggestion: string | null } {
  const quantity = parseQuantity(text)
  if (quantity !== null && quantity.kind !== kind) return { note: KIND_IN_WORDS[quantity.kind], suggestion: null }
  const match = /^([+-]?\d{1,18}(?:\.\d{1,18})?)[ \t]*([^\d\s]{0,12})$/.exec(text)
  if (match === null) return { note: null, suggestion: null }
  const wanted = UNITS.filter((candidate) => candidate.kind === kind)
  const symbol = match[2] ?? ''
  if (symbol === '') return { note: 'no unit', suggestion: `${match[1]} ${wanted[0]!.symbol}` }
  const meant =
    wanted.find((candidate) => candidate.symbol.toLowerCase() === symbol.toLowerCase()) ??
    wanted.find((candidate) => spelling(candidate.symbol) === spelling(symbol))
  return { note: 'an unknown unit', suggestion: meant === undefined || quantity !== null ? null : `${match[1]} ${meant.symbol}` }
}

/** Spellings that people use for one unit: `kb`, `KB`, `bytes`, `usec`, `gbps`. */
function spelling(symbol: string): string {
  const lower = symbol.toLowerCase().replace('μ', 'u').replace('µ', 'u')
  return lower
    .replace(/^bytes?$/, 'b')
    .replace(/bps$/, 'bit/s')
    .replace(/bits?\/s(ec)?$/, 'bit/s')
    .replace(/^(.?s)ec(onds?)?s?$/, '$1')
    .replace(/^([kmg])i?b$/, '$1ib')
    .replace(/^([kmg])$/, '$1ib')
}

function inLargestUnit(value: number, kind: QuantityKind, symbols: readonly string[]): string {
  const units = UNITS.filter((candidate) => candidate.kind === kind && symbols.includes(candidate.symbol))
  const whole = units.filter((candidate) => value !== 0 && value % candidate.factor === 0)
  const best = whole.reduce((a, b) => (b.factor > a.factor ? b : a), units[0]!)
  return `${value / best.factor} ${best.symbol}`
}

/** `64 B`, `1400 B`, `4 KiB`: the largest binary unit in which the number of bytes is whole. */
export function formatBytes(bytes: number): string {
  return inLargestUnit(bytes, 'size', ['B', 'KiB', 'MiB', 'GiB'])
}

/** `250 ns`, `10 us`, `4 ms`. */
export function formatDuration(ns: number): string {
  return inLargestUnit(ns, 'duration', ['ns', 'us', 'ms', 's'])
}

/** `1 Gbit/s`, `2500 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return inLargestUnit(bitsPerSecond, 'bit rate', ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'])
}

/** `500 /s`, `20 k/s`. */
export function formatMessageRate(perSecond: number): string {
  return inLargestUnit(perSecond, 'message rate', ['/s', 'k/s', 'M/s'])
}
