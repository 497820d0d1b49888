/** Which of a family of differences are shown: Holm's correction on the intervals themselves. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { holm } from '../sim/statistics/index.js'

export interface Difference {
  readonly value: number
  /** Half of its 95 % interval; null where none is known. */
  readonly halfWidth: number | null
}

/** Quantile of the normal distribution for a two-sided 95 % interval: what a half-width is divided by for its standard error. */
const NORMAL_QUANTILE = 1.959963984540054
const LEVEL = 0.05

/** In the order given; one without an interval is never shown. */
export function shownAfterHolm(differences: readonly Difference[]): boolean[] {
  const known = differences.filter(({ halfWidth }) => halfWidth !== null)
  const adjusted = holm(known.map(({ value, halfWidth }) => twoSided(value, halfWidth!)))
  const p = new Map(known.map((difference, i) => [difference, adjusted[i]!]))
  return differences.map((difference) => (p.get(difference) ?? 1) < LEVEL)
}

function twoSided(value: number, halfWidth: number): number {
  if (halfWidth === 0) return value === 0 ? 1 : 0
  return 2 * (1 - normalCdf(Math.abs((value * NORMAL_QUANTILE) / halfWidth), 0, 1))
}
