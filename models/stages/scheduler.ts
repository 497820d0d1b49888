import type { CostLaw } from './law.js'

/**
 * Handing the core to another process: paid by whoever gets it (cold caches included), after the other has gone to sleep as after it was
 * preempted; going to sleep in recv or poll costs the sleeper extra. A process that was preempted when its system call returned never sleeps.
 * Kernel: sk_wait_data(), __schedule(), pick_eevdf(), context_switch().
 */
export const contextSwitch: CostLaw = {
  stage: 'context.switch',
  context: 'scheduler',
  per: ['perSwitchNs', 'perSleepNs'],
  evidence: 'traced',
  witness: 'sched:sched_switch',
  kernel: 'sk_wait_data(), __schedule(), context_switch()',
}

/**
 * Leaving the idle state: in a guest every idle entry is a VM exit, so that a wake-up of an idle core waits for the hypervisor.
 * Kernel: default_idle(), haltpoll with guest_halt_poll_ns = 0.
 */
export const idleExit: CostLaw = {
  stage: 'idle.exit',
  context: 'hardware',
  per: ['perWakeupNs'],
  evidence: 'traced',
  witness: 'power:cpu_idle',
  kernel: 'do_idle(), default_idle()',
}
