import { isMessageTime, type Row, type Source } from '../../experiments/rows.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { estimate, significant } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'

export interface TailPoint {
  readonly model: string
  readonly depth: number
  readonly us: number
  /** Interval of the quantile by order statistics, as if messages were independent. */
  readonly low: number
  readonly high: number
}

export interface TailMark {
  readonly model: string
  readonly source: Source
  readonly depth: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly description: string
}

export interface LatencyTailData extends ShownModels {
  readonly title: string
  readonly lines: readonly TailPoint[]
  readonly marks: readonly TailMark[]
  readonly place: string
}

/** How deep in the tail a quantile lies: 1 at p90, 2 at p99, 3 at p99.9. On this axis each further nine has equal room. */
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

/** A quantile is drawn while at least so many messages lie beyond it: their number scatters by a fifth then. */
const LEAST_BEYOND = 20
const FIRST_DEPTH = Math.log10(2)
const LAST_DEPTH = 4
const STEPS_PER_NINE = 20
/** Quantile of the normal distribution for a two-sided 95 % interval. */
const NORMAL_QUANTILE = 1.959963984540054

function deepest(messages: number): number {
  return Math.min(LAST_DEPTH, Math.log10(messages / LEAST_BEYOND))
}

/** Tails of the latency distributions at the first point of each model; null where the rows hold neither sketches nor quantiles that the count carries. */
export function latencyTailData(report: Report, flow: string): LatencyTailData | null {
  const heads = headPoints(report)
  const unit = displayUnit('latency')
  const cells = report.cells.filter((cell) => cell.flow === flow && isMessageTime(cell.metric) && heads.get(cell.model) === cell.point)
  const lines: TailPoint[] = []
  const marks: TailMark[] = []
  const drawn = new Set<string>()
  for (const cell of cells) {
    const sketch = cell.simulated?.sketch
    if (sketch && !drawn.has(cell.model)) {
      const line = lineOf(cell.model, LatencySketch.decode(sketch), unit.perUnit)
      if (line.length > 1) {
        drawn.add(cell.model)
        lines.push(...line)
      }
    }
    const share = shareOf(cell.statistic)
    if (share === null || share < 0.5) continue
    for (const row of [cell.simulated, cell.measured])
      if (row && depthOf(share) <= deepest(row.messages) + 1e-9) marks.push(markOf(row, share, unit.perUnit))
  }
  if (marks.length === 0 && lines.length === 0) return null
  const place = headPlace(report, flow)
  const { models } = report.experiment
  return {
    title: `How slow are the slowest messages${place === '' ? '' : ` at ${place}`}?`,
    palette: models,
    models: models.filter((model) => marks.some((mark) => mark.model === model) || drawn.has(model)),
    lines,
    marks,
    place,
  }
}

/** Quantiles at steps of 1/20 of a nine with the order statistics on both sides that enclose them 95 times in 100. */
function lineOf(model: string, sketch: LatencySketch, nsPerUnit: number): TailPoint[] {
  const last = deepest(sketch.count)
  const depths = [FIRST_DEPTH]
  for (let step = Math.ceil(FIRST_DEPTH * STEPS_PER_NINE); step / STEPS_PER_NINE <= last; step++) depths.push(step / STEPS_PER_NINE)
  return depths
    .filter((depth) => depth <= last)
    .map((depth) => {
      const share = 1 - 10 ** -depth
      const reach = NORMAL_QUANTILE * Math.sqrt((share * (1 - share)) / sketch.count)
      const at = (p: number): number => sketch.quantile(Math.min(1, Math.max(0, p))) / nsPerUnit
      return { model, depth, us: at(share), low: at(share - reach), high: at(share + reach) }
    })
}

function markOf(row: Row, share: number, nsPerUnit: number): TailMark {
  const value = row.value / nsPerUnit
  const half = row.halfWidth === null ? null : row.halfWidth / nsPerUnit
  return {
    model: row.model,
    source: row.source,
    depth: depthOf(share),
    value,
    low: value - (half ?? 0),
    high: value + (half ?? 0),
    description: `${row.model}, ${row.source}, p${significant(share * 100, 4).replace(/\.?0+$/, '')}: ${estimate(value, half)} µs`,
  }
}
