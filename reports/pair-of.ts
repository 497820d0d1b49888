/** The runner's paired comparisons: which one stands for a point of the report and its baseline. */
import type { Pair } from '../experiments/comparison.js'
import type { PointValue } from '../experiments/experiment.js'
import type { Report } from './report.js'

interface Compared extends Pick<Pair, 'flow' | 'metric' | 'statistic'> {
  readonly model: string
  readonly values: Readonly<Record<string, PointValue>>
}

/** Undefined where none was made: of measured rows, and of a single replication. */
export function pairOf({ pairs }: Pick<Report, 'pairs'>, baseline: string, compared: Compared): Pair | undefined {
  const { model: _, ...others } = compared.values
  return pairs?.find(
    (one) =>
      one.a === baseline &&
      one.b === compared.model &&
      one.flow === compared.flow &&
      one.metric === compared.metric &&
      one.statistic === compared.statistic &&
      sameValues(JSON.parse(one.point) as Record<string, unknown>, others),
  )
}

function sameValues(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
