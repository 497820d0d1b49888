/** Rows joined: one cell per (point, flow, metric, statistic), with what each source says about it. A validation is this join. */
import { campaignNumber } from '../experiments/campaign-name.js'
import type { Experiment, PointValue } from '../experiments/experiment.js'
import type { Metric, Row, Source } from '../experiments/rows.js'

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
  const fitPoints = new Set(rows.filter((row) => fit.has(row.rowId)).map(cellKey))
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
  const cells = [...groups].map(([key, offered]): Cell => {
    const bestOf = (source: Source): Row | null => {
      const [best, next] = offered.filter((row) => row.source === source).sort((a, b) => (isBetter(experiment, a, b) ? -1 : 1))
      if (best && next && next.rowId !== best.rowId && isEquallyGood(experiment, best, next)) contested++
      return best ?? null
    }
    const simulated = bestOf('simulated')
    const measured = bestOf('measured')
    const published = bestOf('published')
    const row = (simulated ?? measured ?? published)!
    const fitted = measured !== null && (measured.role === 'fit' || fitPoints.has(key))
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

const cellKey = (row: Row): string => JSON.stringify([row.point, row.flow, row.metric, row.statistic])

/** What was measured for this very experiment comes first: it is the reader's own machine. Then what was taken over most runs, then the latest. */
function isBetter(experiment: Experiment, row: Row, rival: Row): boolean {
  const [own, rivalOwn] = [row, rival].map(({ campaign }) => campaignNumber(experiment.name, campaign) ?? 0) as [number, number]
  if (own > 0 !== rivalOwn > 0) return own > 0
  if (row.runs !== rival.runs) return row.runs > rival.runs
  if (own !== rivalOwn) return own > rivalOwn
  return `${row.campaign ?? ''}${row.rowId}` > `${rival.campaign ?? ''}${rival.rowId}`
}

function isEquallyGood(experiment: Experiment, row: Row, rival: Row): boolean {
  const isOwn = ({ campaign }: Row): boolean => campaignNumber(experiment.name, campaign) !== null
  return row.runs === rival.runs && isOwn(row) === isOwn(rival)
}

/** What stands for a cell where one number must: the prediction, else the measurement, else what was published. */
export function mainRow(cell: Cell): Row {
  return (cell.simulated ?? cell.measured ?? cell.published)!
}

/** Predicted against measured, as a share of the measured value; null where one of them is missing. */
export function relativeError(cell: Cell): number | null {
  return cell.simulated && cell.measured ? (cell.simulated.value - cell.measured.value) / cell.measured.value : null
}

/** The measurement's own uncertainty as a share of its value; null where unknown. */
export function relativeSpread(cell: Cell): number | null {
  return cell.measured && cell.measured.halfWidth !== null ? cell.measured.halfWidth / cell.measured.value : null
}
