/** Control groups that an engine makes for a run: one parent in each hierarchy, with the run's name. */
import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Journal } from '../journal.js'

const ROOT = '/sys/fs/cgroup'
/** How long the kernel may take to empty a group whose processes have ended, ms. */
const EMPTYING_MS = 3000

export function controlGroupOf({ run }: Journal): string {
  return `fairway-${run}`
}

/** Removes a group of every hierarchy, innermost first. */
export async function removeControlGroups(name: string): Promise<void> {
  for (const hierarchy of existsSync(ROOT) ? readdirSync(ROOT) : []) {
    const top = join(ROOT, hierarchy, name)
    for (const deadline = Date.now() + EMPTYING_MS; existsSync(top) && !removeTree(top) && Date.now() < deadline; )
      await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** @returns whether it is gone: a group that still holds a process stays */
function removeTree(path: string): boolean {
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeTree(join(path, entry.name))
  try {
    rmdirSync(path)
    return true
  } catch {
    return false
  }
}
