/** Text to located tree. Anchors, aliases, tags and several documents in one file are no part of an experiment file. */
import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser } from 'yaml'
import { type ExperimentError, errorAt } from './errors.js'
import { MAX_DEPTH, MAX_FILE_LENGTH, MAX_INDENT } from './limits.js'
import { type Entry, joinPath, type LocatedNode, type MapNode, type Place } from './located.js'
import * as messages from './messages.js'

export interface YamlText {
  /** The document's mapping; null where the text holds none (`errors` says why). */
  readonly root: MapNode | null
  /** The comment that opens the file: its first paragraph, on one line. */
  readonly question: string
  readonly errors: readonly ExperimentError[]
}

/** Yields no exception, whatever the text. */
export function readYaml(text: string, file: string): YamlText {
  const start: Place = { file, line: 1, column: 1 }
  const refused = (errors: readonly ExperimentError[]): YamlText => ({ root: null, question: '', errors })
  if (text.length > MAX_FILE_LENGTH) return refused([errorAt(start, '', messages.fileTooLong(text.length))])
  const nesting = nestingError(text, file)
  if (nesting !== null) return refused([nesting])

  const lines = new LineCounter()
  // What is missing at the end is missed behind the last word, not on a line that the file does not have.
  const end = text.trimEnd().length
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, end)))
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const composer = new Composer({
    schema: 'core',
    uniqueKeys: false,
    stringKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const documents: Document.Parsed[] = []
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)) {
    documents.push(document)
    if (documents.length > 1) break
  }
  const [document, second] = documents
  if (document === undefined) return refused([errorAt(start, '', messages.emptyFile())])
  if (document.errors.length > 0) return refused(indentedStart(text, file) ?? syntaxErrors(text, document.errors, place))
  if (second !== undefined) return refused([errorAt(place(second.range[0]), '', messages.secondDocument())])
  if (!isMap(document.contents)) {
    const at = document.contents === null ? start : place(document.contents.range?.[0] ?? 0)
    return refused([errorAt(at, '', document.contents === null ? messages.emptyFile() : messages.noMapping())])
  }
  const errors: ExperimentError[] = []
  const root = locate(document.contents, '', 0, place, errors) as MapNode
  return { root, question: openingQuestion(text), errors }
}

