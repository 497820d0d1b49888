/**
 * The finished replications of a result folder, one file each, named by content. A file appears whole or not at all (written beside, then
 * renamed), so a run that was killed leaves only finished ones, and running again is the same act as going on.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReplicationRecord } from './replication-record.js'

export interface Replications {
  /** The record of that id, or null where there is none that can be read. */
  find(id: string): Promise<ReplicationRecord | null>
  keep(id: string, record: ReplicationRecord): Promise<void>
}

/** Opens (and creates) `folder`/replications. */
export async function openReplications(folder: string): Promise<Replications> {
  const home = join(folder, 'replications')
  await mkdir(home, { recursive: true })
  await sweepLeftovers(home)
  const place = (id: string) => join(home, `${id}.json`)
  return {
    async find(id) {
      try {
        return JSON.parse(await readFile(place(id), 'utf8')) as ReplicationRecord
      } catch {
        return null // absent, or cut off by a power failure: it runs again
      }
    },
    async keep(id, record) {
      const beside = `${place(id)}.${process.pid}.tmp`
      await writeFile(beside, `${JSON.stringify(record)}\n`)
      await rename(beside, place(id))
    },
  }
}

/** Keeps nothing: for library users that want rows and no folder. */
export const nowhere: Replications = { find: async () => null, keep: async () => undefined }

/** Removes what writers that are dead by now left half written. */
async function sweepLeftovers(home: string): Promise<void> {
  for (const file of await readdir(home)) {
    const writer = /\.(\d+)\.tmp$/.exec(file)?.[1]
    if (writer !== undefined && !isAlive(Number(writer))) await rm(join(home, file), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
