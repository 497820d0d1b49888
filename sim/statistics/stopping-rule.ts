import { type Interval, meanInterval } from './confidence-interval.js'
import type { Sample } from './sample.js'

export interface Stopping {
  readonly stop: boolean
  readonly interval: Interval
  /** How many replications the half-width now seen would need in all: for planning, since that half-width is itself uncertain. */
  readonly wanted: number
}

/**
 * Sequential rule for a relative half-width: stop once half-width / |mean| is at most relative / (1 + relative), which bounds the error
 * relative to the *true* mean (Law, "Simulation Modeling and Analysis", 5th edition, section 9.4.1; it asks for at least ten replications).
 */
export function sequentialStop(values: Sample, relative: number, confidence = 0.95, atLeast = 10): Stopping {
  if (!(relative > 0 && relative < 1)) throw new RangeError(`stopping rule: relative half-width must be between 0 and 1, got ${relative}`)
  const interval = meanInterval(values, confidence)
  const bound = (relative / (1 + relative)) * Math.abs(interval.value)
  if (interval.halfWidth <= bound) return { stop: values.length >= atLeast, interval, wanted: Math.max(values.length, atLeast) }
  return {
    stop: false,
    interval,
    wanted: Math.max(atLeast, values.length + 1, Math.ceil(values.length * (interval.halfWidth / bound) ** 2)),
  }
}
