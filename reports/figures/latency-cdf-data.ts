import { isMessageTime, type Source } from '../../experiments/rows.js'
import { dkwHalfWidth } from '../../sim/statistics/dkw-band.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { significant } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'

export interface CdfPoint {
  readonly model: string
  readonly source: Source
  /** Share of messages that are at most this slow, per cent, with its confidence band. */
  readonly percent: number
  readonly low: number
  readonly high: number
  readonly us: number
  readonly description: string
}

export interface LatencyCdfData extends ShownModels {
  readonly title: string
  /** Predicted: a curve. Measured: its points at every twentieth. */
  readonly curves: readonly CdfPoint[]
  readonly marks: readonly CdfPoint[]
  /** Where the axis ends: the 98th percentile of the slowest model; beyond, the tail has a figure of its own. */
  readonly mostUs: number
  readonly place: string
}

const LAST_SHARE = 0.98
const CURVE_STEPS = 200
const MARK_STEPS = 20

/** Empirical distribution functions at the first point of each model; null where no row carries a histogram. */
export function latencyCdfData(report: Report, flow: string): LatencyCdfData | null {
  const heads = headPoints(report)
  const { perUnit } = displayUnit('latency')
  const curves: CdfPoint[] = []
  const marks: CdfPoint[] = []
  const ends: number[] = []
  for (const cell of report.cells) {
    if (cell.flow !== flow || !isMessageTime(cell.metric) || cell.statistic !== 'p50' || heads.get(cell.model) !== cell.point) continue
    for (const row of [cell.simulated, cell.measured]) {
      if (!row?.sketch) continue
      const sketch = LatencySketch.decode(row.sketch)
      const isCurve = row.source === 'simulated' || !cell.simulated?.sketch
      if (isCurve) curves.push(...pointsOf(cell.model, row.source, sketch, CURVE_STEPS, perUnit))
      else marks.push(...pointsOf(cell.model, row.source, sketch, MARK_STEPS, perUnit).slice(1, -1))
      ends.push(sketch.quantile(LAST_SHARE) / perUnit)
    }
  }
  if (curves.length === 0) return null
  const place = headPlace(report, flow)
  const { models } = report.experiment
  return {
    title: `How is latency distributed${place === '' ? '' : ` at ${place}`}?`,
    palette: models,
    models: models.filter((model) => curves.some((point) => point.model === model)),
    curves,
    marks,
    mostUs: Math.max(...ends),
    place,
  }
}

function pointsOf(model: string, source: Source, sketch: LatencySketch, steps: number, nsPerUnit: number): CdfPoint[] {
  const band = dkwHalfWidth(sketch.count)
  return Array.from({ length: steps + 1 }, (_, i): CdfPoint => {
    const share = i / steps
    const us = (share === 0 ? sketch.minNs : sketch.quantile(share)) / nsPerUnit
    return {
      model,
      source,
      percent: share * 100,
      low: Math.max(0, share - band) * 100,
      high: Math.min(1, share + band) * 100,
      us,
      description: `${model}, ${source}: ${significant(share * 100, 3)} % within ${significant(us, 3)} µs`,
    }
  })
}
