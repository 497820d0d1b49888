/** Data has come for a socket: whoever sleeps on it is woken, here or on another core. Kernel: sock_def_readable(), try_to_wake_up(). */

import { ENQUEUE, INTERRUPT, REMOTE_WAKEUP, WAKEUP } from './charges.js'
import { checkPreemption, enqueueWoken } from './eevdf.js'
import { charge, DELAYED, NONE, REMOTE_WAKEUP_ARRIVES, SLEEPING, WAKING, world } from './world.js'

/** @param core the core that runs this code (a softirq's, or a timer's) */
export function dataReady(core: number, socket: number): void {
  if (world.socketAwaited[socket] === 1) wake(core, awaiterOf(socket), true)
}

/**
 * A Unix-domain stream has read what this socket wrote. Who waits there for data sleeps in the same queue as writers do, and is woken with them though
 * there is nothing for it (unix_write_space(), unix_stream_data_wait() with autoremove_wake_function(); of datagrams receiver_wake_function() looks at
 * the event first). It is awake, then, when its answer comes, and need not be woken again. Left out: it may take the reader's core at once, find
 * nothing and give it back. A third of the runs of xeon-unix do so, and take a tenth longer; the others don't.
 */
export function wokenInVain(core: number, socket: number): void {
  if (world.socketAwaited[socket] === 1) wake(core, awaiterOf(socket), false)
}

/** The task that sleeps on a socket, which it does no longer. */
function awaiterOf(socket: number): number {
  const task = world.socketTask[socket]!
  world.socketAwaited[world.taskSocket[task]!] = 0
  const second = world.taskSecondSocket[task]!
  if (second !== NONE) world.socketAwaited[second] = 0
  return task
}

/** A Unix-domain peer has given room back: whoever sleeps in a write on this socket is woken. Kernel: sock_wfree(), unix_write_space(). */
export function roomReady(core: number, socket: number): void {
  if (world.socketRoomAwaited[socket] === 0) return
  world.socketRoomAwaited[socket] = 0
  wake(core, world.socketTask[socket]!, true)
}

function wake(core: number, task: number, mayPreempt: boolean): void {
  const state = world.taskState[task]!
  if (state !== SLEEPING && state !== DELAYED) return
  if (world.taskCore[task] === core) {
    // The run queue's clock is read before the work on the queue, which the charges stand for.
    const wasDelayed = enqueueWoken(task)
    if (mayPreempt) checkPreemption(task)
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
