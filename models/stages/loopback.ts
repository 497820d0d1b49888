import type { CostLaw } from './law.js'

/** The loopback device: the packet goes from its transmit function to the same core's backlog. Kernel: loopback_xmit(), process_backlog(). */
export const loopbackTransmit: CostLaw = {
  stage: 'loopback.transmit',
  context: 'softirq',
  per: ['perPacketNs'],
  evidence: 'traced',
  witness: 'net:net_dev_start_xmit on lo',
  kernel: 'loopback_xmit(), process_backlog()',
}
