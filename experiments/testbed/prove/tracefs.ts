/**
 * The kernel's event trace (Documentation/trace/events.rst) in an instance of the run's own: its buffer, events and filters are nobody
 * else's, and go with it. Making it, and mounting tracefs where it isn't mounted, are journalled before they are done.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../command.js'
import type { Journal } from '../journal.js'

/** Where the kernel offers tracefs, an empty folder until it is mounted (Documentation/trace/ftrace.rst). */
const TRACEFS = '/sys/kernel/tracing'

/** This kernel has no event trace, or nobody may read it here. */
export class NoTraceError extends Error {
  override readonly name = 'NoTraceError'
}

/** A tracepoint, `group/name`, and which of its events are wanted: a filter in the kernel's words. */
export interface WantedEvent {
  readonly event: string
  readonly filter?: string
}

export interface TraceInstance {
  /** Records from now on, until `pause`; what a full buffer can't take is lost, never what it already holds. */
  record(events: readonly WantedEvent[]): void
  pause(): void
  /** Forgets what was recorded, and records the same events again. */
  again(): void
  /** The text of what was recorded, in the order of time. */
  read(): string
  /** Cores whose buffer was full at some time: what came later there is missing. */
  fullCores(): ReadonlySet<number>
  close(): void
}

/** Mounts tracefs where it isn't mounted. @throws NoTraceError */
export async function mountTracefs(journal: Journal): Promise<string> {
  if (!existsSync(TRACEFS)) throw new NoTraceError('this kernel has no tracefs (CONFIG_TRACING)')
  if (!existsSync(join(TRACEFS, 'instances'))) {
    journal.record({ kind: 'tracefs', path: TRACEFS })
    try {
      await command(['mount', '-t', 'tracefs', 'tracefs', TRACEFS])
    } catch (error) {
      throw new NoTraceError(`tracefs can't be mounted: ${(error as Error).message}`)
    }
  }
  return TRACEFS
}

/** @param bufferKiB of each core */
export async function openTrace(
  run: { readonly id: string; readonly journal: Journal },
  name: string,
  bufferKiB: number,
): Promise<TraceInstance> {
  const path = join(await mountTracefs(run.journal), 'instances', `fairway-${run.id}-${name}`)
  run.journal.record({ kind: 'trace-instance', path })
  mkdirSync(path)
  const set = (file: string, value: string): void => writeFileSync(join(path, file), value)
  set('tracing_on', '0')
  set('options/overwrite', '0')
  set('buffer_size_kb', String(bufferKiB))
  return {
    record(events) {
      for (const { event, filter } of events) {
        if (!existsSync(join(path, 'events', event))) continue
        if (filter !== undefined) set(`events/${event}/filter`, filter)
        set(`events/${event}/enable`, '1')
      }
      set('tracing_on', '1')
    },
    pause: () => set('tracing_on', '0'),
    again() {
      set('trace', '')
      set('tracing_on', '1')
    },
    read: () => readFileSync(join(path, 'trace'), 'utf8'),
    fullCores() {
      const cores = readdirSync(join(path, 'per_cpu'))
      const full = cores.filter((core) => /^dropped events: [1-9]/m.test(readFileSync(join(path, 'per_cpu', core, 'stats'), 'utf8')))
      return new Set(full.map((core) => Number(core.slice('cpu'.length))))
    },
    close: () => removeTraceInstance(path),
  }
}

/** Whether this kernel has a tracepoint, `group/name`; false too where tracefs isn't mounted. */
export function hasTracepoint(event: string): boolean {
  return existsSync(join(TRACEFS, 'events', event))
}

export function removeTraceInstance(path: string): void {
  if (existsSync(path)) rmdirSync(path)
}

/** Takes tracefs away again, unless somebody traces by now. */
export async function unmountTracefs(path: string): Promise<void> {
  if (!existsSync(join(path, 'instances')) || readdirSync(join(path, 'instances')).length > 0) return
  try {
    await command(['umount', path])
  } catch {
    // Busy: somebody reads there.
  }
}
