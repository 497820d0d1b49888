import type { CostLaw } from './law.js'

/**
 * A veth pair: one end's transmit function puts the packet into the backlog of the core that runs it. A peer in another namespace costs extra:
 * the packet is scrubbed of its route, conntrack entry and marks on the way.
 * Kernel: veth_xmit(), ____dev_forward_skb(), skb_scrub_packet(), process_backlog().
 */
export const vethTransmit: CostLaw = {
  stage: 'veth.transmit',
  context: 'softirq',
  per: ['perPacketNs', 'perNamespaceNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'net:net_dev_start_xmit on the end',
  kernel: 'veth_xmit(), process_backlog()',
}
