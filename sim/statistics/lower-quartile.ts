import type { RandomStream } from '../random/stream.js'
import { quantileSorted } from './quantile.js'
import { requireValues, type Sample } from './sample.js'

/** A run further above the lower quartile than this share of it counts as disturbed (seen: an undisturbed cluster repeats to 0.5 %). */
const DISTURBED = 0.04
const RESAMPLES = 2000

export interface LowerQuartile {
  readonly value: number
  /** Half of the interval in which a repetition of the campaign would fall, by bootstrap; null for a single run. */
  readonly halfWidth: number | null
  readonly confidence: number
  readonly runs: number
  /** Share of runs more than 4 % above the value. */
  readonly disturbedShare: number
}

/**
 * The value of a measured point: the lower quartile of its runs' statistics. Runs fall into a low cluster and disturbed ones above it, a run
 * keeping its level throughout, so that a mean or median jumps between clusters with the share of disturbed runs and the quartile does not.
 * The half-width is half of the percentile bootstrap's interval (Efron and Tibshirani, "An Introduction to the Bootstrap", section 13.3).
 * @param stream resamples the runs: the same stream gives the same bytes
 */
export function lowerQuartile(runs: Sample, stream: RandomStream, confidence = 0.95): LowerQuartile {
  requireValues('lower quartile', runs, 1)
  const sorted = Float64Array.from(runs).sort()
  const count = sorted.length
  const value = quantileSorted(sorted, 0.25)
  const disturbed = sorted.filter((run) => run > value * (1 + DISTURBED)).length
  return {
    value,
    halfWidth: count < 2 ? null : bootstrapHalfWidth(sorted, stream, confidence),
    confidence,
    runs: count,
    disturbedShare: disturbed / count,
  }
}

function bootstrapHalfWidth(runs: Float64Array, stream: RandomStream, confidence: number): number {
  const quartiles = new Float64Array(RESAMPLES)
  const resample = new Float64Array(runs.length)
  for (let i = 0; i < RESAMPLES; i++) {
    for (let j = 0; j < runs.length; j++) resample[j] = runs[Math.floor(stream.uniform() * runs.length)]!
    quartiles[i] = quantileSorted(resample.sort(), 0.25)
  }
  quartiles.sort()
  return (quantileSorted(quartiles, (1 + confidence) / 2) - quantileSorted(quartiles, (1 - confidence) / 2)) / 2
}
