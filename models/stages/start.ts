/** The steps of a container's start (models/docs/start.md). Kernel functions: Linux 6.18. */
import type { CostLaw } from './law.js'

const TIMED = "the instrument times it; `--prove` looks for no witness of a container's start"

/** The timer by which all starts begin at one moment wakes a core that sleeps; whoever is due on the same core then pays it no more. */
export const timerExpire: CostLaw = {
  stage: 'timer.expire',
  context: 'scheduler',
  per: ['perWakeupNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'hrtimer_wakeup(), cpuidle_enter_state()',
  optional: true,
}

/** unshare(CLONE_NEWNET) but for its loopback device: copy_net_ns() holds pernet_ops_rwsem shared, so that two of them hold up nobody. */
export const namespaceCreate: CostLaw = {
  stage: 'namespace.create',
  context: 'system call',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'copy_net_ns(), setup_net()',
  optional: true,
}

/** A device that is registered, under the rtnl mutex: the loopback device of a namespace, each end of a veth pair. */
export const deviceRegister: CostLaw = {
  stage: 'device.register',
  context: 'system call',
  per: ['perDeviceNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'register_netdevice(), loopback_net_init(), veth_newlink()',
  optional: true,
}

/** Both ends of the pair up, and the address: three requests under the rtnl mutex. */
export const addressAssign: CostLaw = {
  stage: 'address.assign',
  context: 'system call',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'rtnl_setlink(), inet_rtm_newaddr()',
  optional: true,
}

/**
 * A kernel thread on whichever core is free finds the carrier, and the bridge forwards for its new port: under the rtnl mutex, while the start sleeps.
 * How the thread gets its core is `interrupt.deliver` and `idle.exit`.
 */
export const carrierWatch: CostLaw = {
  stage: 'carrier.watch',
  context: 'scheduler',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'linkwatch_event(), br_port_carrier_check()',
  keepsCore: false,
  optional: true,
}

/** What a CNI plugin does beside its requests to the kernel: programs that start, their configurations, iptables. */
export const pluginCall: CostLaw = {
  stage: 'plugin.call',
  context: 'user space',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'the reference plugins bridge and static, iptables',
  optional: true,
}

/**
 * Time in which a plugin's call sleeps: a pair whose queues are left to the kernel is cut down to one, and waits under the rtnl mutex until no core can
 * see the others any more. Whatever else the plugins sleep for is in it.
 */
export const graceWait: CostLaw = {
  stage: 'grace.wait',
  context: 'scheduler',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'netif_set_real_num_tx_queues(), synchronize_rcu_expedited()',
  keepsCore: false,
  optional: true,
}

/** What Podman's command does beside its requests to the kernel: itself, conmon, netavark and runc, the layers of the image, until the container's process runs. */
export const containerRun: CostLaw = {
  stage: 'container.run',
  context: 'user space',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'podman run, conmon, netavark, runc',
  optional: true,
}

/** Time of it in which none of them has a core: the disk, and grace periods of RCU. */
export const containerWait: CostLaw = {
  stage: 'container.wait',
  context: 'scheduler',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'io_schedule(), synchronize_rcu()',
  keepsCore: false,
  optional: true,
}

/** What the first packet waits for in a container that was told of no carrier, beside the carrier itself: a program with cold caches, a peer that is asked again. */
export const firstWait: CostLaw = {
  stage: 'first.wait',
  context: 'scheduler',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'neigh_timer_handler(), do_fault()',
  keepsCore: false,
  optional: true,
}

/** connect(), the first message and its answer, with the neighbours' questions for each other: both ends' work. */
export const firstExchange: CostLaw = {
  stage: 'first.exchange',
  context: 'system call',
  per: ['perStartNs'],
  evidence: 'unobservable',
  witness: TIMED,
  kernel: 'tcp_v4_connect(), arp_solicit()',
  optional: true,
}

/** Times of a start in which it waits: for the rtnl mutex (spinning or asleep), and for its core. Outcomes of the simulation, without a coefficient. */
export const lockWait = 'wait.lock'
export const coreWait = 'wait.core'
