import { readFileSync } from 'node:fs'

/** A process and nobody else: process ids are used again, together with the start time (clock ticks since boot) they are not. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTicks: number
}

/** Field 22 of /proc/PID/stat (proc(5)), counted after the name in parentheses, which may hold spaces; null when there is no such process. */
export function startTicksOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie holds nothing any more.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : Number(fields[19])
  } catch {
    return null
  }
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? 0 }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTicksOf(identity.pid) === identity.startTicks
}
