import type { FigureName } from '../../experiments/experiment.js'
import { FIGURES } from '../../experiments/schema/document.js'
import type { Report } from '../report.js'
import type { ReportFigure } from './report-figures.js'

/** A figure of the experiment's `report` list that its rows could not fill, and why. */
export interface UndrawnFigure {
  readonly figure: FigureName
  readonly reason: string
}

/** What each figure's data function found missing when it drew nothing. */
const reasons: Readonly<Record<FigureName, string>> = {
  'latency-by-size': 'fewer than two points have a latency',
  'latency-cdf': 'no row holds a distribution',
  'latency-tail': 'no row holds quantiles beyond the median',
  'latency-load': 'no rate of an open loop is swept',
  throughput: 'fewer than two network models have a throughput',
  'stage-breakdown': 'no stages were simulated',
  'stage-waterfall': 'nothing was simulated beside the baseline',
  'processor-time': 'no message was traced',
  timeline: 'no message was traced',
  validation: 'fewer than two points were both predicted and measured',
  residuals: 'fewer than two points were both predicted and measured',
  ranks: 'fewer than two network models have a latency',
  published: 'no study that ships compares two of these network models under this traffic',
  sensitivity: 'nothing was simulated',
}

export function undrawnFigures({ experiment }: Report, drawn: readonly ReportFigure[]): UndrawnFigure[] {
  const kinds = new Set(drawn.map(({ kind }) => kind))
  const alsoDraws = (figure: FigureName): boolean =>
    (figure === 'stage-breakdown' && kinds.has('stage-differences')) || (figure === 'throughput' && kinds.has('throughput-by-size'))
  return experiment.report.flatMap((figure) => (kinds.has(figure) || alsoDraws(figure) ? [] : [{ figure, reason: reasons[figure] }]))
}

/** Those that the file asks for by name: without a `report` list it gets all that its rows can fill, and misses nothing. */
export function missedFigures({ experiment }: Report, undrawn: readonly UndrawnFigure[]): readonly UndrawnFigure[] {
  return experiment.report.length < FIGURES.length ? undrawn : []
}
