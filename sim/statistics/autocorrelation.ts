import { meanVariance } from './mean-variance.js'
import { requireValues, type Sample } from './sample.js'

/**
 * Sample autocorrelation at a lag: the lagged products of deviations over the sum of squared deviations
 * (Box and Jenkins, "Time Series Analysis", equation 2.1.13; R's acf). 0 for a constant sequence.
 */
export function autocorrelation(values: Sample, lag: number): number {
  requireValues('autocorrelation', values, 2)
  if (!Number.isInteger(lag) || lag < 0 || lag >= values.length) {
    throw new RangeError(`autocorrelation: lag must be a whole number from 0 to ${values.length - 1}, got ${lag}`)
  }
  const { count, mean, variance } = meanVariance(values)
  if (variance === 0) return 0
  let products = 0
  for (let i = lag; i < count; i++) products += (values[i]! - mean) * (values[i - lag]! - mean)
  return products / (variance * (count - 1))
}
