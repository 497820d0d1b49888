/** `fairway doctor`: what this machine can measure, and the command that installs what is missing; `--clean` undoes what killed runs left. */
import type { Command } from 'commander'
import type { Element } from '../../experiments/testbed/doctor.js'
import { exitCode } from '../exit-code.js'
import { alignColumns } from '../format/columns.js'
import { act, type SharedOptions } from '../options.js'
import { Refusal } from '../refusal.js'

interface Options extends SharedOptions {
  readonly clean?: boolean
}

export function define(command: Command): void {
  command.option('--clean', 'undo what measurements that were killed left behind, and nothing else')
  act<Options>(command, async (screen, _args, options) => {
    if (options.clean === true) {
      const { cleaned, text } = await clean()
      screen.print(text)
      screen.document({ cleaned })
      return exitCode.done
    }
    const elements = await examined()
    screen.print(describe(elements))
    screen.document({ elements })
    return exitCode.done
  })
}

async function examined(): Promise<Element[]> {
  const { examine } = await import('../../experiments/testbed/doctor.js')
  const { BusyError } = await import('../../experiments/testbed/lock.js')
  try {
    return await examine({ unquiet: true })
  } catch (error) {
    if (error instanceof BusyError) throw new Refusal(exitCode.machine, `doctor: ${error.message}; trying elements would disturb it`)
    throw error
  }
}

/** A campaign that somebody alive measures keeps everything that it holds. */
async function clean(): Promise<{ readonly cleaned: readonly string[]; readonly text: string }> {
  const { stateDirectory } = await import('../../experiments/testbed/journal.js')
  const { BusyError, takeLock } = await import('../../experiments/testbed/lock.js')
  const { sweepUp } = await import('../../experiments/testbed/sweep-up.js')
  const state = stateDirectory()
  try {
    const lock = await takeLock(state, 0)
    try {
      const cleaned = await sweepUp(state)
      return {
        cleaned,
        text: cleaned.length === 0 ? 'nothing to clean: no killed run has left anything' : `undid what runs ${cleaned.join(', ')} had left`,
      }
    } finally {
      lock.release()
    }
  } catch (error) {
    if (!(error instanceof BusyError)) throw error
    return { cleaned: [], text: `nothing was cleaned: ${error.message}` }
  }
}

function describe(elements: readonly Element[]): string {
  const lines = elements.map(({ name, kind, measurable, reason }) => [measurable ? 'yes' : 'no', name, kind, reason])
  const installs = [...new Set(elements.map(({ install }) => install).filter((install) => install !== null))]
  const help = installs.length === 0 ? 'Nothing is missing that could be installed.' : `What is missing:  ${installs.join('\n')}`
  return `${alignColumns([['measurable', 'element', 'kind', 'why'], ...lines])}\n\n${help}`
}
