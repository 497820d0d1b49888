/**
 * Sample quantiles of type 7 (Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996): linear
 * between the order statistics, R's and NumPy's default.
 */
import { quantileSorted as quantileOfSortedArray } from 'simple-statistics'
import { notAProbability } from '../messages.js'
import { requireValues, type Sample } from './sample.js'

/** @param sorted ascending, not empty @param p from 0 to 1 */
export function quantileSorted(sorted: Sample, p: number): number {
  if (!(p >= 0 && p <= 1)) throw notAProbability('quantile', p)
  return quantileOfSortedArray(sorted as number[], p)
}

/** The quantiles of all `ps`, in their order; the values are copied and sorted once. */
export function quantiles(values: Sample, ps: readonly number[]): number[] {
  requireValues('quantile', values, 1)
  const sorted = new Float64Array(values).sort()
  return ps.map((p) => quantileSorted(sorted, p))
}

export function quantile(values: Sample, p: number): number {
  return quantiles(values, [p])[0]!
}
