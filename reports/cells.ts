/** Rows joined: one cell per (point, flow, metric, statistic), with what each source says about it. A validation is this join. */
import { campaignNumber } from '../experiments/campaign-name.js'
import type { Experiment, PointValue } from '../experiments/experiment.js'
import { processorOf } from '../experiments/machine.js'
import { isMessageTime, type Metric, type Row, type Source } from '../experiments/rows.js'

export interface Cell {
  readonly point: string
  readonly values: Readonly<Record<string, PointValue>>
  readonly flow: string
  readonly model: string
  readonly metric: Metric
  readonly statistic: string
  readonly simulated: Row | null
  readonly measured: Row | null
  readonly published: Row | null
  /** The profile's fit saw this point, so that agreement here is no evidence. */
  readonly fitted: boolean
  /** The plan kept this point from the fit before it was measured, and the fit didn't see it. */
  readonly heldOut: boolean
}

/** So many runs make an estimate of the lower quartile; fewer repeat by luck, two of them to a nanosecond, and what they repeat to is not stated. */
export const LEAST_RUNS = 9

export interface Joined {
  readonly cells: readonly Cell[]
  /** Rows of points that the experiment no longer has. */
  readonly strangers: number
  /** Cells for which several campaigns were equally good: the latest is taken. */
  readonly contested: number
}

/** Cells in sweep order, then by flow, metric and statistic as the rows first bring them. Only aggregates (`level: point`) are joined. */
export function joinRows(experiment: Experiment, rows: readonly Row[], fitRows: readonly string[] = []): Joined {
  const place = new Map(experiment.points.map((point, i) => [point.id, i]))
  const fit = new Set(fitRows)
  const fitPoints = new Set(rows.filter((row) => fit.has(row.rowId)).map(keyOnMachine))
  const groups = new Map<string, Row[]>()
  let strangers = 0
  let contested = 0
  for (const row of rows) {
    // Published rows stand at points of their own: across machines only ratios compare (figures/published-data.ts).
    if (row.level !== 'point' || (row.source === 'published' && !place.has(row.point))) continue
    if (!place.has(row.point)) {
      strangers++
      continue
    }
    const key = cellKey(row)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const cells = [...groups.values()].map((offered): Cell => {
    const bestOf = (source: Source): Row | null => {
      const own = offered.filter((row) => row.source === source)
      const [best, next] = own.sort((a, b) => compareOffers(experiment, a, b) || latest(experiment, a, b))
      if (best && next && next.rowId !== best.rowId && compareOffers(experiment, best, next) === 0) contested++
      return best ?? null
    }
    const simulated = bestOf('simulated')
    const measured = asFarAsKnown(bestOf('measured'))
    const published = bestOf('published')
    const row = (simulated ?? measured ?? published)!
    const fitted = measured !== null && (measured.role === 'fit' || fitPoints.has(keyOnMachine(measured)))
    return {
      point: row.point,
      values: JSON.parse(row.point) as Record<string, PointValue>,
      flow: row.flow,
      model: row.model,
      metric: row.metric,
      statistic: row.statistic,
      simulated,
      measured,
      published,
      fitted,
      heldOut: measured !== null && measured.role === 'held-out' && !fitted,
    }
  })
  cells.sort((a, b) => place.get(a.point)! - place.get(b.point)!)
  return { cells, strangers, contested }
}

/** Half of a row's interval as far as it may be stated; null of few runs. */
export function statedHalfWidth({ source, level, runs, halfWidth }: Row): number | null {
  return source === 'measured' && level === 'point' && runs < LEAST_RUNS ? null : halfWidth
}

function asFarAsKnown(row: Row | null): Row | null {
  if (row === null || statedHalfWidth(row) !== null) return row
  return { ...row, halfWidth: null, halfWidthKind: null, confidence: null }
}

/** A fit saw a point on its own machine alone: what another processor measures there is news to it. */
const keyOnMachine = (row: Row): string => `${cellKey(row)} ${processorOf(row)}`

const cellKey = (row: Row): string => JSON.stringify([row.point, row.flow, row.metric, row.statistic])

/**
 * Of several rows for one cell: what was measured for this very experiment comes first (it is the reader's own machine), then what was taken over
 * most runs. @returns below 0 where `a` comes first, 0 where nothing decides
 */
function compareOffers({ name }: Experiment, a: Row, b: Row): number {
  const own = (row: Row): number => (campaignNumber(name, row.campaign) === null ? 0 : 1)
  return own(b) - own(a) || b.runs - a.runs
}

function latest({ name }: Experiment, a: Row, b: Row): number {
  const number = (row: Row): number => campaignNumber(name, row.campaign) ?? 0
  const label = (row: Row): string => `${row.campaign ?? ''}${row.rowId}`
  return number(b) - number(a) || (label(a) < label(b) ? 1 : -1)
}

/** Where a cell stands in the sweep, whatever its model: what is compared stands at the same place. */
export function withoutModel({ flow, values }: Pick<Cell, 'flow' | 'values'>): string {
  const { model: _, ...others } = values
  return JSON.stringify([flow, others])
}

/** What stands for a cell where one number must: the prediction, else the measurement, else what was published. */
export function mainRow(cell: Cell): Row {
  return (cell.simulated ?? cell.measured ?? cell.published)!
}

/** Whether a cell holds what its point is judged by first: the median of what its messages take; of a stream, what it carries. */
export function isHeadline({ metric, statistic }: Pick<Cell, 'metric' | 'statistic'>): boolean {
  return metric === 'throughput' || (isMessageTime(metric) && statistic === 'p50')
}

/** Predicted against measured, as a share of the measured value; null where one of them is missing. */
export function relativeError(cell: Cell): number | null {
  return cell.simulated && cell.measured ? (cell.simulated.value - cell.measured.value) / cell.measured.value : null
}

/** The measurement's own uncertainty as a share of its value; null where unknown. */
export function relativeSpread(cell: Cell): number | null {
  return cell.measured && cell.measured.halfWidth !== null ? cell.measured.halfWidth / cell.measured.value : null
}
