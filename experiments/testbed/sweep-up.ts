/** Undoes what a journal names: at the end of a run, and for runs that a kill left behind. Nothing else on the machine is touched. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { command } from './command.js'
import { removeControlGroups } from './control-groups.js'
import { podmanIn } from './engines/podman-command.js'
import { abandonedRuns, readJournal, removeRun, type Undo } from './journal.js'
import { deleteNamespaces, isMounted, killQuietly } from './namespace.js'
import { isAlive, type ProcessIdentity, startTicksOf } from './process-identity.js'
import { removeTraceInstance, unmountTracefs } from './prove/tracefs.js'
import { restoreSetting } from './settings.js'

/** What carries a run's name in the environment of each of its processes. */
export const RUN_VARIABLE = 'FAIRWAY_RUN'

/** Undoes every run that nobody alive holds. @returns their names */
export async function sweepUp(state: string): Promise<string[]> {
  const folders = abandonedRuns(state)
  for (const folder of folders) await undoRun(folder)
  return folders.map((folder) => basename(folder))
}

/** Undoes one run's steps, last first, and forgets the run. */
export async function undoRun(folder: string): Promise<void> {
  await undoSteps(basename(folder), readJournal(folder))
  removeRun(folder)
}

async function undoSteps(run: string, steps: readonly Undo[]): Promise<void> {
  const last = [...steps].reverse()
  for (const step of last) if (step.kind === 'podman') await removeContainers(step.folder)
  if (steps.some((step) => step.kind === 'processes')) await killRunProcesses(run)
  for (const step of last) if (step.kind === 'setting') restoreSetting(step)
  const names = new Set(last.filter((step) => step.kind === 'namespace').map((step) => step.name))
  await deleteNamespaces(run, [...names])
  for (const step of last) if (step.kind === 'control-group') await removeControlGroups(step.name)
  for (const step of last) if (step.kind === 'folder') rmSync(step.path, { recursive: true, force: true })
  for (const step of last) if (step.kind === 'mount') await removeMount(step)
  for (const step of last) if (step.kind === 'trace-instance') removeTraceInstance(step.path)
  for (const step of last) if (step.kind === 'tracefs') await unmountTracefs(step.path)
}

/** Kills the processes of a run and waits until they have ended. */
async function killRunProcesses(run: string): Promise<void> {
  const marker = `${RUN_VARIABLE}=${run}`
  const victims: ProcessIdentity[] = []
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(marker)) continue
    } catch {
      continue
    }
    const startTicks = startTicksOf(pid)
    if (startTicks === null) continue
    killQuietly(pid)
    victims.push({ pid, startTicks })
  }
  for (const deadline = Date.now() + 5000; victims.some(isAlive) && Date.now() < deadline; )
    await new Promise((resolve) => setTimeout(resolve, 2))
}

/** In a namespace of its own: what Podman takes down of a network it must not look for in the initial one. The run's namespaces go anyway. */
async function removeContainers(folder: string): Promise<void> {
  if (!existsSync(`${folder}/imported`)) return
  const podman = (...argv: string[]): Promise<string> => command(podmanIn(folder, null, argv))
  const left = async (): Promise<string[]> => (await podman('ps', '--all', '--quiet')).split('\n').filter(Boolean)
  // A container whose namespace another one has joined can't go first, and the list has no order: whatever can goes.
  for (
    let ids = await left(), before = Number.POSITIVE_INFINITY;
    ids.length > 0 && ids.length < before;
    before = ids.length, ids = await left()
  )
    for (const id of ids) await podman('rm', '--force', '--time', '0', id).catch(() => undefined)
}

/** Takes a mount away unless somebody uses it by now. */
async function removeMount(step: { readonly path: string; readonly removeFolder: boolean }): Promise<void> {
  if (!isMounted(step.path) || readdirSync(step.path).length > 0) return
  try {
    await command(['umount', step.path])
    if (step.removeFolder) rmdirSync(step.path)
  } catch {
    // Busy: somebody else's namespaces are mounted below it.
  }
}
