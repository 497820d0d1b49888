/** Control groups of a run: one parent in each hierarchy, with the run's name; below it an engine's containers, and whoever has a CPU quota. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CpuQuota, Scenario } from '../../models/topology/scenario.js'
import type { Journal } from './journal.js'

const ROOT = '/sys/fs/cgroup'
/** The hierarchy that has quotas (cgroup v1, `cpu`). */
export const QUOTA_HIERARCHY = join(ROOT, 'cpu')
/** How long the kernel may take to empty a group whose processes have ended, ms. */
const EMPTYING_MS = 3000

export function controlGroupOf({ run }: Journal): string {
  return `fairway-${run}`
}

const journalled = new WeakSet<Journal>()

/** Writes the run's parent down, once, before anybody makes it. */
export function journalControlGroup(journal: Journal): void {
  if (journalled.has(journal)) return
  journalled.add(journal)
  journal.record({ kind: 'control-group', name: controlGroupOf(journal) })
}

/** Makes a fresh group, whose statistics begin at 0, for each container and relay with a quota. @returns their folders by name */
export async function makeQuotaGroups(journal: Journal, { containers, proxies }: Scenario): Promise<Record<string, string>> {
  const groups: Record<string, string> = {}
  for (const [name, { quota }] of Object.entries({ ...containers, ...proxies })) {
    if (quota === undefined) continue
    journalControlGroup(journal)
    const folder = join(QUOTA_HIERARCHY, controlGroupOf(journal), name)
    await emptied(folder)
    mkdirSync(folder, { recursive: true })
    setQuota(folder, quota)
    groups[name] = folder
  }
  return groups
}

/** A group for whoever starts an engine's containers, beside theirs: the run's own group then counts the processor time of both. */
export function makeStarterGroup(journal: Journal): { readonly folder: string; readonly usageFile: string } {
  journalControlGroup(journal)
  const whole = join(ROOT, 'cpuacct', controlGroupOf(journal))
  const folder = join(whole, 'starter')
  mkdirSync(folder, { recursive: true })
  return { folder, usageFile: join(whole, 'cpuacct.usage') }
}

function setQuota(folder: string, { quotaNs, periodNs }: CpuQuota): void {
  writeFileSync(join(folder, 'cpu.cfs_period_us'), String(Math.round(periodNs / 1000)))
  writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(Math.round(quotaNs / 1000)))
}

export function joinGroup(folder: string, pid: number): void {
  writeFileSync(join(folder, 'cgroup.procs'), String(pid))
}

/** For how long the group's processes stood aside so far, ns (`throttled_time` of cpu.stat; Documentation/scheduler/sched-bwc.rst). */
export function throttledNs(folder: string): number {
  return Number(/^throttled_time (\d+)$/m.exec(readFileSync(join(folder, 'cpu.stat'), 'utf8'))?.[1] ?? 0)
}

/** Removes a group of every hierarchy, innermost first. */
export async function removeControlGroups(name: string): Promise<void> {
  for (const hierarchy of existsSync(ROOT) ? readdirSync(ROOT) : []) await emptied(join(ROOT, hierarchy, name))
}

/** Waits until a group's processes have ended, and removes it. */
async function emptied(top: string): Promise<void> {
  for (const deadline = Date.now() + EMPTYING_MS; existsSync(top) && !removeTree(top) && Date.now() < deadline; )
    await new Promise((resolve) => setTimeout(resolve, 10))
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
