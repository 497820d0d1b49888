#!/usr/bin/env node
/** The command line. Only the command that was asked for is loaded, so that help and mistakes answer at once. */
import { Command, CommanderError } from 'commander'
import { commands } from './commands/index.js'
import { exitCode } from './exit-code.js'
import { Refusal } from './refusal.js'
import { openScreen } from './screen.js'
import { version } from './version.js'

const words = process.argv.slice(2)
const asked = commands.find(({ name }) => name === words.find((word) => !word.startsWith('-')))

// A reader that left (a closed pipe, a closed terminal) is no reason to lose work that is under way.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })
}

const program = new Command('fairway')
  .description("What a container's network path costs: simulated, measured, compared, drawn.")
  .version(version(), '-V, --version')
  .showHelpAfterError('(fairway COMMAND --help lists what a command takes)')
  .configureHelp({ sortSubcommands: false })
  .exitOverride()

for (const entry of commands) {
  const command = program.command(entry.name).description(entry.summary).exitOverride()
  if (entry === asked) (await entry.load()).define(command)
}

try {
  if (words.length === 0) program.outputHelp()
  else await program.parseAsync()
} catch (error) {
  process.exitCode = answer(error)
}

/** Prints what went wrong and says with which code to end. */
function answer(error: unknown): number {
  const screen = openScreen({ command: asked?.name ?? 'fairway', json: words.includes('--json'), quiet: false })
  // Commander has printed its own message; help and version are no mistakes.
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.done
    screen.document({ errors: new Refusal(exitCode.usage, error.message.replace(/^error: /, '')).mistakes })
    return exitCode.usage
  }
  if (error instanceof Refusal) {
    screen.refuse(error.message, error.mistakes)
    return error.code
  }
  const text = error instanceof Error ? (process.env['FAIRWAY_DEBUG'] ? error.stack! : error.message) : String(error)
  screen.refuse(`fairway: ${text}`, new Refusal(exitCode.failed, text).mistakes)
  return exitCode.failed
}
