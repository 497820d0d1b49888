import type { CostLaw } from './law.js'

/** A veth pair: one end's transmit function puts the packet into the backlog of the core that runs it, in the peer's namespace. Kernel: veth_xmit(), process_backlog(). */
export const vethTransmit: CostLaw = {
  stage: 'veth.transmit',
  context: 'softirq',
  per: ['perPacketNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'net:net_dev_start_xmit on the end',
  kernel: 'veth_xmit(), process_backlog()',
}
