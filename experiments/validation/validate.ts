/** Predicts what was measured and compares: the whole of a validation that needs no new measurement. */
import type { Profile } from '../../models/index.js'
import type { Experiment } from '../experiment.js'
import type { Row } from '../rows.js'
import { type Ablation, noAblation } from './ablation.js'
import { type Comparison, compareWithPredictions } from './comparison.js'
import { type Evidence, type MeasuredPoint, type Standing, standingsOf } from './evidence.js'
import { nothingHeldOut } from './messages.js'
import { type PredictOptions, predict } from './predict.js'

export interface Validated {
  readonly comparisons: readonly Comparison[]
  /** The measured rows and their predictions. */
  readonly rows: readonly Row[]
}

/**
 * @param known every set in which rows of the fit may be found: they make the baselines
 * @throws ValidationRefusal where a held-out row was fitted to, or where nothing is held out
 */
export async function validateEvidence(
  evidence: Evidence,
  known: readonly Evidence[],
  profile: Profile,
  options: PredictOptions,
  ablation: Ablation = noAblation,
): Promise<Validated> {
  const measured = standingsOf(evidence, known, profile)
  if (measured.every(({ standing }) => standing !== 'held-out'))
    throw nothingHeldOut(evidence.name, { fitted: pointsOf(measured, 'fitted'), withoutRole: pointsOf(measured, 'no role') })
  const predictions: Row[] = []
  for (const experiment of evidence.experiments) {
    const points = new Set(measured.filter((one) => one.experiment === experiment).map((one) => one.point))
    if (points.size > 0) predictions.push(...(await predict(onlyPoints(experiment, points), profile, options, ablation)).rows)
  }
  const comparisons = compareWithPredictions(measured, predictions, known, profile)
  return { comparisons, rows: [...measured.map(({ row }) => row), ...predictions] }
}

function onlyPoints(experiment: Experiment, points: ReadonlySet<Experiment['points'][number]>): Experiment {
  return { ...experiment, points: experiment.points.filter((point) => points.has(point)) }
}

function pointsOf(measured: readonly MeasuredPoint[], wanted: Standing): number {
  return new Set(measured.filter(({ standing }) => standing === wanted).map(({ point }) => point)).size
}
