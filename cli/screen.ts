/**
 * Where a command's words go. Results go to standard output: text, or with `--json` exactly one document and nothing else.
 * Progress and notices go to standard error, so that a pipe never sees them.
 */
import { fold, widthOf } from './format/fold.js'
import type { Mistake } from './refusal.js'

export interface ScreenOptions {
  readonly command: string
  readonly json: boolean
  readonly quiet: boolean
}

export interface Screen extends ScreenOptions {
  /** Text for a reader, on standard output, no wider than a terminal where it is one; silent with `--json`. */
  print(text: string): void
  /** The command's document, on standard output with `--json`; silent without. */
  document(body: Readonly<Record<string, unknown>>): void
  /** A notice on standard error, unless `--quiet`. */
  notice(text: string): void
  /** What went wrong while the command went on; on standard error, always. */
  error(text: string): void
  /** An error on standard error; with `--json` the document that lists the mistakes stands on standard output, too. */
  refuse(text: string, mistakes: readonly Mistake[]): void
}

export function openScreen(
  options: ScreenOptions,
  stdout: NodeJS.WritableStream = process.stdout,
  stderr: NodeJS.WritableStream = process.stderr,
): Screen {
  const { command, json, quiet } = options
  const document = (body: Readonly<Record<string, unknown>>) => {
    if (json) stdout.write(`${JSON.stringify({ schema: `fairway/${command}/1`, ...body }, null, 2)}\n`)
  }
  return {
    ...options,
    document,
    print(text) {
      const folded = fold(text, widthOf(stdout))
      if (!json) stdout.write(folded.endsWith('\n') ? folded : `${folded}\n`)
    },
    notice(text) {
      if (!quiet) stderr.write(`${text}\n`)
    },
    error(text) {
      stderr.write(`${text}\n`)
    },
    refuse(text, mistakes) {
      document({ errors: mistakes })
      stderr.write(`${text}\n`)
    },
  }
}
