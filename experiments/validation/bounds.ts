/** Bounds on errors: those that a user sets, and the goals of the design, which are shown and never enforced. */
import { wrongBound } from './messages.js'
import type { ValidationSummary } from './summary.js'

export interface Bound {
  readonly of: 'median' | 'worst'
  readonly statistic: string
  readonly most: number
}

export interface BoundCheck extends Bound {
  /** Null where no point was compared: such a bound is not met. */
  readonly error: number | null
  readonly met: boolean
}

/** The goals for held-out rows. */
export const goals: readonly Bound[] = [
  { of: 'median', statistic: 'p50', most: 0.03 },
  { of: 'worst', statistic: 'p50', most: 0.08 },
  { of: 'median', statistic: 'p99', most: 0.1 },
]

/** Reads `p50 8 %` (the worst error) or `median p50 4 %`. @throws ValidationRefusal */
export function parseBound(text: string): Bound {
  const match = /^\s*(?:(median|worst)\s+)?(p50|p99|mean)\s+(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)
  if (match === null) throw wrongBound(text)
  return { of: match[1] === 'median' ? 'median' : 'worst', statistic: match[2]!, most: Number(match[3]) / 100 }
}

export function checkBounds(bounds: readonly Bound[], summary: readonly ValidationSummary[]): BoundCheck[] {
  return bounds.map((bound) => {
    const line = summary.find(({ metric, statistic }) => metric === 'latency' && statistic === bound.statistic)
    const error = line === undefined ? null : bound.of === 'median' ? line.medianError : line.worstError
    return { ...bound, error, met: error !== null && error <= bound.most }
  })
}
