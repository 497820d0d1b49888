/**
 * What a run has changed on this machine, written down before it is changed: one JSON line a step, flushed to the disk, so that whoever
 * comes after a `kill -9` can undo it. A run is a folder in the state directory: `owner.json` (the process that holds it) and `journal.jsonl`.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js'

export type Undo =
  /** A named network namespace to delete; every device of the run lives in one of these, and goes with it. */
  | { readonly kind: 'namespace'; readonly name: string }
  /** Processes to kill: those whose environment carries `FAIRWAY_RUN` with the run's name. */
  | { readonly kind: 'processes' }
  /** A file under /proc or /sys to write `before` into again, as long as it still reads `after` (somebody else's change stays). */
  | { readonly kind: 'setting'; readonly path: string; readonly before: string; readonly after: string }
  /** A mount that wasn't there; its folder is removed too where the run made it. */
  | { readonly kind: 'mount'; readonly path: string; readonly removeFolder: boolean }
  /** An instance of the kernel's trace buffer to remove: its events and filters end with it. */
  | { readonly kind: 'trace-instance'; readonly path: string }
  /** Podman's folder: its containers are removed. */
  | { readonly kind: 'podman'; readonly folder: string }
  /** A control group's name, in every hierarchy. */
  | { readonly kind: 'control-group'; readonly name: string }
  /** A folder that wasn't there, to remove with what is in it. */
  | { readonly kind: 'folder'; readonly path: string }
  /** tracefs, mounted where it wasn't; it stays while somebody else has an instance there. */
  | { readonly kind: 'tracefs'; readonly path: string }

export interface Journal {
  readonly run: string
  readonly folder: string
  /** Writes the step down and returns once it is on the disk. */
  record(undo: Undo): void
  close(): void
}

/** Where runs are journalled: gone after a reboot, as the things that they changed are. */
export function stateDirectory(): string {
  return process.env['FAIRWAY_STATE'] ?? '/run/fairway'
}

/** @throws when a run of this name is journalled already. */
export function openJournal(state: string, run: string): Journal {
  const folder = join(state, run)
  mkdirSync(state, { recursive: true })
  mkdirSync(folder)
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(ownIdentity()), { flush: true })
  const file = openSync(join(folder, 'journal.jsonl'), 'a')
  return {
    run,
    folder,
    record(undo) {
      writeSync(file, `${JSON.stringify(undo)}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** The steps of a journal in the order in which they were taken. A last line that a kill cut off was never acted on. */
export function readJournal(folder: string): Undo[] {
  const path = join(folder, 'journal.jsonl')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as Undo)
}

/** Runs that are journalled and that nobody alive holds. */
export function abandonedRuns(state: string): string[] {
  if (!existsSync(state)) return []
  return readdirSync(state, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(state, entry.name))
    .filter((folder) => {
      const owner = ownerOf(folder)
      return owner === null || !isAlive(owner)
    })
}

/** Who holds a run; null where the kill came before that was written, and nothing was changed yet. */
export function ownerOf(folder: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as ProcessIdentity
  } catch {
    return null
  }
}

export function removeRun(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
