/** Data has come for a socket: whoever sleeps on it is woken, here or on another core. Kernel: sock_def_readable(), try_to_wake_up(). */

import { ENQUEUE, REMOTE_WAKEUP, WAKEUP } from './charges.js'
import { checkPreemption, enqueueWoken } from './eevdf.js'
import { charge, DELAYED, NONE, REMOTE_WAKEUP_ARRIVES, SLEEPING, WAKING, type World } from './world.js'

/** @param core the core that runs this code (a softirq's, or a timer's) */
export function dataReady(w: World, core: number, socket: number): void {
  if (w.socketAwaited[socket] === 0) return
  const task = w.socketTask[socket]!
  w.socketAwaited[w.taskSocket[task]!] = 0
  const second = w.taskSecondSocket[task]!
  if (second !== NONE) w.socketAwaited[second] = 0
  const state = w.taskState[task]!
  if (state !== SLEEPING && state !== DELAYED) return
  if (w.taskCore[task] === core) {
    charge(w, core, WAKEUP, 1)
    if (!enqueueWoken(w, task)) charge(w, core, ENQUEUE, 1)
    checkPreemption(w, task)
    return
  }
  charge(w, core, REMOTE_WAKEUP, 1)
  w.taskState[task] = WAKING
  w.queue.push(Math.round(w.coreTimeNs[core]! + w.corePendingNs[core]!), 0, REMOTE_WAKEUP_ARRIVES, task)
}
