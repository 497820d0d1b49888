import { exp } from '../math.js'
import { exponential } from './exponential.js'
import { requirePositive } from './parameters.js'
import type { RandomStream } from './stream.js'

/**
 * A draw from the Pareto distribution, P(X > x) = (minimum / x)^shape for x from `minimum` on: its logarithm is exponential
 * (Johnson, Kotz and Balakrishnan, "Continuous Univariate Distributions", volume 1, chapter 20). Mean infinite for shapes up to 1,
 * variance for shapes up to 2: means of such draws settle slowly or never.
 * @throws RangeError unless shape and minimum are positive and finite
 */
export function pareto(stream: RandomStream, shape: number, minimum: number): number {
  requirePositive('Pareto', 'shape', shape)
  requirePositive('Pareto', 'minimum', minimum)
  return minimum * exp(exponential(stream, 1) / shape)
}
