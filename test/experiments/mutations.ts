/** Seeded mutations of the experiments that ship: what a hand that slips, or an enemy, makes of a file. */
import { readdirSync, readFileSync } from 'node:fs'
import { hashText } from '../../sim/index.js'

export type MutationKind =
  | 'delete a key'
  | 'rename a key'
  | 'delete a line'
  | 'duplicate a line'
  | 'change an indent'
  | 'swap two values'
  | 'a wrong unit'
  | 'a wrong word'
  | 'drop a mark'
  | 'random bytes'

export interface Mutation {
  readonly file: string
  readonly kind: MutationKind
  /** What was done, in words. */
  readonly what: string
  /** Line of the mutated text where it was done, from 1; a deleted line's is that of the line that took its place. */
  readonly line: number
  /** Words that were removed, changed or put in: a line that holds one of them, or whose error's path does, refers to the mutation. */
  readonly words: readonly string[]
  readonly text: string
}

/** mulberry32: enough for choosing places, and nothing of the simulator's own streams. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Draw = (below: number) => number
type Edit = Pick<Mutation, 'what' | 'line' | 'words' | 'text'>

const folder = new URL('../../experiments/', import.meta.url)

/** `n` mutations, the same ones for the same seed; each file in turn, from a stream of its own, so that another file shifts nobody's draws. */
export function mutations(seed: number, n: number): readonly Mutation[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
  const texts = files.map((file) => readFileSync(new URL(file, folder), 'utf8'))
  const draws = files.map((file) => generator(Number.parseInt(hashText(`${seed} ${file}`).slice(0, 8), 16)))
  const kinds = Object.keys(EDITS) as MutationKind[]
  const made: Mutation[] = []
  for (let index = 0; made.length < n; index = (index + 1) % files.length) {
    const draw = draws[index]!
    const kind = kinds[draw(kinds.length)]!
    const edit = EDITS[kind](texts[index]!, draw)
    if (edit !== null && edit.text !== texts[index]) made.push({ file: files[index]!, kind, ...edit })
  }
  return made
}

interface Found {
  readonly word: string
  readonly start: number
  readonly line: number
}

/** Places of a pattern's first group, outside comments. */
function find(text: string, pattern: RegExp): Found[] {
  const found: Found[] = []
  let start = 0
  for (const [i, line] of text.split('\n').entries()) {
    const code = line.replace(/(^|\s)#.*$/, '')
    for (const match of code.matchAll(pattern)) {
      found.push({ word: match[1]!, start: start + match.index + match[0].indexOf(match[1]!), line: i + 1 })
    }
    start += line.length + 1
  }
  return found
}

const KEY = /([A-Za-z0-9_.-]+):(?=\s|$)/g
const KEY_AND_VALUE = /([A-Za-z0-9_.-]+: [A-Za-z0-9./-]+(?: [KMG]?i?B)?),? ?/g
const VALUE = /: ([A-Za-z0-9./-]+(?: [KMG]?i?B)?)(?=[\s,}\]]|$)/g
const SIZE = /(\d+ [KM]?i?B)\b/g
const MARK = /([{}[\]:,])/g

const one = <T>(list: readonly T[], draw: Draw): T | undefined => (list.length === 0 ? undefined : list[draw(list.length)])
const splice = (text: string, start: number, length: number, put: string) => text.slice(0, start) + put + text.slice(start + length)
const keyOf = (line: string) => /^\s*(?:- )?([A-Za-z0-9_.-]+)/.exec(line)?.[1] ?? line.trim()

function replaced(text: string, found: Found | undefined, put: string, words: readonly string[] = []): Edit | null {
  if (found === undefined) return null
  const what = put === '' ? `without "${found.word}"` : `"${put}" for "${found.word}"`
  return {
    what,
    line: found.line,
    words: [found.word, put, ...words].filter((word) => word !== ''),
    text: splice(text, found.start, found.word.length, put),
  }
}

