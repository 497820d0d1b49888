import type { CostLaw } from './law.js'

/**
 * Scheduling a process that is in a control group of its own, below others: each level of groups has a queue, which the process's leaving and
 * coming, and the choice of the next one, go through. Per switch between two processes of which one at least is in a group.
 * Kernel: enqueue_task_fair(), dequeue_entities(), pick_task_fair(), put_prev_entity(), each for_each_sched_entity().
 * Left out: that fairness is among groups first.
 */
export const controlGroupSchedule: CostLaw = {
  stage: 'control-group.schedule',
  context: 'scheduler',
  per: ['perSwitchNs'],
  evidence: 'counted',
  witness: "the process's group (/proc/PID/cgroup)",
  kernel: 'enqueue_task_fair(), pick_task_fair(), set_next_entity()',
  optional: true,
}
