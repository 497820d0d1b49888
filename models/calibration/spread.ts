/** The spread of a burst, from the lower half of measured distributions: the upper half is the interruptions'. */
import { quantiles } from '../../sim/index.js'
import type { Profile } from '../profiles/profile.js'
import { simulateReplication } from '../simulate.js'
import type { Scenario } from '../topology/scenario.js'

export interface Body {
  readonly scenario: Scenario
  /** Measured latency quantiles, ns. */
  readonly p10: number
  readonly p50: number
}

const TRIAL_SIGMA = 0.05

/** Sigma of the logarithm at which simulated bodies are as wide as the measured ones (median over paths). */
export function fitSpread(profile: Profile, bodies: readonly Body[]): number {
  const ratios = bodies.map(({ scenario, p10, p50 }) => {
    const { latencyNs } = simulateReplication(
      scenario,
      { ...profile, burstSigma: TRIAL_SIGMA },
      { seed: 1, replication: 0, messages: 2000, warmUpMessages: 200 },
    ).flows[0]!
    const [low, middle] = quantiles(latencyNs, [0.1, 0.5])
    return (p50 - p10) / p50 / ((middle! - low!) / middle!)
  })
  return TRIAL_SIGMA * quantiles(Float64Array.from(ratios), [0.5])[0]!
}
