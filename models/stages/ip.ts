import type { CostLaw } from './law.js'

/**
 * Forwarding one packet between two devices of a namespace: IP input, the route, and IP output as far as the next device.
 * Kernel: ip_rcv(), ip_route_input_slow() or the cached route, ip_forward(), ip_finish_output2().
 * The first forwarding namespace of a run costs more than those behind it.
 * Left out: fragments on the way, path-MTU messages, options.
 */
export const ipForward: CostLaw = {
  stage: 'ip.forward',
  context: 'softirq',
  per: ['perRunNs', 'perPacketNs'],
  evidence: 'counted',
  witness: 'Ip.ForwDatagrams of the namespace',
  kernel: 'ip_rcv(), ip_forward(), ip_finish_output2()',
  optional: true,
}
