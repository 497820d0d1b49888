import type { Row, Source } from '../../experiments/rows.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { estimate, significant } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './stage-breakdown-data.js'

export interface CdfLinePoint {
  readonly model: string
  readonly us: number
  readonly depth: number
}

export interface CdfMark {
  readonly model: string
  readonly source: Source
  readonly depth: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly description: string
}

export interface LatencyCdfData extends ShownModels {
  readonly title: string
  readonly lines: readonly CdfLinePoint[]
  readonly marks: readonly CdfMark[]
  readonly place: string
}

/**
 * How deep in the tail a quantile lies: 0 at the fastest message, 1 at p90, 2 at p99, 3 at p99.9. On this axis body and tail have equal room.
 */
export function depthOf(share: number): number {
  return -Math.log10(1 - share)
}

/** The quantile that a statistic's name means: `p99.9` is 0.999; null for `mean` and others. */
export function shareOf(statistic: string): number | null {
  const match = /^p(\d+(?:\.\d+)?)$/.exec(statistic)
  if (!match) return null
  const share = Number(match[1]) / 100
  return share < 1 ? share : null
}

/** Latency distributions at the first point of each model; null where the rows hold neither sketches nor quantiles. */
export function latencyCdfData(report: Report, flow: string): LatencyCdfData | null {
  const heads = headPoints(report)
  const unit = displayUnit('latency')
  const cells = report.cells.filter((cell) => cell.flow === flow && cell.metric === 'latency' && heads.get(cell.model) === cell.point)
  const lines: CdfLinePoint[] = []
  const marks: CdfMark[] = []
  const drawn = new Set<string>()
  for (const cell of cells) {
    const sketch = cell.simulated?.sketch
    if (sketch && !drawn.has(cell.model)) {
      drawn.add(cell.model)
      lines.push(...lineOf(cell.model, LatencySketch.decode(sketch), cell.simulated!.messages, unit.perUnit))
    }
    const share = shareOf(cell.statistic)
    if (share === null) continue
    for (const row of [cell.simulated, cell.measured, cell.published]) if (row) marks.push(markOf(row, share, unit.perUnit))
  }
  if (marks.length === 0 && lines.length === 0) return null
  const place = headPlace(report, flow)
  const { models } = report.experiment
  return {
    title: `How is latency distributed${place === '' ? '' : ` at ${place}`}?`,
    palette: models,
    models: models.filter((model) => marks.some((mark) => mark.model === model) || drawn.has(model)),
    lines,
    marks,
    place,
  }
}

/** Quantiles at steps of 1/20 in depth, as deep as a hundred messages still lie beyond. */
function lineOf(model: string, sketch: LatencySketch, messages: number, nsPerUnit: number): CdfLinePoint[] {
  const deepest = Math.max(1, Math.log10(messages / 100))
  const points: CdfLinePoint[] = []
  for (let step = 0; step / 20 <= deepest; step++) {
    const depth = step / 20
    points.push({ model, depth, us: sketch.quantile(1 - 10 ** -depth) / nsPerUnit })
  }
  return points
}

function markOf(row: Row, share: number, nsPerUnit: number): CdfMark {
  const value = row.value / nsPerUnit
  const half = row.halfWidth === null ? null : row.halfWidth / nsPerUnit
  return {
    model: row.model,
    source: row.source,
    depth: depthOf(share),
    value,
    low: value - (half ?? 0),
    high: value + (half ?? 0),
    description: `${row.model}, ${row.source}, ${significant(share * 100, 4)} %: ${estimate(value, half)} µs`,
  }
}
