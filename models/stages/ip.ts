import type { CostLaw } from './law.js'

/**
 * Forwarding one packet between two devices of a namespace: IP input, the route, and IP output as far as the next device.
 * Kernel: ip_rcv(), ip_route_input_slow() or the cached route, ip_forward(), ip_finish_output2().
 * The first namespace that forwards a TCP segment copies its head before it counts its time to live down (skb_cow(), pskb_expand_head()), for
 * the sender keeps a clone until the acknowledgement; a datagram belongs to nobody else.
 * Left out: fragments on the way, path-MTU messages, options.
 */
export const ipForward: CostLaw = {
  stage: 'ip.forward',
  context: 'softirq',
  per: ['perPacketNs', 'perCopyNs'],
  evidence: 'counted',
  witness: 'Ip.ForwDatagrams of the namespace',
  kernel: 'ip_rcv(), ip_forward(), pskb_expand_head(), ip_finish_output2()',
  optional: true,
}
