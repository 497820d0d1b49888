import type { CostLaw } from './law.js'

/**
 * send(): system-call entry, socket lock, copy from user space into page fragments, and the return to user space.
 * Kernel: __sys_sendto(), tcp_sendmsg_locked(), udp_sendmsg(). Left out: memory pressure, zero copy.
 */
export const socketSend: CostLaw = {
  stage: 'socket.send',
  context: 'system call',
  per: ['perCallNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'syscalls:sys_enter_sendto',
  kernel: '__sys_sendto(), tcp_sendmsg_locked(), udp_sendmsg()',
}

/**
 * recv(): system-call entry, socket lock, copy to user space, and the return. Paid once per call, whether or not it blocked in between.
 * Kernel: __sys_recvfrom(), tcp_recvmsg_locked(), udp_recvmsg().
 */
export const socketReceive: CostLaw = {
  stage: 'socket.receive',
  context: 'system call',
  per: ['perCallNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'syscalls:sys_enter_recvfrom',
  kernel: '__sys_recvfrom(), tcp_recvmsg_locked(), udp_recvmsg()',
}

/**
 * Waking the process that sleeps on the socket; one that left the run queue must be put back (EEVDF keeps a sleeper that has run ahead of its
 * share on the queue), and one on another core needs an interrupt.
 * Kernel: sock_def_readable(), try_to_wake_up(), enqueue_task_fair(), requeue_delayed_entity().
 */
export const socketWakeup: CostLaw = {
  stage: 'socket.wakeup',
  context: 'softirq',
  per: ['perWakeupNs', 'perEnqueueNs', 'perRemoteWakeupNs'],
  evidence: 'traced',
  witness: 'sched:sched_waking',
  kernel: 'sock_def_readable(), try_to_wake_up()',
}
