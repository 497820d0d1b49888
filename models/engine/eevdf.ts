/**
 * EEVDF, the kernel's fair scheduler, for tasks of equal weight pinned to a core. It decides whether a wake-up preempts, and so whether
 * a process is asleep or merely put aside when its message comes: both occur in one ping-pong, and they cost differently.
 *
 * Kernel 6.18.y, kernel/sched/fair.c: update_curr(), place_entity(), update_entity_lag(), dequeue_entity() with DELAY_DEQUEUE,
 * requeue_delayed_entity() with DELAY_ZERO, check_preempt_wakeup_fair() with the fix "vs delayed dequeue" (ac8e69e69363), pick_eevdf() with
 * RUN_TO_PARITY.
 * As in the kernel, waking a delayed sleeper does not account for the running task first: its lag is judged by a stale clock. And a wake-up that
 * preempts lets the switch that it asks for keep its clock (wakeup_preempt(): rq_clock_skip_update()): what the preempted task still does before
 * it gives the core away is counted as the next one's.
 * Every decision of two traced kernels comes out of these rules (test/models/eevdf-trace.test.ts).
 * Left out: groups, nice levels, slices of unequal length, load balancing (tasks are pinned).
 */
import { payQuota } from './quota.js'
import { DELAYED, NONE, RUNNABLE, RUNNING, SLEEPING, world } from './world.js'

/** update_curr(): virtual time of the running task advances with real time, up to the charges that the core has yet to spend. */
export function accountRunning(core: number): void {
  accountUntil(core, world.coreTimeNs[core]! + world.corePendingNs[core]!)
}

/** The clock by which __schedule() accounts: the core's, or that of the wake-up which asked for the switch. */
function switchClockNs(core: number): number {
  return world.coreKeepsClock[core] === 1 ? world.coreKeptClockNs[core]! : world.coreTimeNs[core]!
}

function accountUntil(core: number, now: number): void {
  const task = world.coreTask[core]!
  if (task === NONE) return
  const ran = now - world.taskAccountedNs[task]!
  world.taskVirtualNs[task]! += ran
  payQuota(task, ran, now)
  world.taskAccountedNs[task] = now
  if (world.taskVirtualNs[task]! >= world.taskDeadlineNs[task]!) {
    world.taskDeadlineNs[task] = world.taskVirtualNs[task]! + world.sliceNs
    if (queued(core, NONE) > 1) world.coreNeedsSwitch[core] = 1
  }
}

function onQueue(task: number): boolean {
  const state = world.taskState[task]!
  return state === RUNNING || state === RUNNABLE || state === DELAYED
}

/** Tasks in a core's queue, the running one and delayed sleepers included; `except` is left out. */
function queued(core: number, except: number): number {
  let n = 0
  for (let task = 0; task < world.tasks; task++) if (task !== except && world.taskCore[task] === core && onQueue(task)) n++
  return n
}

/** avg_vruntime(): the virtual time at which a task is owed nothing; one that lies at or before it is eligible. */
function averageVirtualNs(core: number, except: number): number {
  let n = 0
  let sum = 0
  for (let task = 0; task < world.tasks; task++) {
    if (task === except || world.taskCore[task] !== core || !onQueue(task)) continue
    n++
    sum += world.taskVirtualNs[task]!
  }
  return n === 0 ? 0 : sum / n
}

/** update_entity_lag(): how much a task is owed, within limits. */
function lagOf(task: number, average: number): number {
  const limit = Math.max(2 * world.sliceNs, world.jiffyNs)
  return Math.max(-limit, Math.min(limit, average - world.taskVirtualNs[task]!))
}

/** place_entity(): a task comes (back) with the lag that it left with, inflated so that its coming leaves it just that. */
function place(core: number, task: number): void {
  const others = queued(core, task)
  if (others > 0) world.taskVirtualNs[task] = averageVirtualNs(core, task) - (world.taskLagNs[task]! * (others + 1)) / others
  world.taskDeadlineNs[task] = world.taskVirtualNs[task]! + world.sliceNs
}

/**
 * Puts a woken task on its core's queue; true when its dequeue had been delayed. Such a one stays where it stood, unless the others have meanwhile run
 * so far that it is owed time: that it loses (DELAY_ZERO).
 */
