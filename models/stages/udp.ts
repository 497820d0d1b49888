import type { CostLaw } from './law.js'

/**
 * One datagram's output; above the MTU it is cut into fragments, and each fragment crosses every later stage by itself.
 * Kernel: udp_send_skb(), ip_output(), ip_fragment().
 */
export const udpTransmit: CostLaw = {
  stage: 'udp.transmit',
  context: 'system call',
  per: ['perPacketNs', 'perFragmentNs'],
  evidence: 'traced',
  witness: 'net:net_dev_queue',
  kernel: 'udp_send_skb(), ip_fragment()',
}

/**
 * One datagram's input; fragments are queued until the last has come. Each that comes in over a device has its route looked up, and its source's:
 * an unconnected socket remembers none (a TCP segment finds it in its socket, tcp_v4_early_demux()), and only what loopback transmits keeps its
 * own (loopback_xmit(), skb_dst_force()). Kernel: ip_rcv_finish_core(), ip_route_input_slow(), fib_validate_source(), ip_defrag(), udp_queue_rcv_skb().
 */
export const udpReceive: CostLaw = {
  stage: 'udp.receive',
  context: 'softirq',
  per: ['perPacketNs', 'perFragmentNs', 'perLookupNs'],
  evidence: 'traced',
  witness: 'sock:sk_data_ready',
  kernel: 'ip_rcv(), ip_defrag(), udp_queue_rcv_skb()',
}
