import type { CostLaw } from './law.js'

/** A physical link: transmission at its rate, then its delay. The network card's own stages can't be calibrated on this testbed. */
export const linkTransmit: CostLaw = {
  stage: 'link.transmit',
  context: 'hardware',
  per: [],
  evidence: 'unobservable',
  witness: 'this testbed has no physical link; its row is uncalibrated',
  kernel: 'ndo_start_xmit() of a network card',
}
