/** What the parser answers to a mutation, and whether its reader would find the place. */
import { type ExperimentError, formatError, parseExperiment } from '../../experiments/schema/index.js'
import type { Mutation } from './mutations.js'

export interface Outcome {
  readonly mutation: Mutation
  /** Empty where the mutated file is still an experiment. */
  readonly errors: readonly ExperimentError[]
}

export function outcomeOf(mutation: Mutation): Outcome {
  const parsed = parseExperiment(mutation.text, mutation.file)
  return { mutation, errors: 'errors' in parsed ? parsed.errors : [] }
}

/** How well the errors lead to the mutation, the best first. */
export type Finding = 'still an experiment' | 'on its line' | 'refers to it' | 'on the next line' | 'elsewhere'

/**
 * - `on its line`: an error stands on the line where the mutation was made.
 * - `refers to it`: the line, the path or the finding of an error holds a word that the mutation removed, changed or put in (`hosts.h2` deleted is
 *   found at `containers.server.host`, which says `h2`).
 * - `on the next line`: an error stands one line above or below, as where an indent makes its neighbour the wrong one.
 */
export function findingOf({ mutation, errors }: Outcome): Finding {
  if (errors.length === 0) return 'still an experiment'
  if (errors.some((error) => error.line === mutation.line)) return 'on its line'
  const lines = mutation.text.split('\n')
  const texts = errors.flatMap(({ line, path, found }) => [lines[line - 1] ?? '', path, found])
  if (mutation.words.some((word) => texts.some((text) => text.includes(word)))) return 'refers to it'
  return errors.some((error) => Math.abs(error.line - mutation.line) === 1) ? 'on the next line' : 'elsewhere'
}

/** Lines that a file has: what ends it begins no line. */
export function countLines(text: string): number {
  return text.trimEnd().split('\n').length
}

export function inWords({ mutation, errors }: Outcome): string {
  const line = mutation.text.split('\n')[mutation.line - 1] ?? ''
  const [first, ...more] = errors.map(formatError)
  const others = more.length === 0 ? '' : `\n    (and ${more.length} more)`
  return [
    `${mutation.file}:${mutation.line}, ${mutation.kind}: ${mutation.what}`,
    `    ${JSON.stringify(line.trim().slice(0, 110)).slice(1, -1)}`,
    `    ${first ?? 'still an experiment'}${others}`,
  ].join('\n')
}

/** One outcome with errors for each kind of mutation: the one with the fewest errors, the shortest. */
export function tellingOnes(outcomes: readonly Outcome[]): readonly Outcome[] {
  const best = new Map<string, Outcome>()
  for (const outcome of outcomes) {
    if (outcome.errors.length === 0) continue
    const old = best.get(outcome.mutation.kind)
    const isBetter = old === undefined || (findingOf(outcome) === 'on its line' && suggestions(outcome) > suggestions(old))
    if (isBetter) best.set(outcome.mutation.kind, outcome)
  }
  return [...best.values()]
}

function suggestions({ errors }: Outcome): number {
  return errors.filter((error) => error.suggestion !== null).length - errors.length / 2
}
