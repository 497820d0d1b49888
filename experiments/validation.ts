/** Predictions beside a data set's held-out measurements: how far they lie apart, against how far the measurement lies from itself. */
import type { Profile } from '../models/index.js'
import { mean, quantile } from '../sim/index.js'
import type { Experiment } from './experiment.js'
import type { Metric, Row } from './rows.js'
import { type RunOptions, runExperiment } from './runner.js'

/** Measured rows with the experiments that they were measured for: a data set, or one experiment with what data sets hold for it. */
export interface Evidence {
  readonly name: string
  readonly experiments: readonly Experiment[]
  readonly rows: readonly Row[]
}

/** One held-out figure, predicted and measured. */
export interface Comparison {
  readonly experiment: string
  readonly point: string
  readonly flow: string
  readonly metric: Metric
  readonly statistic: string
  readonly unit: string
  readonly measured: number
  /** How far the measurement lies from itself (half-width of its repeats), in `unit`; null where unknown. */
  readonly measuredHalfWidth: number | null
  readonly predicted: number
  readonly predictedHalfWidth: number
  /** (predicted - measured) / measured. */
  readonly error: number
}

/** FORMATS, `validate`: one line a metric and statistic; errors are absolute relative ones. */
export interface ValidationSummary {
  readonly metric: Metric
  readonly statistic: string
  readonly points: number
  readonly medianError: number
  readonly worstError: number
  readonly worstPoint: string
  /** Median relative half-width of the measurements; null where none has one. */
  readonly repeatability: number | null
  /** Share of the points whose measured value lies in the prediction's total interval, widened by the measurement's own. */
  readonly coverage: number
  /** Median relative half-width of the predictions. */
  readonly medianHalfWidth: number
}

export interface Validation {
  readonly summary: readonly ValidationSummary[]
  readonly comparisons: readonly Comparison[]
}

/** What is compared, where both sides hold it. */
const compared: readonly (readonly [Metric, string])[] = [
  ['latency', 'p50'],
  ['latency', 'p99'],
  ['latency', 'mean'],
]

/**
 * Predicts the held-out points and compares.
 * @throws RangeError where a held-out row is one that the profile was fitted to, or where there is none
 */
export async function validateDataSet({ name, experiments, rows }: Evidence, profile: Profile, options: RunOptions): Promise<Validation> {
  const heldOut = rows.filter((row) => row.role === 'held-out' && row.level === 'point')
  const seen = new Set(profile.fitRows)
  const leaked = heldOut.find((row) => seen.has(row.rowId))
  if (leaked)
    throw new RangeError(`${leaked.experiment} ${leaked.point}: profile ${profile.name} was fitted to this row; it is no held-out evidence`)
  if (heldOut.length === 0) throw new RangeError(`${name}: no held-out rows to compare with`)
  const comparisons: Comparison[] = []
  for (const experiment of experiments) comparisons.push(...(await compareOne(experiment, heldOut, profile, options)))
  return { summary: summarize(comparisons), comparisons }
}

async function compareOne(experiment: Experiment, heldOut: readonly Row[], profile: Profile, options: RunOptions): Promise<Comparison[]> {
  const measured = heldOut.filter((row) => row.experiment === experiment.name)
  const points = new Set(measured.map((row) => row.point))
  if (points.size === 0) return []
  const { rows } = await runExperiment({ ...experiment, points: experiment.points.filter(({ id }) => points.has(id)) }, profile, options)
  const predicted = new Map(rows.filter((row) => row.level === 'point').map((row) => [place(row), row]))
  return measured.flatMap((row) => {
    const other = predicted.get(place(row))
    if (other === undefined || !compared.some(([metric, statistic]) => row.metric === metric && row.statistic === statistic)) return []
    const { experiment: name, point, flow, metric, statistic, unit } = row
    return [
      {
        experiment: name,
        point,
        flow,
        metric,
        statistic,
        unit,
        measured: row.value,
        measuredHalfWidth: row.halfWidth,
        predicted: other.value,
        predictedHalfWidth: other.halfWidth ?? 0,
        error: (other.value - row.value) / row.value,
      },
    ]
  })
}

const place = ({ point, flow, metric, statistic }: Row) => JSON.stringify([point, flow, metric, statistic])

export function summarize(comparisons: readonly Comparison[]): ValidationSummary[] {
  return compared.flatMap(([metric, statistic]) => {
    const own = comparisons.filter((one) => one.metric === metric && one.statistic === statistic)
    if (own.length === 0) return []
    const worst = own.reduce((a, b) => (Math.abs(b.error) > Math.abs(a.error) ? b : a))
    const spreads = own.flatMap((one) => (one.measuredHalfWidth === null ? [] : [one.measuredHalfWidth / one.measured]))
    const isCovered = (one: Comparison) =>
      Math.abs(one.predicted - one.measured) <= Math.sqrt(one.predictedHalfWidth ** 2 + (one.measuredHalfWidth ?? 0) ** 2)
    return [
      {
        metric,
        statistic,
        points: own.length,
        medianError: quantile(
          own.map((one) => Math.abs(one.error)),
          0.5,
        ),
        worstError: Math.abs(worst.error),
        worstPoint: `${worst.experiment} ${worst.point}`,
        repeatability: spreads.length === 0 ? null : quantile(spreads, 0.5),
        coverage: mean(own.map((one) => (isCovered(one) ? 1 : 0))),
        medianHalfWidth: quantile(
          own.map((one) => one.predictedHalfWidth / one.predicted),
          0.5,
        ),
      },
    ]
  })
}
