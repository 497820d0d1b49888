/** Everything that figures, tables, page and terminal are written from: rows joined, once, for one experiment. */
import type { Pair, PointPair } from '../experiments/comparison.js'
import type { Experiment } from '../experiments/experiment.js'
import type { ExperimentFile } from '../experiments/experiment-file.js'
import type { Row } from '../experiments/rows.js'
import type { Sensitivity } from '../experiments/sensitivities.js'
import type { StageRow } from '../experiments/store/index.js'
import type { PointTrace } from '../experiments/traces.js'
import type { Profile } from '../models/profiles/profile.js'
import { type Cell, joinRows } from './cells.js'
import { headStatistic } from './head-statistic.js'
import { evidenceOf, type WorkloadEvidence } from './trust.js'
import { type Warning, warningsOf } from './warnings.js'

export interface ReportInput {
  readonly experiment: Experiment
  /** Simulated, measured and published rows of one experiment, runs and points. */
  readonly rows: readonly Row[]
  readonly stages: readonly StageRow[]
  readonly profile: Profile | null
  /** Paired differences between models; without them, differences of the rows with half-widths added in quadrature. */
  readonly pairs?: readonly Pair[]
  /** Paired differences between points of one model (point-pairs.ts); without them the answer names no step and compares no panels. */
  readonly pointPairs?: readonly PointPair[]
  /** One message of each network model step by step, at its first point; without them, no timeline and no split by direction or core. */
  readonly traces?: readonly PointTrace[]
  /** How far predictions move with the profile's coefficients. */
  readonly sensitivities?: readonly Sensitivity[]
  /** BibTeX for what was used. */
  readonly citation?: string
  /** The command that makes these results again. */
  readonly command: string
  /** The experiment file; the page shows it beside the numbers and changes it in what-if. */
  readonly file?: ExperimentFile
  /** Warnings of whoever made the rows, to stand with the report's own. */
  readonly warnings?: readonly string[]
}

export interface Report extends ReportInput {
  readonly cells: readonly Cell[]
  readonly flows: readonly string[]
  /** The model that the others are compared with. */
  readonly baseline: string
  /** Of each kind of workload, what its predictions were held beside. */
  readonly evidence: readonly WorkloadEvidence[]
  readonly allWarnings: readonly Warning[]
}

export function prepareReport(input: ReportInput): Report {
  const { experiment } = input
  const joined = joinRows(experiment, input.rows, input.profile?.fitRows ?? [])
  const flows = [...new Set(joined.cells.map((cell) => cell.flow))]
  const baseline = experiment.baseline ?? experiment.models[0] ?? ''
  return {
    ...input,
    cells: joined.cells,
    flows,
    baseline,
    evidence: evidenceOf(experiment, joined.cells, input.profile, headStatistic(joined)),
    allWarnings: [
      ...(input.warnings ?? []).map((text): Warning => ({ text, point: null })),
      ...warningsOf(experiment, joined, input.profile),
    ],
  }
}
