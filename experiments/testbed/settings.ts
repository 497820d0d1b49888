/** Settings of the initial namespace: each is journalled with its old value before it is changed, and put back as long as nobody else changed it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Journal } from './journal.js'

/** What a setting reads, words apart by one space; null where this kernel has none of that name. */
export function readSetting(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim().replace(/\s+/g, ' ')
  } catch {
    return null
  }
}

/** Changes a setting of the initial namespace. @returns whether the kernel took the value */
export function changeSetting(journal: Journal, path: string, value: string): boolean {
  const before = readSetting(path)
  if (before === null) return false
  if (before === value) return true
  journal.record({ kind: 'setting', path, before, after: value })
  try {
    writeFileSync(path, value)
  } catch {
    return false
  }
  return readSetting(path) === value
}

/** Congestion controls that a new namespace may choose: what the initial one allows, and the one that is asked for. */
export function allowCongestionControl(journal: Journal, name: string): boolean {
  const path = '/proc/sys/net/ipv4/tcp_allowed_congestion_control'
  const allowed = readSetting(path)?.split(' ') ?? []
  return allowed.includes(name) || changeSetting(journal, path, [...allowed, name].join(' '))
}

/**
 * Moves the machine's interrupts to core 0, where the kernel lets them go (queues of paravirtual block devices are managed and stay).
 * @returns interrupts that stayed free to run elsewhere
 */
export function moveInterruptsToCore0(journal: Journal): string[] {
  return readdirSync('/proc/irq').filter((name) => /^\d+$/.test(name) && !changeSetting(journal, `/proc/irq/${name}/smp_affinity`, '1'))
}

/** Undoes one change, unless the setting reads something else by now. */
export function restoreSetting(undo: { readonly path: string; readonly before: string; readonly after: string }): void {
  if (readSetting(undo.path) === undo.after) writeFileSync(undo.path, undo.before)
}
