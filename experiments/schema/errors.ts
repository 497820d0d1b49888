/** A mistake in an experiment file: where it stands, what was expected there, what was found, and the nearest valid word. */
import { MAX_ERRORS } from './limits.js'
import type { Place } from './located.js'

export interface ExperimentError {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly column: number
  /** Key of the file, `networks.blue.driver`; empty for the file as a whole. */
  readonly path: string
  readonly expected: string
  readonly found: string
  readonly suggestion: string | null
}

/** What was expected and what was found, without the place. */
export interface Mismatch {
  readonly expected: string
  readonly found: string
  readonly suggestion?: string | null
}

export function errorAt(place: Place, path: string, { expected, found, suggestion = null }: Mismatch): ExperimentError {
  return { file: place.file, line: place.line, column: place.column, path, expected, found, suggestion }
}

/** Each mistake once, in the order of the file, and no more of them than anybody reads. */
export function sortedOnce(errors: readonly ExperimentError[]): ExperimentError[] {
  const once = new Map(errors.map((error) => [JSON.stringify(error), error]))
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return [...once.values()]
    .sort((a, b) => order(a.file, b.file) || a.line - b.line || a.column - b.column || order(a.path, b.path))
    .slice(0, MAX_ERRORS)
}

/** `experiments/mine.yaml:14:13  networks.blue.driver: expected bridge or overlay, got "brige" (did you mean "bridge"?)` */
export function formatError({ file, line, column, path, expected, found, suggestion }: ExperimentError): string {
  const hint = suggestion === null ? '' : ` (did you mean ${JSON.stringify(suggestion)}?)`
  return `${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}expected ${expected}, got ${found}${hint}`
}

export function formatErrors(errors: readonly ExperimentError[]): string {
  const count = errors.length === 1 ? '1 mistake' : `${errors.length < MAX_ERRORS ? '' : 'at least '}${errors.length} mistakes`
  return [...errors.map(formatError), `${count}; nothing was run.`].join('\n')
}
