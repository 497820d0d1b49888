import type { CostLaw } from './law.js'

/**
 * Handing the core to another process: after blocking (the process sleeps in recv, then leaves the core), or by preemption
 * (the process that woke somebody is put aside when its system call returns, and never sleeps).
 * Kernel: sk_wait_data(), __schedule(), pick_eevdf(), context_switch().
 */
export const contextSwitch: CostLaw = {
  stage: 'context.switch',
  context: 'scheduler',
  per: ['perSwitchNs', 'perPreemptionNs'],
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
