import { type CoverageCase, intervalCases, studentCoverage } from './coverage.js'
import { closedNetwork, jacksonNetwork } from './networks.js'
import type { Oracle } from './oracle.js'
import { preemptivePriority } from './preemptive-priority.js'
import { processorSharing } from './processor-sharing.js'
import { md1, mg1Gamma, mg1HyperExponential, mm1, mm1k, mmc } from './single-station.js'
import { tokenBuckets } from './token-buckets.js'

/** Every oracle, in the order in which they are shown. */
export const oracles: readonly Oracle[] = [
  mm1(),
  md1(),
  mg1Gamma(),
  mg1HyperExponential(),
  mmc(),
  mm1k(),
  processorSharing(),
  preemptivePriority(),
  closedNetwork(),
  jacksonNetwork(),
  tokenBuckets(),
]

/**
 * The cases of the coverage run. A replication has some hundred times the customers that its system remembers, so that what is left of the
 * start, and of the means' skewness, is small beside the interval.
 */
export const coverageCases: readonly CoverageCase[] = [
  studentCoverage(mm1(0.5), 1500),
  studentCoverage(md1(), 2000),
  studentCoverage(mg1Gamma(), 3000),
  studentCoverage(mmc(3, 0.5), 1500),
  studentCoverage(mm1k(), 1500),
  studentCoverage(processorSharing(), 2000),
  studentCoverage(preemptivePriority(), 1500),
  studentCoverage(closedNetwork(), 1500),
  studentCoverage(jacksonNetwork(), 3000),
  ...intervalCases,
]
