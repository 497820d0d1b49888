/**
 * CPU bandwidth control: the processes of a control group run for no longer than its quota in each period. Once that is used up, each of
 * them stands aside from where it next returns to user space (what the kernel has begun for it is finished first) until the period's timer
 * fills the quota again; what was used beyond it is owed to the next one.
 *
 * Kernel 6.18.y, kernel/sched/fair.c: account_cfs_rq_runtime(), task_throttle_setup_work(), throttle_cfs_rq_work(),
 * do_sched_cfs_period_timer(), __refill_cfs_bandwidth_runtime(), unthrottle_cfs_rq().
 * Left out: the slices of 5 ms in which cores borrow from the quota (a group's processes share one account), bursts (`cpu.cfs_burst_us`).
 */
import { NONE, QUOTA_REFILLS, world } from './world.js'

/** account_cfs_rq_runtime(); start_cfs_bandwidth(): the timer runs while somebody uses the quota, always in the same phase. */
export function payQuota(task: number, ns: number, nowNs: number): void {
  const group = world.taskQuota[task]!
  if (group === NONE || ns === 0) return
  world.groupLeftNs[group]! -= ns
  if (world.groupTimerSet[group] === 1) return
  world.groupTimerSet[group] = 1
  pushRefill(group, nowNs)
}

function pushRefill(group: number, nowNs: number): void {
  const periodNs = world.groupPeriodNs[group]!
  const phaseNs = world.groupPhaseNs[group]!
  world.queue.push((Math.floor((nowNs + phaseNs) / periodNs) + 1) * periodNs - phaseNs, 0, QUOTA_REFILLS, group)
}

export function isUsedUp(task: number): boolean {
  const group = world.taskQuota[task]!
  return group !== NONE && world.groupLeftNs[group]! <= 0
}

export function standsAside(task: number, nowNs: number): void {
  const group = world.taskQuota[task]!
  world.taskThrottled[task] = 1
  if (world.groupThrottledSinceNs[group] === 0) world.groupThrottledSinceNs[group] = nowNs
}

/** The period's timer. @returns whether those that stand aside may go on: a debt may be larger than a quota */
export function refill(group: number): boolean {
  const nowNs = world.queue.timeNs
  const left = world.groupLeftNs[group]!
  world.groupLeftNs[group] = world.groupQuotaNs[group]! + Math.min(0, left)
  if (left === world.groupQuotaNs[group]) {
    world.groupTimerSet[group] = 0
    return false
  }
  pushRefill(group, nowNs)
  if (world.groupLeftNs[group]! <= 0) return false
  if (world.groupThrottledSinceNs[group]! > 0) world.groupThrottledNs[group]! += nowNs - world.groupThrottledSinceNs[group]!
  world.groupThrottledSinceNs[group] = 0
  return true
}
