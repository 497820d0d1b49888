/**
 * Caches after a core has idled: others have used them, so every process works slowly at first. Seen on a Xeon guest: after 4, 20 and 48 ms of sleep the
 * first rounds of send() and recv() in one process took 4, 19 and 31 us longer than later ones, nine tenths of it in the first two; in a trace of
 * sched_switch behind a stall of 44 ms, the client, the relay and the server each took 20 to 40 us longer, three quarters of it in their first turn. Left out:
 * what idling for less than a tick costs (idle.exit is fitted with it), what a spinner leaves, and what processes have in common.
 */
import { REFILL } from './charges.js'
import { NONE, world } from './world.js'

/** In this time a neighbour's work displaces all but 1/e of what the caches held. */
const DISPLACED_IN_NS = 4e7
/** A process whose caches are empty works at a tenth of its speed. */
const SLOWDOWN = 10
/** A share of the refill below which a process counts as warm. */
const WARM = 1e-3

/** An idle core has work again. */
export function leaveIdle(core: number): void {
  const now = world.queue.timeNs
  const idledNs = now - world.coreTimeNs[core]!
  if (idledNs <= 0) return
  world.coreTimeNs[core] = now
  if (idledNs >= world.jiffyNs && world.coreIdles[core] === 1 && world.cost[REFILL]! > 0) coolDown(core, displacedIn(idledNs))
}

/** The share of the caches that neighbours have taken after that time. */
export function displacedIn(idledNs: number): number {
  return 1 - Math.exp(-idledNs / DISPLACED_IN_NS)
}

function coolDown(core: number, displaced: number): void {
  for (let task = 0; task < world.tasks; task++) {
    if (world.taskCore[task] === core) world.taskCold[task]! += (1 - world.taskCold[task]!) * displaced
  }
}

/** What the process on the core waits for its caches while it does this work, ns. */
export function refillNs(core: number, workNs: number): number {
  const task = world.coreTask[core]!
  if (task === NONE || world.taskCold[task] === 0) return 0
  const cold = world.taskCold[task]!
  const cost = world.cost[REFILL]!
  const filled = cold < WARM ? cold : cold * -Math.expm1((-workNs * SLOWDOWN) / cost)
  world.taskCold[task] = cold - filled
  world.count[REFILL]! += filled
  return filled * cost
}
