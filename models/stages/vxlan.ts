import type { CostLaw } from './law.js'

/**
 * Processor time to encapsulate one super-packet in VXLAN and to send it through the underlay's IP output.
 * GSO keeps the payload whole up to here, so that this is paid per super-packet, not per MTU; a packet of more than one segment costs extra,
 * once (iptunnel_handle_offloads() here, GRO of an already merged packet at the far end).
 * Kernel: vxlan_xmit_one(), udp_tunnel_xmit_skb(); header: RFC 7348, section 5 (50 bytes outside, over IPv4).
 * Left out: a miss in the forwarding database.
 */
export const vxlanEncapsulate: CostLaw = {
  stage: 'vxlan.encapsulate',
  context: 'softirq',
  per: ['perPacketNs', 'perSuperPacketNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'net:net_dev_start_xmit on the VXLAN device',
  kernel: 'vxlan_xmit(), vxlan_xmit_one(), udp_tunnel_xmit_skb()',
}

/**
 * The underlay's IP and UDP input, and the inner frame's way to the VXLAN device: through its GRO cell, a softirq round of its own, unless the packet
 * is still its sender's clone, which goes straight to the backlog. Kernel: udp_queue_rcv_skb(), vxlan_rcv(), gro_cells_receive().
 */
export const vxlanDecapsulate: CostLaw = {
  stage: 'vxlan.decapsulate',
  context: 'softirq',
  per: ['perPacketNs', 'perGroNs'],
  evidence: 'traced',
  witness: 'net:netif_receive_skb on the VXLAN device',
  kernel: 'vxlan_rcv(), gro_cells_receive()',
}
