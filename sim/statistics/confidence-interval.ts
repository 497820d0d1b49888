import { meanVariance } from './mean-variance.js'
import { requireValues, type Sample } from './sample.js'
import { studentT } from './student-t.js'

/** A value that lies within `halfWidth` of the truth `confidence` of the time. */
export interface Interval {
  readonly value: number
  readonly halfWidth: number
  /** Between 0 and 1. */
  readonly confidence: number
}

/**
 * Student's interval of the mean of independent values, one a replication
 * (Law, "Simulation Modeling and Analysis", 5th edition, equation 4.12).
 * @throws RangeError below two values: one replication knows nothing of chance
 */
export function meanInterval(values: Sample, confidence = 0.95): Interval {
  requireValues('interval of a mean', values, 2)
  const { count, mean, standardDeviation } = meanVariance(values)
  return { value: mean, halfWidth: (studentT(confidence, count - 1) * standardDeviation) / Math.sqrt(count), confidence }
}

export function meanHalfWidth(values: Sample, confidence = 0.95): number {
  return meanInterval(values, confidence).halfWidth
}
