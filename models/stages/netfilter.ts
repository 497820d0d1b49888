import type { CostLaw } from './law.js'

/**
 * The forward chain that nftables wrote: its hook with the packet's own rule, and each rule before it.
 * Kernel: nft_do_chain(). Left out: sets and maps, whose lookup does not grow with their size.
 */
export const nftablesChain: CostLaw = {
  stage: 'nftables.chain',
  context: 'softirq',
  per: ['perPacketNs', 'perRuleNs'],
  evidence: 'counted',
  witness: "counter of the packet's own rule; nft monitor trace",
  kernel: 'nf_hook_slow(), nft_do_chain()',
  optional: true,
}

/**
 * The same as iptables writes it: on this machine the program that keeps its rules in nftables' tables (iptables-nft), with a counter in each
 * rule. What nftables has no words for, such as `-m comment` or `-m conntrack`, is an extension of xtables that the rule calls (nft_compat),
 * and costs more than twenty rules. Kernel: nft_do_chain(), nft_counter_eval(), nft_match_eval().
 */
export const iptablesChain: CostLaw = {
  stage: 'iptables.chain',
  context: 'softirq',
  per: ['perPacketNs', 'perRuleNs', 'perMatchNs'],
  evidence: 'counted',
  witness: "counter of the packet's own rule; nft monitor trace",
  kernel: 'nf_hook_slow(), nft_do_chain(), nft_counter_eval(), nft_match_eval()',
  optional: true,
}
