/** `fairway doctor`: what this machine can measure, and the command that installs what is missing; `--clean` undoes what killed runs left. */
import type { Command } from 'commander'
import type { CatalogueElement } from '../../experiments/testbed/catalogue.js'
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
    const { catalogue, needs } = await examined()
    const profiles = await profilesHere()
    screen.print([describe(catalogue, needs), ...(profiles === null ? [] : [profileInWords(profiles)])].join('\n'))
    screen.document({ elements: [...catalogue, ...needs], machine: profiles })
    return exitCode.done
  })
}

/** What paths may consist of, and what the testbed itself needs for them. */
interface Examined {
  readonly catalogue: readonly CatalogueElement[]
  readonly needs: readonly Element[]
}

async function examined(): Promise<Examined> {
  const { examine } = await import('../../experiments/testbed/doctor.js')
  const { examineCatalogue } = await import('../../experiments/testbed/catalogue.js')
  const { BusyError } = await import('../../experiments/testbed/lock.js')
  try {
    const needs = await examine({ unquiet: true })
    return { needs, catalogue: await examineCatalogue(needs, { unquiet: true }) }
  } catch (error) {
    if (error instanceof BusyError) throw new Refusal(exitCode.machine, `doctor: ${error.message}; trying elements would disturb it`)
    throw error
  }
}

/** The machine that this is, and the profiles that ship for machines like it, by name. */
interface ProfilesHere {
  readonly machine: string
  readonly same: readonly string[]
  readonly sameProcessor: readonly { readonly name: string; readonly machine: string }[]
}

/** Null where there is no Linux to ask. */
async function profilesHere(): Promise<ProfilesHere | null> {
  if (process.platform !== 'linux') return null
  const { environmentOf, machineLine } = await import('../../experiments/testbed/environment.js')
  const { loadProfile, profileNames } = await import('../../experiments/profile-file.js')
  const { profilesFor } = await import('../../experiments/machine.js')
  const environment = await environmentOf()
  const machine = machineLine(environment)
  const { same, sameProcessor } = profilesFor({ machine, processor: environment.processor }, profileNames().map(loadProfile))
  return {
    machine,
    same: same.map(({ name }) => name),
    sameProcessor: sameProcessor.map(({ name, machine: theirs }) => ({ name, machine: theirs })),
  }
}

function profileInWords({ machine, same, sameProcessor }: ProfilesHere): string {
  const words = [
    ...same.map((name) => `profile ${name} was measured on this kind of machine: --profile ${name}`),
    ...sameProcessor.map(
      ({ name, machine: theirs }) => `profile ${name} was measured on this processor, but on a ${theirs}: --profile ${name}`,
    ),
  ]
  const none = 'no profile that ships was measured on such a machine: `calibrate --measure --name mine` makes one (root)'
  return `This machine:     ${machine}; ${words.length === 0 ? none : words.join('; ')}`
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

function describe(catalogue: readonly CatalogueElement[], needs: readonly Element[]): string {
  const named = catalogue.map(({ name, kind, measurable, isBuilt, reason }) => [
    measurable ? 'yes' : isBuilt ? 'no' : 'not built',
    name,
    kind,
    // The first column says so already.
    reason.replace(/^not built(; )?/, ''),
  ])
  const lines = needs.map(({ name, kind, measurable, reason }) => [measurable ? 'yes' : 'no', name, kind, reason])
  const published = catalogue.filter(({ source }) => source === 'published').map(({ name }) => name)
  return [
    alignColumns([['measurable', 'element', 'kind', 'why'], ...named]),
    alignColumns([['here', 'needed', 'kind', 'why'], ...lines]),
    published.length === 0 ? 'No model stands on published figures alone.' : `On published figures alone: ${published.join(', ')}`,
    helpWith(catalogue, needs),
  ].join('\n\n')
}

function helpWith(catalogue: readonly CatalogueElement[], needs: readonly Element[]): string {
  const built = catalogue.filter(({ isBuilt }) => isBuilt)
  const installs = [...new Set([...needs, ...built].map(({ install }) => install).filter((install) => install !== null))]
  return installs.length === 0 ? 'Nothing is missing that what Fairway builds could use.' : `What is missing:  ${installs.join('\n')}`
}
