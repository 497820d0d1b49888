import { log } from '../math.js'
import { autocorrelation } from './autocorrelation.js'
import { requireValues, type Sample } from './sample.js'

/**
 * How many independent values would tell as much of the mean as this autocorrelated sequence: n / (1 + 2 (r1 + r2 + ...)), where pairs of
 * neighbouring autocorrelations are added while their sum is positive and made to fall
 * (Geyer, "Practical Markov chain Monte Carlo", Statistical Science 7(4), 1992, section 3.3: the initial monotone sequence).
 * A sequence that alternates can be worth more than its count: at most n log10 n (Stan Reference Manual, "Effective sample size").
 */
export function effectiveSampleSize(values: Sample): number {
  requireValues('effective sample size', values, 4)
  const n = values.length
  let sumOfPairs = 0
  let last = Number.POSITIVE_INFINITY
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = Math.min(last, autocorrelation(values, lag) + autocorrelation(values, lag + 1))
    if (pair <= 0) break
    sumOfPairs += pair
    last = pair
  }
  return n / Math.max(2 * sumOfPairs - 1, log(10) / log(n))
}
