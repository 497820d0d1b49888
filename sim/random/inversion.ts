/**
 * Draws by inversion: one uniform number each, to which they answer monotonely. Slower than the ziggurats, but two streams that are antithetic
 * (antithetic.ts), or one stream under two parameters (common random numbers), stay in step draw by draw and move together.
 */
import quantile from '@stdlib/stats-base-dists-normal-quantile'
import { exp, log, pow } from '../math.js'
import { requirePositive } from './parameters.js'
import type { RandomStream } from './stream.js'

/** A number strictly between 0 and 1 with 52 random bits, at the middle of its cell: complemented words give exactly 1 minus it. */
export function openUniform(stream: RandomStream): number {
  const high = stream.int32() >>> 6
  return (high * 67108864 + (stream.int32() >>> 6) + 0.5) * 2.220446049250313e-16
}

export function exponentialByInversion(stream: RandomStream, mean: number): number {
  return -mean * log(1 - openUniform(stream))
}

/** Mean 0 and variance 1. */
export function normalByInversion(stream: RandomStream): number {
  return quantile(openUniform(stream), 0, 1)
}

/** Median exp(mu). */
export function lognormalByInversion(stream: RandomStream, mu: number, sigma: number): number {
  return exp(mu + sigma * normalByInversion(stream))
}

export function weibullByInversion(stream: RandomStream, shape: number, scale: number): number {
  requirePositive('Weibull', 'shape', shape)
  return scale * pow(exponentialByInversion(stream, 1), 1 / shape)
}

export function paretoByInversion(stream: RandomStream, shape: number, minimum: number): number {
  requirePositive('Pareto', 'shape', shape)
  return minimum * exp(exponentialByInversion(stream, 1) / shape)
}
