/** Named network namespaces of one run, and only of that run: `fairway-RUN-NAME`. */
import { existsSync, readFileSync } from 'node:fs'
import { command } from './command.js'
import type { Journal } from './journal.js'

const FOLDER = '/run/netns'

export function kernelNameOf(run: string, namespace: string): string {
  return `fairway-${run}-${namespace}`
}

/** The namespace that a run uses to see that its others have ended; journalled with the run. */
export function sentinelOf(run: string): string {
  return `fairway-${run}-sentinel`
}

/**
 * Adds an empty namespace, or gives a name to that of a process. `ip` makes a mount of its folder with the first one on a machine: that is journalled too.
 * @throws CommandError; Error when somebody else has a namespace of this name
 */
export async function addNamespace(journal: Journal, name: string, pid?: string): Promise<void> {
  if (existsSync(`${FOLDER}/${name}`)) throw new Error(`namespace ${name} is somebody else's`)
  if (!isMounted(FOLDER)) journal.record({ kind: 'mount', path: FOLDER, removeFolder: !existsSync(FOLDER) })
  journal.record({ kind: 'namespace', name })
  await command(pid === undefined ? ['ip', 'netns', 'add', name] : ['ip', 'netns', 'attach', name, pid])
  // An id in the initial namespace, so that its end can be watched.
  await command(['ip', 'netns', 'set', name, 'auto'])
}

/** Deletes the named namespaces that exist, with the processes that still run inside, and waits until the kernel has taken them down. */
export async function deleteNamespaces(run: string, names: readonly string[]): Promise<void> {
  const present = names.filter((name) => existsSync(`${FOLDER}/${name}`))
  await emptyNamespaces(present)
  const ids: number[] = []
  for (const name of present) {
    ids.push(...(await idsOf(name)))
    await command(['ip', 'netns', 'delete', name])
  }
  if (present.length > 0) await waitUntilGone(sentinelOf(run), ids)
}

/**
 * Kills what runs in the namespaces and waits until it has left them. A process leaves after it has closed its sockets: were the devices
 * to go before, a connection's last segment would be sent again for minutes, and its socket would keep the namespace.
 */
async function emptyNamespaces(names: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
    let found = 0
    for (const name of names)
      for (const pid of (await command(['ip', 'netns', 'pids', name])).split('\n').filter(Boolean)) {
        killQuietly(Number(pid))
        found++
      }
    if (found === 0) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${names.join(', ')}: processes stay in these namespaces though they were killed`)
}

/**
 * The kernel takes namespaces down later, in batches (net/core/net_namespace.c, cleanup_net): a batch first gives the ids back, then ends
 * the devices. Once our ids are gone our batch has begun; a namespace deleted after that belongs to a later batch, and when its id
 * is gone in turn, our batch has ended.
 */
async function waitUntilGone(sentinel: string, ids: readonly number[]): Promise<void> {
  await waitForIds(ids)
  await command(['ip', 'netns', 'add', sentinel])
  await command(['ip', 'netns', 'set', sentinel, 'auto'])
  const later = await idsOf(sentinel)
  await command(['ip', 'netns', 'delete', sentinel])
  await waitForIds(later)
}

async function waitForIds(ids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const nameless = new Set((await listIds()).filter((entry) => entry.name === null).map((entry) => entry.nsid))
    if (!ids.some((id) => nameless.has(id))) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`namespaces with ids ${ids.join(', ')} are still being taken down after 10 s`)
}

async function listIds(): Promise<{ nsid: number; name: string | null }[]> {
  const text = await command(['ip', 'netns', 'list-id'])
  return text
    .split('\n')
    .map((line) => /^nsid (\d+)(?:.*name: (\S+?)\))?/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ nsid: Number(match[1]), name: match[2] ?? null }))
}

async function idsOf(name: string): Promise<number[]> {
  return (await listIds()).filter((entry) => entry.name === name).map((entry) => entry.nsid)
}

export function isMounted(path: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === path)
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