/** A first key that is indented makes every key at the start of a line look wrong: the one mistake is the first. */
function indentedStart(text: string, file: string): ExperimentError[] | null {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => !/^\s*(#|$)/.test(line))
  const spaces = /^ +(?=[A-Za-z])/.exec(lines[first] ?? '')?.[0].length ?? 0
  return spaces === 0 ? null : [errorAt({ file, line: first + 1, column: spaces + 1 }, '', messages.indentedStart(spaces))]
}

/** One mistake a line, and no more than ten: after the first, a parser mostly stumbles over its own confusion. */
function syntaxErrors(text: string, errors: Document.Parsed['errors'], place: (offset: number) => Place): ExperimentError[] {
  const byLine = new Map<number, ExperimentError>()
  for (const { code, message, pos } of errors) {
    const stated = place(pos[0])
    const lost = code === 'BAD_INDENT' ? itemsWithoutKey(text, stated.line) : null
    const at = lost === null ? stated : { ...stated, ...lost }
    if (byLine.size < 10 && !byLine.has(at.line)) byLine.set(at.line, errorAt(at, '', messages.yamlSyntax(code, message)))
  }
  return [...byLine.values()]
}

/**
 * Where an item stands too far left for those above it, and it is they that stand too far right: their key has been lost, so that they seem to
 * belong to the key above. Which of the two is right, the file's own step tells. @returns the first of them, or null
 */
function itemsWithoutKey(text: string, line: number): { readonly line: number; readonly column: number } | null {
  const lines = text.split('\n')
  const indentOf = (one: string): number | null => (/^\s*(#|$)/.test(one) ? null : one.length - one.trimStart().length)
  const step = lines.map(indentOf).find((indent) => indent !== null && indent > 0)
  const own = indentOf(lines[line - 1] ?? '')
  if (own === null || step === undefined) return null
  let first: { readonly line: number; readonly column: number } | null = null
  for (let above = line - 1; above >= 1; above--) {
    const indent = indentOf(lines[above - 1]!)
    if (indent === null) continue
    if (indent > own) first = { line: above, column: indent + 1 }
    else return own - indent === step ? first : null
  }
  return null
}

/** What a value is without a tag (YAML 1.2.2, chapter 10.3). */
const PLAIN_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/

interface OpenBracket extends Place {
  readonly bracket: string
}

/** Lexemes that stand for no text: a document, a flow collection that ends by its indent, a scalar (yaml's Lexer). */
const CONTROL = { document: '\u0002', flowErrorEnd: '\u0018', scalar: '\u001f' } as const

/** Counts brackets, quotation marks and indents on the flat stream of lexemes, before anything recursive sees the text. */
function nestingError(text: string, file: string): ExperimentError | null {
  let line = 1
  let column = 1
  let indicators = 0
  let isPlain = false
  const open: OpenBracket[] = []
  for (const lexeme of new Lexer().lex(text)) {
    const last = open.at(-1)
    const isQuoted = !isPlain && (lexeme[0] === '"' || lexeme[0] === "'")
    isPlain = lexeme === CONTROL.scalar
    if (isQuoted && (lexeme.length === 1 || lexeme.at(-1) !== lexeme[0]))
      return errorAt({ file, line, column }, '', messages.unclosed(lexeme[0]!))
    if (lexeme === CONTROL.flowErrorEnd && last !== undefined) return errorAt(last, '', messages.unclosed(last.bracket))
    if (lexeme === CONTROL.document || lexeme === CONTROL.flowErrorEnd || lexeme === CONTROL.scalar) continue
    if (lexeme === '[' || lexeme === '{') open.push({ file, line, column, bracket: lexeme })
    else if (lexeme === ']' || lexeme === '}') {
      if (last === undefined) return errorAt({ file, line, column }, '', messages.unopened(lexeme))
      if (PAIR[last.bracket] !== lexeme) return errorAt(last, '', messages.unclosed(last.bracket))
      open.pop()
    } else if (last === undefined && (lexeme === '-' || lexeme === '?' || lexeme === ':')) indicators++
    const indent = column === 1 && /^ *$/.test(lexeme) ? lexeme.length : 0
    if (open.length > MAX_DEPTH || indicators > MAX_INDENT || indent > MAX_INDENT)
      return errorAt({ file, line, column }, '', messages.tooDeep())
    for (const part of lexeme) {
      if (part === '\n') {
        line++
        column = 1
        indicators = 0
      } else column += part.length
    }
  }
  const last = open.at(-1)
  return last === undefined ? null : errorAt(last, '', messages.unclosed(last.bracket))
}

const PAIR: Readonly<Record<string, string>> = { '[': ']', '{': '}' }

/** Places a parsed node; what the file may not hold is reported and left out. */
function locate(node: Node, path: string, depth: number, place: (offset: number) => Place, errors: ExperimentError[]): LocatedNode {
  const at = place(node.range?.[0] ?? 0)
  const nothing: LocatedNode = { kind: 'scalar', ...at, path, value: null, source: '' }
  if (depth > MAX_DEPTH) {
    errors.push(errorAt(at, path, messages.tooDeep()))
    return nothing
  }
  if (isAlias(node)) {
    errors.push(errorAt(at, path, messages.alias(`*${node.source}`)))
    return nothing
  }
  if (node.anchor !== undefined) errors.push(errorAt(at, path, messages.alias(`&${node.anchor}`)))
  if (node.tag !== undefined && !PLAIN_TAG.test(node.tag)) {
    errors.push(errorAt(at, path, messages.tag(node.tag.replace('tag:yaml.org,2002:', '!!'))))
    return nothing
  }
  if (isSeq<Node>(node)) {
    return { kind: 'list', ...at, path, items: node.items.map((item, i) => locate(item, joinPath(path, i), depth + 1, place, errors)) }
  }
  if (isMap<Node, Node | null>(node)) {
    const entries = new Map<string, Entry>()
    for (const { key, value } of node.items) {
      const keyAt = place(key?.range?.[0] ?? node.range?.[0] ?? 0)
      if (!isScalar(key)) {
        errors.push(errorAt(keyAt, path, messages.keyIsNoWord()))
        continue
      }
      const name = key.source ?? String(key.value)
      const below = joinPath(path, name)
      if (key.anchor !== undefined) errors.push(errorAt(keyAt, below, messages.alias(`&${key.anchor}`)))
      if (entries.has(name)) errors.push(errorAt(keyAt, below, messages.keyTwice(name)))
      const located = value === null ? { ...nothing, ...keyAt, path: below } : locate(value, below, depth + 1, place, errors)
      // A value that isn't there has no place of its own: its key's is where one looks.
      const isNothing = located.kind === 'scalar' && located.value === null && located.source === ''
      entries.set(name, { key: keyAt, node: isNothing ? { ...located, ...keyAt } : located })
    }
    return { kind: 'map', ...at, path, entries }
  }
  const { value, source } = node as { value?: unknown; source?: string }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { kind: 'scalar', ...at, path, value: scalar, source: source ?? String(value ?? '') }
}

/** The first paragraph of the comment that opens the file. */
function openingQuestion(text: string): string {
  const words: string[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const comment = /^#+[ \t]*(.*?)[ \t]*$/.exec(line)
    if (comment === null || comment[1] === '') {
      if (words.length > 0) break
      if (comment === null && line.trim() !== '') break
      continue
    }
    words.push(comment[1]!)
  }
  return words.join(' ')
}
