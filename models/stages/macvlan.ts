import type { CostLaw } from './law.js'

/**
 * A macvlan device in bridge mode whose receiver is a sibling on the same lower device: the packet is received at the lower device, as if it
 * had come from outside, and handed up to the sibling. Kernel: macvlan_queue_xmit(), dev_forward_skb(), process_backlog(),
 * macvlan_handle_frame(). Left out: broadcasts, and what leaves by the lower device.
 */
export const macvlanTransmit: CostLaw = {
  stage: 'macvlan.transmit',
  context: 'softirq',
  per: ['perPacketNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'net:net_dev_start_xmit on the device',
  kernel: 'macvlan_start_xmit(), macvlan_queue_xmit(), macvlan_handle_frame()',
  optional: true,
}
