/**
 * Whether an event's cost, and what a process holds, grow: with simulated time (M/M/1 over 10^8 events), with events (what is allocated over
 * 10^7 of them), and with the events pending (the hold model, beside C, flatqueue and ns-3).
 */
import { execFileSync } from 'node:child_process'
import { bundled, prepareContenders } from './contenders.js'
import type { Slice } from './kernel/growth.js'
import { measureProcesses, median } from './measure-processes.js'

export interface TimeSlice extends Slice {
  /** Cheapest and dearest of the processes, ns an event. */
  readonly min: number
  readonly max: number
}

export interface PendingCost {
  readonly who: string
  readonly pending: number
  /** One pop and one push, draw included: median over the processes, fastest and slowest. */
  readonly ns: number
  readonly min: number
  readonly max: number
}

export interface Growth {
  readonly time: readonly TimeSlice[]
  /** Over so many events, in each of the processes, least first. */
  readonly allocation: { readonly events: number; readonly bytesPerEvent: readonly number[] }
  readonly pending: readonly PendingCost[]
}

const SLICES = 20
const SLICE_EVENTS = 5e6
const ALLOCATION_EVENTS = 1e7
/** A young generation that holds all that is allocated meanwhile. */
const collectNothing = ['--max-semi-space-size=256', '--min-semi-space-size=256']
const PENDING = [1, 2, 5, 10, 20, 50, 100, 300, 1e3, 1e4, 1e5, 1e6]

export async function measureGrowth(folder: string, rounds = 5): Promise<Growth> {
  const program = await bundled('kernel/growth.ts', folder)
  const slicesOf = (flags: readonly string[], slices: number, events: number) =>
    execFileSync(process.execPath, [...flags, program, String(slices), String(events)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Slice)
  const runs = Array.from({ length: rounds }, () => slicesOf([], SLICES, SLICE_EVENTS))
  const time = runs[0]!.map((slice, i): TimeSlice => {
    const all = (key: 'ns' | 'heapMiB' | 'rssMiB') => runs.map((run) => run[i]![key])
    const ns = all('ns')
    return {
      ...slice,
      ns: median(ns),
      heapMiB: median(all('heapMiB')),
      rssMiB: median(all('rssMiB')),
      min: Math.min(...ns),
      max: Math.max(...ns),
    }
  })
  const bytesPerEvent = Array.from({ length: rounds }, () => {
    const [before, after] = slicesOf(collectNothing, 2, ALLOCATION_EVENTS) as [Slice, Slice]
    return ((after.heapMiB - before.heapMiB) * 2 ** 20) / (after.events - before.events)
  }).sort((a, b) => a - b)
  return { time, allocation: { events: ALLOCATION_EVENTS, bytesPerEvent }, pending: await costByPending(folder, rounds) }
}

/** Of ns-3's event lists only its priority queue, the fastest of them at every size. */
async function costByPending(folder: string, rounds: number): Promise<PendingCost[]> {
  const { contenders, notices } = await prepareContenders(folder, PENDING)
  for (const notice of notices) console.error(notice)
  const holds = contenders.filter(
    ({ pending, group, variant }) => pending !== undefined && (group !== 'ns-3' || variant === 'PriorityQueue'),
  )
  return measureProcesses(holds, rounds).map(({ contender, warm, min, max }) => ({
    who: contender.group === 'C' ? `C, ${contender.variant}` : contender.group,
    pending: contender.pending!,
    ns: 1e9 / warm,
    min: 1e9 / max,
    max: 1e9 / min,
  }))
}

export function growthTable({ time, allocation, pending }: Growth): string {
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padStart(11)).join('')
  const names = [...new Set(pending.map(({ who }) => who))]
  const at = (who: string, size: number) => pending.find((cost) => cost.who === who && cost.pending === size)
  return [
    'M/M/1, load 0.8, over simulated time (garbage is collected as ever)',
    line(['10^6 events', 'sim. s', 'ns/event', 'min', 'max', 'heap MiB', 'RSS MiB']),
    ...time.map((slice) =>
      line([
        (slice.events / 1e6).toFixed(0),
        slice.simulatedS.toFixed(0),
        ...[slice.ns, slice.min, slice.max, slice.heapMiB, slice.rssMiB].map((value) => value.toFixed(1)),
      ]),
    ),
    '',
    `Allocated over ${(allocation.events / 1e6).toFixed(0)} million events, by process: ${allocation.bytesPerEvent.map((bytes) => bytes.toFixed(2)).join(', ')} bytes an event`,
    '',
    'Hold model: ns for one pop and one push, draw included',
    line(['pending', ...names]),
    ...[...new Set(pending.map((cost) => cost.pending))].map((size) =>
      line([String(size), ...names.map((who) => at(who, size)?.ns.toFixed(0) ?? '-')]),
    ),
  ].join('\n')
}
