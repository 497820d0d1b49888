import { exponential } from './exponential.js'
import { requirePositive, shares } from './parameters.js'
import type { RandomStream } from './stream.js'

/** A mixture of exponentials: phase i, with mean `means[i]`, is taken where a uniform number is below `upTo[i]` and not below the one before. */
export interface HyperExponential {
  readonly upTo: Float64Array
  readonly means: Float64Array
}

/** @throws RangeError unless there are as many positive means as weights, and one at least */
export function prepareHyperExponential(weights: ArrayLike<number>, means: ArrayLike<number>): HyperExponential {
  if (weights.length !== means.length) {
    throw new RangeError(`hyper-exponential: ${means.length} means need as many weights, got ${weights.length}`)
  }
  const upTo = shares('hyper-exponential', weights)
  for (let i = 0; i < means.length; i++) {
    requirePositive('hyper-exponential', `mean ${i}`, means[i]!)
    if (i > 0) upTo[i]! += upTo[i - 1]!
  }
  upTo[upTo.length - 1] = 1
  return { upTo, means: Float64Array.from(means) }
}

/**
 * Two phases with this mean and squared coefficient of variation (variance / mean^2), each phase carrying half of the mean
 * ("balanced means": Whitt, "Approximating a point process by a renewal process", Operations Research 30(1), 1982, section 3).
 * @throws RangeError for a squared coefficient of variation below 1, which no mixture of exponentials has
 */
export function balancedHyperExponential(mean: number, squaredVariation: number): HyperExponential {
  requirePositive('hyper-exponential', 'mean', mean)
  if (!(squaredVariation >= 1 && squaredVariation < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`hyper-exponential: the squared coefficient of variation must be finite and at least 1, got ${squaredVariation}`)
  }
  const first = (1 + Math.sqrt((squaredVariation - 1) / (squaredVariation + 1))) / 2
  return prepareHyperExponential([first, 1 - first], [mean / (2 * first), mean / (2 * (1 - first))])
}

/** A draw from a prepared mixture. */
export function hyperExponential(stream: RandomStream, { upTo, means }: HyperExponential): number {
  const u = stream.uniform()
  let phase = 0
  while (u >= upTo[phase]!) phase++
  return exponential(stream, means[phase]!)
}
