/** A refusal: the command did not do what it was asked to, and says why. `main` prints it and turns it into the exit code. */
import { type ExitCode, exitCode } from './exit-code.js'

/** FORMATS, `errors`: one mistake with its place; null where a mistake has none. */
export interface Mistake {
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly path: string | null
  readonly expected: string
  readonly found: string | null
  readonly suggestion: string | null
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ExitCode
  readonly mistakes: readonly Mistake[]

  constructor(code: ExitCode, text: string, mistakes?: readonly Mistake[]) {
    super(text)
    this.code = code
    this.mistakes = mistakes ?? [{ file: null, line: null, column: null, path: null, expected: text, found: null, suggestion: null }]
  }
}

/** Wrong usage: an argument or option that makes no sense. */
export const wrongUsage = (text: string) => new Refusal(exitCode.usage, text)
