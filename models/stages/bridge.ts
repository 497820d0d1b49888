import type { CostLaw } from './law.js'

/** A bridge: forwarding-database lookup from the port that received to the port that transmits. Kernel: br_handle_frame(), br_forward(). Left out: learning, flooding, STP. */
export const bridgeForward: CostLaw = {
  stage: 'bridge.forward',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'counted',
  witness: 'counters of the bridge ports (this kernel has no tracepoint in the forwarding path)',
  kernel: 'br_handle_frame(), br_handle_frame_finish(), br_forward()',
}

/**
 * Bridged packets that pass the IP hooks (`bridge-nf-call-iptables = 1`), even with no rule at all.
 * Kernel: br_nf_pre_routing(), br_nf_forward_ip(), br_nf_post_routing().
 */
export const netfilterHook: CostLaw = {
  stage: 'netfilter.hook',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'unobservable',
  witness: 'this kernel has no tracepoint in netfilter hooks, and a rule to count with would change the path',
  kernel: 'br_nf_pre_routing(), br_nf_forward_ip(), br_nf_post_routing()',
}

/** A frame for the host itself: from the port that received up through the bridge device, where the host's IP input takes over. Kernel: br_handle_frame_finish(), br_pass_frame_up(). */
export const bridgeInput: CostLaw = {
  stage: 'bridge.input',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'counted',
  witness: 'received packets of the bridge device',
  kernel: 'br_handle_frame_finish(), br_pass_frame_up()',
  optional: true,
}

/** A packet that the host sends on the bridge device: forwarding-database lookup to the port that transmits. Kernel: br_dev_xmit(), br_forward(). */
export const bridgeOutput: CostLaw = {
  stage: 'bridge.output',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'traced',
  witness: 'net:net_dev_start_xmit on the bridge device',
  kernel: 'br_dev_xmit(), br_forward()',
  optional: true,
}