export function enqueueWoken(task: number): boolean {
  const core = world.taskCore[task]!
  if (world.taskState[task] === DELAYED) {
    if (lagOf(task, averageVirtualNs(core, NONE)) > 0) {
      world.taskLagNs[task] = 0
      world.taskState[task] = SLEEPING
      place(core, task)
    }
    world.taskState[task] = RUNNABLE
    return true
  }
  accountRunning(core)
  place(core, task)
  world.taskState[task] = RUNNABLE
  return false
}

/**
 * check_preempt_wakeup_fair(): marks the core when the woken task is to run before the current one. Delayed sleepers that would be picked before
 * it leave the queue on the way (pick_next_entity()): they no longer stand between a waker and whom it wakes.
 */
export function checkPreemption(woken: number): void {
  const core = world.taskCore[woken]!
  if (world.coreNeedsSwitch[core] === 0 && world.taskBatch[woken] === 0 && isPickedFirst(core, woken)) world.coreNeedsSwitch[core] = 1
  if (world.coreNeedsSwitch[core] === 0) return
  world.coreKeepsClock[core] = 1
  world.coreKeptClockNs[core] = world.coreTimeNs[core]! + world.corePendingNs[core]!
}

function isPickedFirst(core: number, woken: number): boolean {
  accountRunning(core)
  let picked = pick(core, true)
  for (; picked !== NONE && world.taskState[picked] === DELAYED; picked = pick(core, true)) leaveForGood(core, picked)
  return picked === woken
}

/** finish_delayed_dequeue_entity(): a delayed sleeper that is picked is asleep from now on; it may have paid its debt back, but is owed nothing. */
function leaveForGood(core: number, task: number): void {
  world.taskLagNs[task] = Math.min(0, lagOf(task, averageVirtualNs(core, NONE)))
  world.taskState[task] = SLEEPING
}

/** pick_eevdf(): the eligible task with the earliest deadline; the running one is protected until its slice ends or it is ineligible. */
function pick(core: number, protect: boolean): number {
  const average = averageVirtualNs(core, NONE)
  const running = world.coreTask[core]!
  let best = NONE
  if (running !== NONE && world.taskState[running] === RUNNING && world.taskVirtualNs[running]! <= average) {
    if (protect && world.taskVirtualNs[running]! < world.taskDeadlineNs[running]!) return running
    best = running
  }
  for (let task = 0; task < world.tasks; task++) {
    if (task === running || world.taskCore[task] !== core || !onQueue(task) || world.taskVirtualNs[task]! > average) continue
    if (best === NONE || world.taskDeadlineNs[task]! < world.taskDeadlineNs[best]!) best = task
  }
  return best
}

/** dequeue_entity() for sleep: a task that has run ahead of its share stays in the queue until it is owed again. */
export function fallAsleep(core: number, task: number): void {
  accountUntil(core, switchClockNs(core))
  const average = averageVirtualNs(core, NONE)
  world.taskLagNs[task] = lagOf(task, average)
  world.taskState[task] = world.taskVirtualNs[task]! > average ? DELAYED : SLEEPING
}

/** dequeue_task() with DEQUEUE_THROTTLE: a task whose quota is used up leaves the queue, whatever it is owed. */
export function leaveQueue(core: number, task: number): void {
  accountUntil(core, switchClockNs(core))
  world.taskLagNs[task] = lagOf(task, averageVirtualNs(core, NONE))
  world.taskState[task] = SLEEPING
}

/** __schedule(): takes the next task for the core; NONE leaves it idle. Delayed sleepers that are picked leave the queue for good. */
export function pickNext(core: number): number {
  const clockNs = switchClockNs(core)
  accountUntil(core, clockNs)
  const previous = world.coreTask[core]!
  if (previous !== NONE && world.taskState[previous] === RUNNING) world.taskState[previous] = RUNNABLE
  world.coreTask[core] = NONE
  world.coreNeedsSwitch[core] = 0
  world.coreKeepsClock[core] = 0
  for (;;) {
    const next = pickRunnable(core)
    if (next === NONE) return NONE
    if (world.taskState[next] === DELAYED) {
      leaveForGood(core, next)
      continue
    }
    world.coreTask[core] = next
    world.taskState[next] = RUNNING
    world.taskAccountedNs[next] = clockNs
    return next
  }
}

/** With a whole queue somebody is always eligible; rounding must not turn that into an idle core. */
function pickRunnable(core: number): number {
  const picked = pick(core, false)
  if (picked !== NONE) return picked
  for (let task = 0; task < world.tasks; task++) if (world.taskCore[task] === core && onQueue(task)) return task
  return NONE
}
