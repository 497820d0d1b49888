/** @throws RangeError unless the parameter of a distribution is positive and finite */
export function requirePositive(distribution: string, parameter: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${distribution}: ${parameter} must be positive and finite, got ${value}`)
  }
}

/**
 * Shares that add up to 1, from weights in any unit.
 * @throws RangeError for no weights, a negative one, one that is not finite, or a sum of 0
 */
export function shares(distribution: string, weights: ArrayLike<number>): Float64Array {
  let sum = 0
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i]! >= 0 && weights[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${distribution}: weight ${i} must be a finite number from 0, got ${weights[i]}`)
    }
    sum += weights[i]!
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw new RangeError(`${distribution}: the weights must have a positive, finite sum, got ${sum}`)
  return Float64Array.from(weights, (weight) => weight / sum)
}
