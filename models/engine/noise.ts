import { exp } from '../../sim/index.js'
import { normalQuantile } from './normal-quantile.js'

/** Entries of the table; a power of two, so that an index is a mask. */
export const NOISE_ENTRIES = 4096

/** The table made last: replications of one profile share it. */
let last: { readonly sigma: number; readonly table: Float64Array } | null = null

/**
 * The spread of a burst around its cost law, as quantiles of a lognormal with median 1: drawing an index is drawing from it. Not to be written to.
 * @param sigma standard deviation of the logarithm; 0 gives a model without noise
 */
export function burstNoise(sigma: number): Float64Array {
  if (last?.sigma !== sigma) {
    last = { sigma, table: Float64Array.from({ length: NOISE_ENTRIES }, (_, i) => exp(sigma * normalQuantile((i + 0.5) / NOISE_ENTRIES))) }
  }
  return last.table
}
