import { closedNetwork, jacksonNetwork } from './networks.js'
import type { Oracle } from './oracle.js'
import { md1, mg1Gamma, mg1HyperExponential, mm1, mm1k, mmc } from './single-station.js'

/** Every oracle, in the order in which they are shown. */
export const oracles: readonly Oracle[] = [
  mm1(),
  md1(),
  mg1Gamma(),
  mg1HyperExponential(),
  mmc(),
  mm1k(),
  closedNetwork(),
  jacksonNetwork(),
]
