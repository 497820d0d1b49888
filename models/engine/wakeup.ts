/** Data has come for a socket: whoever sleeps on it is woken, here or on another core. Kernel: sock_def_readable(), try_to_wake_up(). */

import { ENQUEUE, INTERRUPT, REMOTE_WAKEUP, WAKEUP } from './charges.js'
import { checkPreemption, enqueueWoken } from './eevdf.js'
import { charge, DELAYED, NONE, REMOTE_WAKEUP_ARRIVES, SLEEPING, WAKING, world } from './world.js'

/** @param core the core that runs this code (a softirq's, or a timer's) */
export function dataReady(core: number, socket: number): void {
  if (world.socketAwaited[socket] === 0) return
  const task = world.socketTask[socket]!
  world.socketAwaited[world.taskSocket[task]!] = 0
  const second = world.taskSecondSocket[task]!
  if (second !== NONE) world.socketAwaited[second] = 0
  const state = world.taskState[task]!
  if (state !== SLEEPING && state !== DELAYED) return
  if (world.taskCore[task] === core) {
    // The run queue's clock is read before the work on the queue, which the charges stand for.
    const wasDelayed = enqueueWoken(task)
    checkPreemption(task)
    charge(core, WAKEUP, 1)
    if (!wasDelayed) charge(core, ENQUEUE, 1)
    return
  }
  charge(core, REMOTE_WAKEUP, 1)
  world.taskState[task] = WAKING
  // Under way, the interrupt keeps no core.
  world.count[INTERRUPT]! += 1
  const arrivesNs = world.coreTimeNs[core]! + world.corePendingNs[core]! + world.cost[INTERRUPT]!
  world.queue.push(Math.round(arrivesNs), 0, REMOTE_WAKEUP_ARRIVES, task)
}
