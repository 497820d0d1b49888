import type { CostLaw } from './law.js'

/**
 * Connection tracking of a packet in one namespace: the entry's lookup, the protocol's state (windows and flags of a TCP segment; of a
 * datagram only that it was answered), and the confirming hook on the way out.
 * Kernel: nf_conntrack_in(), nf_conntrack_tcp_packet(), nf_conntrack_confirm(). Left out: making the entry of a connection's first packet.
 */
export const conntrackLookup: CostLaw = {
  stage: 'conntrack.lookup',
  context: 'softirq',
  per: ['perPacketNs', 'perSegmentNs'],
  evidence: 'counted',
  witness: "the connection's entry in this namespace (conntrack -L)",
  kernel: 'nf_conntrack_in(), resolve_normal_ct(), nf_conntrack_tcp_packet()',
  optional: true,
}

/**
 * Rewriting one address of a tracked packet (destination or source) and its checksums; the rules were asked for the connection's first packet
 * only. Kernel: nf_nat_inet_fn(), nf_nat_packet(), l3proto_manip_pkt().
 */
export const natTranslate: CostLaw = {
  stage: 'nat.translate',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'counted',
  witness: "the two tuples of the connection's entry (conntrack -L)",
  kernel: 'nf_nat_inet_fn(), nf_nat_packet(), nf_nat_manip_pkt()',
  optional: true,
}
