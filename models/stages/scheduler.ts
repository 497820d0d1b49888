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
 * The interrupt that makes another core reschedule: from its sending, which the waker pays for as `socket.wakeup.perRemoteWakeupNs`, until the
 * other core takes it. It costs no core any time; in a guest the hypervisor delivers it. On a Xeon guest the waker was seen to go on 6 us after
 * it had sent one, and the other core to switch 5 us later (ipi:ipi_send_cpu, syscalls:sys_exit_sendto, sched:sched_switch).
 * Kernel: wakeup_preempt(), resched_curr(), smp_send_reschedule().
 */
export const interruptDeliver: CostLaw = {
  stage: 'interrupt.deliver',
  context: 'hardware',
  per: ['perWakeupNs'],
  evidence: 'traced',
  witness: 'sched:sched_switch on the other core',
  kernel: 'resched_curr(), smp_send_reschedule()',
  keepsCore: false,
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

/**
 * Filling the caches again that others have used while the core idled: what it takes a process in all once nothing of it is left there. No ping-pong
 * pays it; a message that a timer has held up does, and so does the first one after a rest.
 */
export const cacheRefill: CostLaw = {
  stage: 'cache.refill',
  context: 'hardware',
  per: ['perProcessNs'],
  evidence: 'unobservable',
  witness: 'no counter in a guest; a process can time its first calls after a sleep (probes.c)',
  kernel: 'no function: translations, code and data that are no longer in the caches',
  optional: true,
}
