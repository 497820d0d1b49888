/** Measured points beside their predictions and beside the baselines: the join that a validation is. */
import type { Flow, Profile, Workload } from '../../models/index.js'
import type { Metric, Role, Row } from '../rows.js'
import { type FittedPoint, fittedPoints, linear, nearest } from './baselines.js'
import { comparedStatistics, type Evidence, type MeasuredPoint, type Standing } from './evidence.js'
import { pathInWords } from './path.js'

/** One measured figure beside what was predicted for it; values in `unit`, errors relative to the measured value and signed. */
export interface Comparison {
  readonly rowId: string
  readonly experiment: string
  readonly point: string
  readonly model: string
  readonly flow: string
  readonly path: string
  readonly messageBytes: number
  readonly workload: Workload['kind']
  /** What the plan said, and what it may count as for this profile. */
  readonly role: Role
  readonly standing: Standing
  readonly metric: Metric
  readonly statistic: string
  readonly unit: string
  readonly measured: number
  /** How far the same measurement lies from itself (half of the interval that its runs give); null for a single run. */
  readonly measuredHalfWidth: number | null
  readonly predicted: number
  /** Half of the total 95 % interval: chance and the profile's covariance. */
  readonly predictedHalfWidth: number
  readonly error: number
  /** Whether the two differ by no more than their intervals together (in quadrature). */
  readonly inside: boolean
  /** A timer decides this latency. */
  readonly stalls: boolean
  readonly baselines: {
    readonly nearest: BaselineError | null
    readonly linear: BaselineError | null
    /** M/G/1 has nothing to say before there is a load: ping-pong keeps one message under way. */
    readonly queue: null
  }
}

export interface BaselineError {
  readonly predicted: number
  readonly error: number
  readonly from: string
}

/** Latency, ns, that only a timer makes. */
const STALL_NS = 1e6

/** Joins each measured row with the prediction of its point; a row without one is left out. In the order in which they are read. */
export function compareWithPredictions(
  measured: readonly MeasuredPoint[],
  predictions: readonly Row[],
  known: readonly Evidence[],
  profile: Profile,
): Comparison[] {
  const predicted = new Map(predictions.map((row) => [place(row), row]))
  const fitted = new Map<string, FittedPoint[]>(comparedStatistics.map((statistic) => [statistic, fittedPoints(known, profile, statistic)]))
  const comparisons = measured.flatMap((one) => {
    const prediction = predicted.get(place(one.row))
    return prediction === undefined ? [] : [compareOne(one, prediction, fitted.get(one.row.statistic)!)]
  })
  return comparisons.sort(byReading)
}

const standings: readonly Standing[] = ['held-out', 'fitted', 'no role']

/** By statistic, held-out points first, then by path and size. */
function byReading(a: Comparison, b: Comparison): number {
  const statistic = ({ statistic: name }: Comparison) => comparedStatistics.indexOf(name)
  const difference =
    statistic(a) - statistic(b) || standings.indexOf(a.standing) - standings.indexOf(b.standing) || compareText(a.path, b.path)
  return difference || a.messageBytes - b.messageBytes || compareText(a.rowId, b.rowId)
}

const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

const place = ({ experiment, point, flow, metric, statistic }: Row) => JSON.stringify([experiment, point, flow, metric, statistic])

/** A load and a start are no sum of what a path has. */
function hasBaselines({ metric }: Row, { workload }: Flow): boolean {
  return metric === 'latency' || workload.kind === 'connect' || workload.kind === 'http'
}

function compareOne({ row, scenario, flow, standing }: MeasuredPoint, prediction: Row, fitted: readonly FittedPoint[]): Comparison {
  const errorOf = (value: number) => (value - row.value) / row.value
  const baseline = (make: typeof nearest): BaselineError | null => {
    const made = standing === 'fitted' || !hasBaselines(row, flow) ? null : make(scenario, flow, fitted)
    return made === null ? null : { predicted: made.predictedNs, error: errorOf(made.predictedNs), from: made.from }
  }
  const predictedHalfWidth = prediction.halfWidth ?? 0
  return {
    rowId: row.rowId,
    experiment: row.experiment,
    point: row.point,
    model: row.model,
    flow: row.flow,
    path: pathInWords(scenario, flow),
    messageBytes: flow.workload.messageBytes,
    workload: flow.workload.kind,
    role: row.role,
    standing,
    metric: row.metric,
    statistic: row.statistic,
    unit: row.unit,
    measured: row.value,
    measuredHalfWidth: row.halfWidth,
    predicted: prediction.value,
    predictedHalfWidth,
    error: errorOf(prediction.value),
    inside: Math.abs(prediction.value - row.value) <= Math.sqrt(predictedHalfWidth ** 2 + (row.halfWidth ?? 0) ** 2),
    stalls: row.metric !== 'start-up' && row.metric !== 'throughput' && row.value > STALL_NS,
    baselines: { nearest: baseline(nearest), linear: baseline(linear), queue: null },
  }
}