/** One of the lines that say something. */
function lineOf(text: string, draw: Draw): { readonly lines: readonly string[]; readonly index: number } {
  const lines = text.split('\n')
  const filled = lines.flatMap((line, i) => (/^\s*(#|$)/.test(line) ? [] : [i]))
  return { lines, index: filled[draw(filled.length)]! }
}

const UNITS = ['10 us', '1 Gbit/s', '20k/s', '2 %', '64', '64 kb', '0 B', '-64 B', '6,4 B', '9e9 B', '1 GiB', 'many']
const WORDS = [
  'brige',
  'h9',
  'm2',
  'overlya',
  'servr',
  'tcpp',
  'yes',
  '3',
  '-1',
  '~',
  '*x',
  '&x y',
  '!!binary eA==',
  '[a, b]',
  '{ a: b }',
  '"',
  '__proto__',
]
const RANDOM = [
  '\0',
  '\t',
  '\u{1f6a2}',
  '\ufeff',
  '\u2028',
  '%',
  '@',
  '`',
  '|',
  '>',
  '\\',
  '"',
  "'",
  '- ',
  '? ',
  ': ',
  '<<: ',
  '&a ',
  '*a ',
  '\r',
  '\ud800',
]

const EDITS: Readonly<Record<MutationKind, (text: string, draw: Draw) => Edit | null>> = {
  'delete a key': (text, draw) => {
    const found = one(find(text, KEY_AND_VALUE), draw)
    return found === undefined ? null : replaced(text, found, '', found.word.split(/[: ]+/))
  },
  'rename a key': (text, draw) => {
    const found = one(find(text, KEY), draw)
    if (found === undefined) return null
    const at = draw(found.word.length)
    return replaced(text, found, splice(found.word, at, 1, ['', 'x', found.word[at]! + found.word[at]!][draw(3)]!))
  },
  'delete a line': (text, draw) => {
    const { lines, index } = lineOf(text, draw)
    const left = lines.filter((_, i) => i !== index)
    const words = lines[index]!.split(/[^A-Za-z0-9_-]+/).filter((word) => word !== '')
    return { what: `without the line of "${keyOf(lines[index]!)}"`, line: Math.min(index + 1, left.length), words, text: left.join('\n') }
  },
  'duplicate a line': (text, draw) => {
    const { lines, index } = lineOf(text, draw)
    const twice = [...lines.slice(0, index + 1), lines[index]!, ...lines.slice(index + 1)]
    return { what: `the line of "${keyOf(lines[index]!)}" twice`, line: index + 2, words: [keyOf(lines[index]!)], text: twice.join('\n') }
  },
  'change an indent': (text, draw) => {
    const { lines, index } = lineOf(text, draw)
    const by = [1, 2, 3, -1, -2][draw(5)]!
    const line = by > 0 ? ' '.repeat(by) + lines[index]! : lines[index]!.replace(new RegExp(`^ {0,${-by}}`), '')
    const text2 = lines.map((old, i) => (i === index ? line : old)).join('\n')
    return { what: `"${keyOf(line)}" ${by > 0 ? 'deeper' : 'less deep'}`, line: index + 1, words: [keyOf(line)], text: text2 }
  },
  'swap two values': (text, draw) => {
    const found = find(text, VALUE)
    const [a, b] = [one(found, draw), one(found, draw)]
    if (a === undefined || b === undefined || a.start >= b.start) return null
    const swapped = splice(splice(text, b.start, b.word.length, a.word), a.start, a.word.length, b.word)
    return { what: `"${a.word}" and "${b.word}" swapped (line ${b.line} too)`, line: a.line, words: [a.word, b.word], text: swapped }
  },
  'a wrong unit': (text, draw) => replaced(text, one(find(text, SIZE), draw), UNITS[draw(UNITS.length)]!),
  'a wrong word': (text, draw) => replaced(text, one(find(text, VALUE), draw), WORDS[draw(WORDS.length)]!),
  'drop a mark': (text, draw) => replaced(text, one(find(text, MARK), draw), ''),
  'random bytes': (text, draw) => {
    const at = draw(text.length)
    const bytes = Array.from({ length: 1 + draw(3) }, () => RANDOM[draw(RANDOM.length)]!).join('')
    const line = text.slice(0, at).split('\n').length
    return { what: `${JSON.stringify(bytes)} put in`, line, words: [], text: splice(text, at, 0, bytes) }
  },
}
