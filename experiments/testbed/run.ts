/** A run's life on this machine: it holds the lock, journals what it changes, and undoes all of it at its end. */
import { randomBytes } from 'node:crypto'
import { command } from './command.js'
import { type Journal, openJournal, stateDirectory } from './journal.js'
import { takeLock } from './lock.js'
import { sentinelOf } from './namespace.js'
import { allowCongestionControl, changeSetting, moveInterruptsToCore0 } from './settings.js'
import { sweepUp, undoRun } from './sweep-up.js'

export interface RunOptions {
  /** Where runs are journalled; default `/run/fairway` (FAIRWAY_STATE). */
  readonly state?: string
  /** How long to wait for somebody else's campaign, s; 0: not at all. */
  readonly waitSeconds?: number
  /** Leave the machine's settings as they are: for whoever builds without measuring. */
  readonly unquiet?: boolean
}

export interface TestbedRun {
  /** Carried by every namespace, and by the environment of every process. */
  readonly id: string
  /** For files that live as long as the run. */
  readonly folder: string
  readonly journal: Journal
  /** What was changed outside of the run's namespaces, in words, for the environment of its rows. */
  readonly quiet: Readonly<Record<string, string>>
  end(): Promise<void>
}

/**
 * Takes the lock, undoes what killed runs left behind, and quietens the machine: no autogroups (they would weigh the instruments against
 * each other), interrupts and this process on core 0.
 * @throws BusyError when somebody else measures
 */
export async function beginRun(options: RunOptions = {}): Promise<TestbedRun> {
  const state = options.state ?? stateDirectory()
  const lock = await takeLock(state, options.waitSeconds ?? 0)
  try {
    await sweepUp(state)
    const id = randomBytes(3).toString('hex')
    const journal = openJournal(state, id)
    const affinity = await ownAffinity()
    try {
      journal.record({ kind: 'processes' })
      journal.record({ kind: 'namespace', name: sentinelOf(id) })
      const quiet = options.unquiet === true ? {} : await quieten(journal)
      return {
        id,
        folder: journal.folder,
        journal,
        quiet,
        async end() {
          journal.close()
          try {
            await undoRun(journal.folder)
          } finally {
            await setOwnAffinity(affinity)
            lock.release()
          }
        },
      }
    } catch (error) {
      await undoRun(journal.folder)
      await setOwnAffinity(affinity)
      throw error
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function quieten(journal: Journal): Promise<Record<string, string>> {
  const autogroup = changeSetting(journal, '/proc/sys/kernel/sched_autogroup_enabled', '0')
  const staying = moveInterruptsToCore0(journal)
  for (const name of ['cubic', 'reno']) allowCongestionControl(journal, name)
  await setOwnAffinity('0')
  return {
    autogroup: autogroup ? 'off' : 'as found',
    interrupts: staying.length === 0 ? 'on core 0' : `on core 0, except ${staying.join(' ')} (the kernel keeps them)`,
  }
}

/** Cores that this process may use, as a list such as `0,1`. */
async function ownAffinity(): Promise<string> {
  const text = await command(['taskset', '-c', '-p', String(process.pid)])
  return text.slice(text.lastIndexOf(':') + 1).trim()
}

/** Every thread of this process; it ends with the process, so there is nothing to journal. */
async function setOwnAffinity(cores: string): Promise<void> {
  await command(['taskset', '-a', '-c', '-p', cores, String(process.pid)])
}
