import type { CostLaw } from './law.js'

/**
 * A program at a pair's ingress that reads the destination and sends the packet straight to another pair's far end, without a backlog between.
 * Kernel: tcx_run() or the classifier, bpf_redirect_peer(), __netif_receive_skb_core() again (another_round).
 * Left out: programs that do more than Cilium's fast path needs here.
 */
export const bpfRedirect: CostLaw = {
  stage: 'bpf.redirect',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'counted',
  witness: 'run_cnt of the program (bpf_stats)',
  kernel: 'sch_handle_ingress(), bpf_redirect_peer(), skb_do_redirect()',
  optional: true,
}
