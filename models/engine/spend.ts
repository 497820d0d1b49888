/** Spending charged work on a core: noise, and the interruptions that fall into it. */
import { exponential } from '../../sim/index.js'
import { LENGTH_ENTRIES } from './interruption-lengths.js'
import { refillNs } from './refill.js'
import { MOST_KINDS, world } from './world.js'

/** Advances the core by its pending work. What interrupts the core meanwhile makes it longer. */
export function spend(core: number): void {
  const pending = world.corePendingNs[core]!
  if (pending === 0) return
  const start = world.coreTimeNs[core]!
  const busy = (pending + refillNs(core, pending)) * world.noise[world.stream.int32() & (world.noise.length - 1)]!
  let end = start + busy
  for (let kind = 0; kind < world.kinds; kind++) {
    const row = core * MOST_KINDS + kind
    if (world.coreInterruptionNs[row]! >= end) continue
    end = interrupt(row, kind, start, end)
  }
  world.trace?.note(core, start, end)
  world.corePendingNs[core] = 0
  world.coreBusyNs[core]! += end - start
  // Whole nanoseconds: the event queue's order must not hang on rounding.
  world.coreTimeNs[core] = Math.round(end)
}

function interrupt(row: number, kind: number, start: number, end: number): number {
  const interval = world.interruptionIntervalNs[kind]!
  const periodic = world.interruptionPeriodic[kind] === 1
  let next = world.coreInterruptionNs[row]!
  // Those that came while the core was idle delayed nobody.
  if (next < start) next = periodic ? next + Math.ceil((start - next) / interval) * interval : start + exponential(world.stream, interval)
  let until = end
  while (next < until) {
    const length = world.interruptionLengthNs[kind * LENGTH_ENTRIES + (world.stream.int32() & (LENGTH_ENTRIES - 1))]!
    world.interruptedNs += length
    until += length
    next = periodic ? next + interval : next + length + exponential(world.stream, interval)
  }
  world.coreInterruptionNs[row] = next
  return until
}
