import quantile from '@stdlib/stats-base-dists-beta-quantile'
import { notAProbability } from '../messages.js'

export interface ShareInterval {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
}

/**
 * Interval of a share of which `hits` of `trials` were seen, for independent trials: it covers at least as often as it says
 * (Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934).
 * @throws RangeError unless the counts are whole numbers with 0 <= hits <= trials and trials > 0
 */
export function shareInterval(hits: number, trials: number, confidence = 0.95): ShareInterval {
  if (!(Number.isInteger(hits) && Number.isInteger(trials) && trials > 0 && hits >= 0 && hits <= trials)) {
    throw new RangeError(`interval of a share: expected 0 <= hits <= trials, trials > 0, got ${hits} of ${trials}`)
  }
  if (!(confidence > 0 && confidence < 1)) throw notAProbability('confidence', confidence)
  const beyond = (1 - confidence) / 2
  return {
    value: hits / trials,
    low: hits === 0 ? 0 : quantile(beyond, hits, trials - hits + 1),
    high: hits === trials ? 1 : quantile(1 - beyond, hits + 1, trials - hits),
    confidence,
  }
}
