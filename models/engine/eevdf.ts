/**
 * EEVDF, the kernel's fair scheduler, for tasks of equal weight pinned to a core. It decides whether a wake-up preempts, and so whether
 * a process is asleep or merely put aside when its message comes: both occur in one ping-pong, and they cost differently.
 *
 * Kernel 6.18.y, kernel/sched/fair.c: update_curr(), place_entity(), update_entity_lag(), dequeue_entity() with DELAY_DEQUEUE,
 * requeue_delayed_entity() with DELAY_ZERO, check_preempt_wakeup_fair(), pick_eevdf() with RUN_TO_PARITY.
 * As in the kernel, waking a delayed sleeper does not account for the running task first: its lag is judged by a stale clock.
 * Left out: groups, nice levels, slices of unequal length, load balancing (tasks are pinned).
 */
import { DELAYED, NONE, RUNNABLE, RUNNING, SLEEPING, type World } from './world.js'

/** update_curr(): virtual time of the running task advances with real time. */
export function accountRunning(w: World, core: number): void {
  const task = w.coreTask[core]!
  if (task === NONE) return
  const now = w.coreTimeNs[core]!
  w.taskVirtualNs[task]! += now - w.taskAccountedNs[task]!
  w.taskAccountedNs[task] = now
  if (w.taskVirtualNs[task]! >= w.taskDeadlineNs[task]!) {
    w.taskDeadlineNs[task] = w.taskVirtualNs[task]! + w.sliceNs
    if (queued(w, core, NONE) > 1) w.coreNeedsSwitch[core] = 1
  }
}

function onQueue(w: World, task: number): boolean {
  const state = w.taskState[task]!
  return state === RUNNING || state === RUNNABLE || state === DELAYED
}

/** Tasks in a core's queue, the running one and delayed sleepers included; `except` is left out. */
function queued(w: World, core: number, except: number): number {
  let n = 0
  for (let task = 0; task < w.tasks; task++) if (task !== except && w.taskCore[task] === core && onQueue(w, task)) n++
  return n
}

/** avg_vruntime(): the virtual time at which a task is owed nothing; one that lies at or before it is eligible. */
function averageVirtualNs(w: World, core: number, except: number): number {
  let n = 0
  let sum = 0
  for (let task = 0; task < w.tasks; task++) {
    if (task === except || w.taskCore[task] !== core || !onQueue(w, task)) continue
    n++
    sum += w.taskVirtualNs[task]!
  }
  return n === 0 ? 0 : sum / n
}

/** update_entity_lag(): how much a task is owed, within limits. */
function lagOf(w: World, task: number, average: number): number {
  const limit = Math.max(2 * w.sliceNs, w.jiffyNs)
  return Math.max(-limit, Math.min(limit, average - w.taskVirtualNs[task]!))
}

/**
 * update_entity_lag() of a delayed sleeper: while it stood in the queue it may have paid debts back, but no more than all (DELAY_ZERO), and it has
 * made no new ones. @returns whether it owes what it owed when it fell asleep: then it is placed anew, since the others have moved
 */
function updateDelayedLag(w: World, core: number, task: number): boolean {
  const before = w.taskLagNs[task]!
  const lag = Math.min(0, Math.max(before, lagOf(w, task, averageVirtualNs(w, core, NONE))))
  w.taskLagNs[task] = lag
  return lag === before
}

/** place_entity(): a task comes (back) with the lag that it left with, inflated so that its coming leaves it just that. */
function place(w: World, core: number, task: number): void {
  const others = queued(w, core, task)
  if (others > 0) w.taskVirtualNs[task] = averageVirtualNs(w, core, task) - (w.taskLagNs[task]! * (others + 1)) / others
  w.taskDeadlineNs[task] = w.taskVirtualNs[task]! + w.sliceNs
}

/** Puts a woken task on its core's queue; true when its dequeue had been delayed. */
export function enqueueWoken(w: World, task: number): boolean {
  const core = w.taskCore[task]!
  if (w.taskState[task] === DELAYED) {
    if (updateDelayedLag(w, core, task)) {
      w.taskState[task] = SLEEPING
      place(w, core, task)
    }
    w.taskState[task] = RUNNABLE
    return true
  }
  accountRunning(w, core)
  place(w, core, task)
  w.taskState[task] = RUNNABLE
  return false
}

/** check_preempt_wakeup_fair(): marks the core when the woken task is to run before the current one. */
export function checkPreemption(w: World, woken: number): void {
  const core = w.taskCore[woken]!
  if (w.coreNeedsSwitch[core] === 1 || w.taskBatch[woken] === 1) return
  accountRunning(w, core)
  if (pick(w, core, true) === woken) w.coreNeedsSwitch[core] = 1
}

/** pick_eevdf(): the eligible task with the earliest deadline; the running one is protected until its slice ends or it is ineligible. */
function pick(w: World, core: number, protect: boolean): number {
  const average = averageVirtualNs(w, core, NONE)
  const running = w.coreTask[core]!
  let best = NONE
  if (running !== NONE && w.taskState[running] === RUNNING && w.taskVirtualNs[running]! <= average) {
    if (protect && w.taskVirtualNs[running]! < w.taskDeadlineNs[running]!) return running
    best = running
  }
  for (let task = 0; task < w.tasks; task++) {
    if (task === running || w.taskCore[task] !== core || !onQueue(w, task) || w.taskVirtualNs[task]! > average) continue
    if (best === NONE || w.taskDeadlineNs[task]! < w.taskDeadlineNs[best]!) best = task
  }
  return best
}

/** dequeue_entity() for sleep: a task that has run ahead of its share stays in the queue until it is owed again. */
export function fallAsleep(w: World, core: number, task: number): void {
  accountRunning(w, core)
  const average = averageVirtualNs(w, core, NONE)
  w.taskLagNs[task] = lagOf(w, task, average)
  w.taskState[task] = w.taskVirtualNs[task]! > average ? DELAYED : SLEEPING
}

/** __schedule(): takes the next task for the core; NONE leaves it idle. Delayed sleepers that are picked leave the queue for good. */
export function pickNext(w: World, core: number): number {
  accountRunning(w, core)
  const previous = w.coreTask[core]!
  if (previous !== NONE && w.taskState[previous] === RUNNING) w.taskState[previous] = RUNNABLE
  w.coreTask[core] = NONE
  w.coreNeedsSwitch[core] = 0
  for (;;) {
    const next = pickRunnable(w, core)
    if (next === NONE) return NONE
    if (w.taskState[next] === DELAYED) {
      updateDelayedLag(w, core, next)
      w.taskState[next] = SLEEPING
      continue
    }
    w.coreTask[core] = next
    w.taskState[next] = RUNNING
    w.taskAccountedNs[next] = w.coreTimeNs[core]!
    return next
  }
}

/** With a whole queue somebody is always eligible; rounding must not turn that into an idle core. */
function pickRunnable(w: World, core: number): number {
  const picked = pick(w, core, false)
  if (picked !== NONE) return picked
  for (let task = 0; task < w.tasks; task++) if (w.taskCore[task] === core && onQueue(w, task)) return task
  return NONE
}
