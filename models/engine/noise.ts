import { exp } from '../../sim/index.js'
import { normalQuantile } from './normal-quantile.js'

/** Entries of the table; a power of two, so that an index is a mask. */
const ENTRIES = 4096

/**
 * The spread of a burst around its cost law, as quantiles of a lognormal with median 1: drawing an index is drawing from it.
 * @param sigma standard deviation of the logarithm; 0 gives a model without noise
 */
export function burstNoise(sigma: number): Float64Array {
  return Float64Array.from({ length: ENTRIES }, (_, i) => exp(sigma * normalQuantile((i + 0.5) / ENTRIES)))
}
