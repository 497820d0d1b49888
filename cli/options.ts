/** Options that several commands share, each written once. */
import { type Command, InvalidArgumentError } from 'commander'
import type { ExitCode } from './exit-code.js'
import { openScreen, type Screen } from './screen.js'

export interface SharedOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

/**
 * Gives a command `--json` and `--quiet` and its action: `work` gets the screen, the arguments and the options, and returns the exit code.
 * Whatever it throws is answered by `main`.
 */
export function act<Options extends SharedOptions>(
  command: Command,
  work: (screen: Screen, args: readonly (string | readonly string[] | undefined)[], options: Options) => Promise<ExitCode>,
): void {
  command
    .option('--json', 'one JSON document on standard output and nothing else there')
    .option('--quiet', 'no progress and no notices')
    .action(async (...given: unknown[]) => {
      const options = given.at(-2) as Options
      const screen = openScreen({ command: command.name(), json: options.json ?? false, quiet: options.quiet ?? false })
      process.exitCode = await work(screen, given.slice(0, -2) as (string | readonly string[] | undefined)[], options)
    })
}

/** @throws InvalidArgumentError, which commander turns into wrong usage. */
export function wholeNumber(least: number) {
  return (text: string): number => {
    const number = Number(text)
    if (!Number.isSafeInteger(number) || number < least || text.trim() === '')
      throw new InvalidArgumentError(`Expected a whole number from ${least} on.`)
    return number
  }
}

/** @throws InvalidArgumentError, which commander turns into wrong usage. */
export function atLeast(least: number) {
  return (text: string): number => {
    const number = Number(text)
    if (!Number.isFinite(number) || number < least || text.trim() === '')
      throw new InvalidArgumentError(`Expected a number from ${least} on.`)
    return number
  }
}
