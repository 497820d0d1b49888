/** Which mechanisms the held-out rows need: errors with the whole model beside errors without one mechanism. */
import { quantile } from '../../sim/index.js'
import type { Mechanism } from './ablation.js'
import type { Comparison } from './comparison.js'
import { nameOf } from './summary.js'

export interface AblationLine {
  readonly mechanism: Mechanism
  readonly statistic: string
  readonly points: number
  /** Median absolute relative errors over the held-out points. */
  readonly medianError: number
  readonly medianErrorWithout: number
  /** Held-out points whose absolute error grew, or shrank, by more than the measurement repeats to. */
  readonly worse: number
  readonly better: number
  /** The point that suffers most, and by how much its absolute error grew; null where none grew. */
  readonly most: { readonly point: string; readonly by: number } | null
}

/** One line a statistic, over the held-out points that both hold. */
export function ablationLines(mechanism: Mechanism, whole: readonly Comparison[], without: readonly Comparison[]): AblationLine[] {
  const other = new Map(without.map((one) => [one.rowId, one]))
  const pairs = whole.flatMap((one) => {
    const bare = other.get(one.rowId)
    return one.standing !== 'held-out' || bare === undefined ? [] : [{ one, growth: Math.abs(bare.error) - Math.abs(one.error), bare }]
  })
  return [...new Set(pairs.map(({ one }) => one.statistic))].map((statistic) => {
    const own = pairs.filter(({ one }) => one.statistic === statistic)
    const worst = own.reduce((a, b) => (b.growth > a.growth ? b : a))
    const beyond = (one: Comparison) => (one.measuredHalfWidth ?? 0) / one.measured
    return {
      mechanism,
      statistic,
      points: own.length,
      medianError: median(own.map(({ one }) => Math.abs(one.error))),
      medianErrorWithout: median(own.map(({ bare }) => Math.abs(bare.error))),
      worse: own.filter(({ one, growth }) => growth > beyond(one)).length,
      better: own.filter(({ one, growth }) => -growth > beyond(one)).length,
      most: worst.growth > 0 ? { point: nameOf(worst.one), by: worst.growth } : null,
    }
  })
}

/** Mechanisms without which no held-out point gets worse: these rows don't prove them. */
export function unproven(lines: readonly AblationLine[]): Mechanism[] {
  return [...new Set(lines.map(({ mechanism }) => mechanism))].filter((name) =>
    lines.every(({ mechanism, worse }) => mechanism !== name || worse === 0),
  )
}

const median = (values: readonly number[]) => quantile(values, 0.5)
