/** Words for messages: lists, quotations, the nearest valid word. */
import { distance } from 'fastest-levenshtein'
import type { LocatedNode } from './located.js'

const LONGEST_QUOTATION = 60
/** Words that a wrong one is compared with: a file of thousands of names must not make each mistake cost thousands of comparisons. */
const MOST_CANDIDATES = 500

/** `bridge`, `bridge or veth`, `shared, bridge or veth`. */
export function alternatives(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? 'nothing'
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** A name out of few, or of many: only the first dozen are listed. */
export function oneOf(kind: string, names: readonly string[]): string {
  if (names.length === 0) return `the name of a ${kind} (there is none)`
  const listed = names.length > 12 ? `${names.slice(0, 12).join(', ')}, ...` : alternatives(names)
  return `the name of a ${kind} (${listed})`
}

/** In quotation marks, with what nobody can see (control, format and separator characters) spelt out. */
export function quoted(text: string): string {
  const json = JSON.stringify(text.length > LONGEST_QUOTATION ? `${text.slice(0, LONGEST_QUOTATION)}...` : text)
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`)
}

/** What stands at a node, as a message says it: `"brige"`, `64`, `nothing`, `a list`, `a mapping`. */
export function describeNode(node: LocatedNode | undefined): string {
  if (node === undefined) return 'nothing'
  switch (node.kind) {
    case 'list':
      return 'a list'
    case 'map':
      return 'a mapping'
    case 'scalar':
      if (node.value === null) return 'nothing'
      return typeof node.value === 'string' ? quoted(node.value) : node.source.slice(0, LONGEST_QUOTATION)
  }
}

/** The valid word nearest to a wrong one by Levenshtein's distance, or null where none is near enough to be meant. */
export function nearest(word: string, words: readonly string[]): string | null {
  if (word.length > 64) return null
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of words.slice(0, MOST_CANDIDATES)) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase())
    if (d < bestDistance && d <= mostChanges(word, candidate)) {
      best = candidate
      bestDistance = d
    }
  }
  return best === word ? null : best
}

/** Two swapped letters count as two changes; something of both words must be left. */
function mostChanges(a: string, b: string): number {
  const longest = Math.max(a.length, b.length)
  const changes = longest < 4 ? 1 : longest < 8 ? 2 : Math.floor(longest * 0.4)
  return Math.min(changes, Math.min(a.length, b.length) - 1)
}
