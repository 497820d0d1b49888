import { autocorrelation } from './autocorrelation.js'
import { type Interval, meanInterval } from './confidence-interval.js'
import { requireValues, type Sample } from './sample.js'

export interface BatchMeans extends Interval {
  readonly batches: number
  readonly batchSize: number
  /** Autocorrelation of neighbouring batch means. */
  readonly lagOne: number
  /** False when it is too large for independent batches (one-sided, 5 %): then the batches are too small, and the interval too narrow. */
  readonly independent: boolean
}

/** The normal distribution's 95 % point. */
const NORMAL_95 = 1.6448536269514722

/**
 * Interval of the mean of one long autocorrelated run, from the means of equal batches (Law, "Simulation Modeling and Analysis", 5th edition,
 * section 9.5.3); a rest that fills no batch is left out. The check is von Neumann's: the lag-1 autocorrelation of b independent
 * means is about normal with variance (b - 2) / (b^2 - 1) (Fishman, "Grouping observations in digital simulation", Management Science 24, 1978).
 */
export function batchMeans(values: Sample, batches = 32, confidence = 0.95): BatchMeans {
  if (!Number.isInteger(batches) || batches < 3) throw new RangeError(`batch means: needs at least 3 batches, got ${batches}`)
  requireValues('batch means', values, 2 * batches)
  const batchSize = Math.floor(values.length / batches)
  const means = new Float64Array(batches)
  for (let batch = 0; batch < batches; batch++) {
    let sum = 0
    for (let i = batch * batchSize; i < (batch + 1) * batchSize; i++) sum += values[i]!
    means[batch] = sum / batchSize
  }
  const lagOne = autocorrelation(means, 1)
  const limit = NORMAL_95 * Math.sqrt((batches - 2) / (batches * batches - 1))
  return { ...meanInterval(means, confidence), batches, batchSize, lagOne, independent: lagOne <= limit }
}
