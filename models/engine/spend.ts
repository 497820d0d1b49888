/** Spending charged work on a core: noise, and the interruptions that fall into it. */
import { exp, exponential, normal } from '../../sim/index.js'
import type { World } from './world.js'

/** Advances the core by its pending work. What interrupts the core meanwhile makes it longer. */
export function spend(w: World, core: number): void {
  const pending = w.corePendingNs[core]!
  if (pending === 0) return
  const start = w.coreTimeNs[core]!
  const busy = pending * w.noise[w.stream.int32() & (w.noise.length - 1)]!
  let end = start + busy
  const kinds = w.interruptionIntervalNs.length
  for (let kind = 0; kind < kinds; kind++) {
    const row = core * kinds + kind
    if (w.coreInterruptionNs[row]! >= end) continue
    end = interrupt(w, row, kind, start, end)
  }
  w.corePendingNs[core] = 0
  w.coreBusyNs[core]! += end - start
  // Whole nanoseconds: the event queue's order must not hang on rounding.
  w.coreTimeNs[core] = Math.round(end)
}

function interrupt(w: World, row: number, kind: number, start: number, end: number): number {
  if (w.trace !== null && kind === w.interruptionIntervalNs.length - 1) {
    w.trace.note(w, (row - kind) / w.interruptionIntervalNs.length, start, end)
    return end
  }
  const interval = w.interruptionIntervalNs[kind]!
  const periodic = w.interruptionPeriodic[kind] === 1
  let next = w.coreInterruptionNs[row]!
  // Those that came while the core was idle delayed nobody.
  if (next < start) next = periodic ? next + Math.ceil((start - next) / interval) * interval : start + exponential(w.stream, interval)
  let until = end
  while (next < until) {
    const length = exp(w.interruptionMedianLogNs[kind]! + w.interruptionSigma[kind]! * normal(w.stream))
    w.interruptedNs += length
    until += length
    next = periodic ? next + interval : next + length + exponential(w.stream, interval)
  }
  w.coreInterruptionNs[row] = next
  return until
}
