/**
 * Caches after a core has idled: others have used them, so every process works slowly at first. Seen on a Xeon guest: after 8, 16, 32, 48 and 64 ms of sleep
 * the first rounds of send() and recv() in one process took 5.5, 11, 25, 23 and 36 us longer than later ones (data set xeon-rests), four fifths of it in the
 * first. In a trace of sched_switch behind a delayed acknowledgement the client, the relay and the server each took 20 to 40 us longer, three quarters of it
 * in their first turn. Left out: what idling for less than a tick costs (idle.exit is fitted with it), and what processes have in common.
 */
import { exp } from '../../sim/index.js'
import { REFILL } from './charges.js'
import { NONE, world } from './world.js'

/** In this time neighbours displace all but 1/e of what the caches held: the best fit to those five rests and to three more, of 4, 20 and 48 ms. */
const DISPLACED_IN_NS = 5.5e7
/** A process that finds nothing in the caches works at a tenth of its speed: that lies between what the rests and the trace show. */
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
  return 1 - exp(-idledNs / DISPLACED_IN_NS)
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
  const filled = cold < WARM ? cold : cold * (1 - exp((-workNs * SLOWDOWN) / cost))
  world.taskCold[task] = cold - filled
  world.count[REFILL]! += filled
  return filled * cost
}
