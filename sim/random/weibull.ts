import { pow } from '../math.js'
import { exponential } from './exponential.js'
import { requirePositive } from './parameters.js'
import type { RandomStream } from './stream.js'

/**
 * A draw from the Weibull distribution, P(X > x) = exp(-(x / scale)^shape): an exponential draw to the power 1 / shape
 * (Weibull, "A statistical distribution function of wide applicability", J. Appl. Mech. 18, 1951).
 * @throws RangeError unless shape and scale are positive and finite
 */
export function weibull(stream: RandomStream, shape: number, scale: number): number {
  requirePositive('Weibull', 'shape', shape)
  requirePositive('Weibull', 'scale', scale)
  return scale * pow(exponential(stream, 1), 1 / shape)
}
