import { type Interval, meanInterval } from './confidence-interval.js'
import { mean } from './mean-variance.js'
import { requireValues, type Sample } from './sample.js'

export interface PairedDifference {
  /** a - b. */
  readonly difference: Interval
  /** mean of a / mean of b. */
  readonly ratio: Interval
}

/**
 * Compares two alternatives run in pairs (common random numbers, or neighbours in one block): Student's interval of the differences
 * (Law, "Simulation Modeling and Analysis", 5th edition, section 10.2.1), and of the ratio of means by its linearization,
 * the spread of a - ratio b (Cochran, "Sampling Techniques", 3rd edition, section 2.11).
 * @throws RangeError unless both have the same count, at least two
 */
export function pairedDifference(a: Sample, b: Sample, confidence = 0.95): PairedDifference {
  requireValues('paired difference', a, 2)
  requireValues('paired difference', b, 2)
  if (a.length !== b.length) throw new RangeError(`paired difference: ${a.length} values can't be paired with ${b.length}`)
  const ratio = mean(a) / mean(b)
  const residuals = Float64Array.from(a, (value, i) => value - ratio * b[i]!)
  return {
    difference: meanInterval(
      Float64Array.from(a, (value, i) => value - b[i]!),
      confidence,
    ),
    ratio: { value: ratio, halfWidth: meanInterval(residuals, confidence).halfWidth / Math.abs(mean(b)), confidence },
  }
}
