import { meanVariance } from './mean-variance.js'
import { requireValues, type Sample } from './sample.js'

/**
 * Hedges' g: the difference of means in units of the pooled standard deviation, corrected for small samples by 1 - 3 / (4 m - 1)
 * with m degrees of freedom (Hedges, "Distribution theory for Glass's estimator of effect size", J. Educ. Stat. 6(2), 1981).
 * Infinite when the samples differ and neither scatters; 0 when they don't differ.
 */
export function effectSize(a: Sample, b: Sample): number {
  requireValues('effect size', a, 2)
  requireValues('effect size', b, 2)
  const momentsA = meanVariance(a)
  const momentsB = meanVariance(b)
  const difference = momentsA.mean - momentsB.mean
  if (difference === 0) return 0
  const freedom = a.length + b.length - 2
  const pooled = Math.sqrt(((a.length - 1) * momentsA.variance + (b.length - 1) * momentsB.variance) / freedom)
  return (difference / pooled) * (1 - 3 / (4 * freedom - 1))
}

/**
 * The same for paired values: the mean difference in units of the differences' standard deviation, corrected alike with n - 1 degrees of
 * freedom (Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd edition, section 2.3.5: d_z). It grows as pairing takes chance away: one
 * of pairs and one of unpaired samples don't compare.
 */
export function pairedEffectSize(a: Sample, b: Sample): number {
  requireValues('paired effect size', a, 2)
  if (a.length !== b.length) throw new RangeError(`paired effect size: ${a.length} values can't be paired with ${b.length}`)
  const { mean, standardDeviation } = meanVariance(Float64Array.from(a, (value, i) => value - b[i]!))
  if (mean === 0) return 0
  return (mean / standardDeviation) * (1 - 3 / (4 * (a.length - 1) - 1))
}
