import { isMessageTime, type Source } from '../../experiments/rows.js'
import { dkwHalfWidth } from '../../sim/statistics/dkw-band.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { significant } from '../format/estimate.js'
import { type DisplayUnit, displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'
import { messageWord } from './stage-breakdown-data.js'

export interface CdfPoint {
  readonly model: string
  readonly source: Source
  /** Share of messages that are at most this slow, per cent, with its confidence band. */
  readonly percent: number
  readonly low: number
  readonly high: number
  /** In the figure's unit. */
  readonly value: number
  readonly description: string
}

export interface LatencyCdfData extends ShownModels {
  readonly title: string
  /** What is distributed: `latency`, `response time`; with its unit. */
  readonly quantity: string
  readonly unit: DisplayUnit
  /** What each of them is of: `messages`, `connections`. */
  readonly counted: string
  /** Predicted: a curve. Measured: its points at every twentieth. */
  readonly curves: readonly CdfPoint[]
  readonly marks: readonly CdfPoint[]
  /** Where the axis ends: the 98th percentile of the slowest model; beyond, the tail has a figure of its own. */
  readonly most: number
  readonly place: string
}

const LAST_SHARE = 0.98
const CURVE_STEPS = 200
const MARK_STEPS = 20

/** Empirical distribution functions at the first point of each model; null where no row carries a histogram. */
export function latencyCdfData(report: Report, flow: string): LatencyCdfData | null {
  const heads = headPoints(report)
  const cells = report.cells.filter(
    (cell) => cell.flow === flow && isMessageTime(cell.metric) && cell.statistic === 'p50' && heads.get(cell.model) === cell.point,
  )
  const metric = cells[0]?.metric ?? 'latency'
  const unit = displayUnit(metric)
  const curves: CdfPoint[] = []
  const marks: CdfPoint[] = []
  const ends: number[] = []
  for (const cell of cells) {
    for (const row of [cell.simulated, cell.measured]) {
      if (!row?.sketch) continue
      const sketch = LatencySketch.decode(row.sketch)
      const isCurve = row.source === 'simulated' || !cell.simulated?.sketch
      if (isCurve) curves.push(...pointsOf(cell.model, row.source, sketch, CURVE_STEPS, unit))
      else marks.push(...pointsOf(cell.model, row.source, sketch, MARK_STEPS, unit).slice(1, -1))
      ends.push(sketch.quantile(LAST_SHARE) / unit.perUnit)
    }
  }
  if (curves.length === 0) return null
  const place = headPlace(report, flow)
  const quantity = metric === 'start-up' ? 'the time of a start' : metric.replace('-', ' ')
  const { models } = report.experiment
  return {
    title: `How is ${quantity} distributed${place === '' ? '' : ` at ${place}`}?`,
    quantity: metric.replace('response-', 'response '),
    unit,
    counted: messageWord(report),
    palette: models,
    models: models.filter((model) => curves.some((point) => point.model === model)),
    curves,
    marks,
    most: Math.max(...ends),
    place,
  }
}

function pointsOf(model: string, source: Source, sketch: LatencySketch, steps: number, { perUnit, name }: DisplayUnit): CdfPoint[] {
  const band = dkwHalfWidth(sketch.count)
  return Array.from({ length: steps + 1 }, (_, i): CdfPoint => {
    const share = i / steps
    const value = (share === 0 ? sketch.minNs : sketch.quantile(share)) / perUnit
    return {
      model,
      source,
      percent: share * 100,
      low: Math.max(0, share - band) * 100,
      high: Math.min(1, share + band) * 100,
      value,
      description: `${model}, ${source}: ${significant(share * 100, 3)} % within ${significant(value, 3)} ${name}`,
    }
  })
}
