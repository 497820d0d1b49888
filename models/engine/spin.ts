/**
 * Polls that find nothing, one after the other, where nothing else can come between them: what the loop would do with each (run.ts), with the same draws,
 * sums and notes, but for the ways that it can't take. A generator at a light load does little else: a million polls in 400 simulated milliseconds.
 */
import { MOST_KINDS, NONE, world } from './world.js'

/**
 * Spins from the core's time on, until a poll ends at or after `dueNs` or could be the one into which an event or an interruption falls: that one is the caller's.
 * @param pollNs what a poll is charged, without noise
 */
export function spin(core: number, task: number, pollNs: number, dueNs: number): void {
  if (world.corePendingNs[core] !== 0) return
  if (pollNs === 0) {
    // For free, polls are as many as there are: time passes by what comes next.
    world.coreTimeNs[core] = Math.max(world.coreTimeNs[core]!, Math.min(dueNs, world.queue.peekTimeNs()))
    return
  }
  if (!isUndisturbed(core, task)) return
  const noise = world.noise
  // The table is ascending.
  const longestNs = pollNs * noise[noise.length - 1]!
  // Ends are rounded to whole nanoseconds.
  const calmNs = Math.min(world.queue.peekTimeNs() - 1, nextInterruptionNs(core)) - longestNs
  let now = world.coreTimeNs[core]!
  let busyNs = world.coreBusyNs[core]!
  world.corePendingNs[core] = pollNs
  while (now < dueNs && now < calmNs) {
    const end = now + pollNs * noise[world.stream.int32() & (noise.length - 1)]!
    world.coreTimeNs[core] = now
    world.trace?.note(core, now, end)
    world.coreSpunNs[core]! += pollNs
    busyNs += end - now
    now = Math.round(end)
  }
  world.corePendingNs[core] = 0
  world.coreBusyNs[core] = busyNs
  world.coreTimeNs[core] = now
}

/** Nobody waits for the core, its process is warm, and no quota is looked at between two calls. */
function isUndisturbed(core: number, task: number): boolean {
  return (
    world.coreBacklogHead[core] === NONE &&
    world.coreNeedsSwitch[core] === 0 &&
    world.taskQuota[task] === NONE &&
    world.taskCold[task] === 0
  )
}

function nextInterruptionNs(core: number): number {
  let next = Number.POSITIVE_INFINITY
  for (let kind = 0; kind < world.kinds; kind++) next = Math.min(next, world.coreInterruptionNs[core * MOST_KINDS + kind]!)
  return next
}
