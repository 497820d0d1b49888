/** Measured points with the scenario of each, and what they may count as for a profile. */
import type { Flow, Profile, Scenario } from '../../models/index.js'
import { canonicalJson } from '../canonical-json.js'
import type { Experiment, Point } from '../experiment.js'
import { isMessageTime, type Row } from '../rows.js'
import { rowsWereFitted } from './messages.js'

/** Measured rows with the experiments that they were measured for: a data set, or one experiment with what data sets hold for it. */
export interface Evidence {
  readonly name: string
  readonly experiments: readonly Experiment[]
  readonly rows: readonly Row[]
}

/**
 * `held-out`: the plan said so before the measurement, and no fit saw the scenario. `fitted`: the fit saw it, in this measurement or in
 * another one of the same scenario. `no role`: the plan named none; it is shown and never counted.
 */
export type Standing = 'held-out' | 'fitted' | 'no role'

export interface MeasuredPoint {
  readonly experiment: Experiment
  readonly point: Point
  readonly scenario: Scenario
  readonly flow: Flow
  readonly standing: Standing
  /** One row of level `point`. */
  readonly row: Row
}

/** What is compared: latency's statistics that both worlds hold for every point; of a stream, the mean of its throughput. */
export const comparedStatistics: readonly string[] = ['p50', 'p99', 'mean']

/** The point rows of the compared statistics, each with its scenario; rows of points that the experiments no longer have are left out. */
export function measuredPoints({ experiments, rows }: Evidence): Omit<MeasuredPoint, 'standing'>[] {
  const placed = new Map(
    experiments.flatMap((experiment) =>
      experiment.points.map((point) => [`${experiment.name}\n${point.id}`, { experiment, point }] as const),
    ),
  )
  return rows.flatMap((row) => {
    const place = placed.get(`${row.experiment}\n${row.point}`)
    const flow = place?.point.scenario.flows[row.flow]
    const isCompared =
      row.level === 'point' && (isMessageTime(row.metric) || row.metric === 'throughput') && comparedStatistics.includes(row.statistic)
    return place === undefined || flow === undefined || !isCompared ? [] : [{ ...place, scenario: place.point.scenario, flow, row }]
  })
}

/** Canonical scenarios that a profile's fit saw, as far as the given evidence holds their rows. */
export function fittedScenarios(known: readonly Evidence[], profile: Profile): Set<string> {
  const ids = new Set(profile.fitRows)
  return new Set(known.flatMap(measuredPoints).flatMap(({ row, scenario }) => (ids.has(row.rowId) ? [canonicalJson(scenario)] : [])))
}

/**
 * Says what each measured point counts as.
 * @param known every set in which rows of the fit may be found
 * @throws ValidationRefusal where a row that is called held-out is one that the profile was fitted to
 */
export function standingsOf(evidence: Evidence, known: readonly Evidence[], profile: Profile): MeasuredPoint[] {
  const ids = new Set(profile.fitRows)
  const leaked = evidence.rows.filter(({ role, rowId }) => role === 'held-out' && ids.has(rowId))
  if (leaked.length > 0)
    throw rowsWereFitted(
      profile.name,
      leaked.map(({ rowId }) => rowId),
    )
  const fitted = fittedScenarios([evidence, ...known], profile)
  return measuredPoints(evidence).map((measured) => ({ ...measured, standing: standingOf(measured, fitted) }))
}

function standingOf({ row, scenario }: Omit<MeasuredPoint, 'standing'>, fitted: ReadonlySet<string>): Standing {
  if (row.role === 'fit' || fitted.has(canonicalJson(scenario))) return 'fitted'
  return row.role === 'held-out' ? 'held-out' : 'no role'
}
