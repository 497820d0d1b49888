import { notAProbability } from '../messages.js'
import { quantileSorted } from './quantile.js'
import { requireValues, type Sample } from './sample.js'

export interface QuantileInterval {
  readonly value: number
  readonly low: number
  readonly high: number
  /** The probability that the interval covers the quantile, whatever the distribution: at least what was asked for. */
  readonly coverage: number
}

/**
 * Interval of a quantile between two order statistics, for independent values of any distribution: the quantile lies between the l-th and
 * the u-th with the probability that a binomial count (n, p) is from l to u - 1 (Hahn and Meeker, "Statistical Intervals", section 5.2;
 * Conover, "Practical Nonparametric Statistics", section 3.2). The counts that are likeliest are taken first, so few are needed.
 * @returns null when there are too few values for this confidence: then no interval without assumptions exists
 */
export function quantileInterval(values: Sample, p: number, confidence = 0.95): QuantileInterval | null {
  if (!(p > 0 && p < 1)) throw notAProbability('quantile', p)
  if (!(confidence > 0 && confidence < 1)) throw notAProbability('confidence', confidence)
  requireValues('quantile interval', values, 1)
  const n = values.length
  const { first, probabilities } = binomial(n, p)
  const probability = (count: number) => (count < 1 || count > n - 1 ? 0 : (probabilities[count - first] ?? 0))
  let low = Math.min(n - 1, Math.max(1, Math.floor((n + 1) * p)))
  let high = low
  let coverage = probability(low)
  while (coverage < confidence) {
    const below = probability(low - 1)
    const above = probability(high + 1)
    if (below === 0 && above === 0) return null
    if (below >= above) low--
    else high++
    coverage += Math.max(below, above)
  }
  const sorted = Float64Array.from(values).sort()
  return { value: quantileSorted(sorted, p), low: sorted[low - 1]!, high: sorted[high]!, coverage }
}

/** Below this share of the largest, a probability is left out. */
const NEGLIGIBLE = 1e-20

/** Probabilities of the counts `first`, `first` + 1, ...: by their ratios from the likeliest outwards, then divided by their sum. */
function binomial(n: number, p: number): { first: number; probabilities: number[] } {
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  const below: number[] = []
  for (let k = mode, weight = 1; k > 0 && weight > NEGLIGIBLE; k--) {
    weight *= k / ((n - k + 1) * odds)
    below.push(weight)
  }
  const above: number[] = []
  for (let k = mode, weight = 1; k < n && weight > NEGLIGIBLE; k++) {
    weight *= ((n - k) * odds) / (k + 1)
    above.push(weight)
  }
  const weights = [...below.reverse(), 1, ...above]
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return { first: mode - below.length, probabilities: weights.map((weight) => weight / sum) }
}
