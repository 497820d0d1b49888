/** A validation as text: every point, then what the points say together. */
import {
  type AblationLine,
  ablations,
  type BoundCheck,
  baselineWords,
  type Comparison,
  nameOf,
  unproven,
  type ValidationSummary,
} from '../../experiments/validation/index.js'
import { estimate, percent } from '../../reports/format/estimate.js'
import { displayUnit } from '../../reports/format/units.js'
import { alignColumns } from './columns.js'

/** The points of each statistic. */
export function pointsInText(comparisons: readonly Comparison[]): string {
  const statistics = [...new Set(comparisons.map(({ metric, statistic }) => `${metric} ${statistic}`))]
  const head = ['path, message', 'measured', 'predicted', '', 'error', 'inside']
  return statistics
    .flatMap((title) => {
      const own = comparisons.filter(({ metric, statistic }) => `${metric} ${statistic}` === title)
      return [title, alignColumns([head, ...own.map(lineOf)], { right: [1, 2, 4] }), '']
    })
    .join('\n')
}

function lineOf(one: Comparison): string[] {
  const { perUnit, ascii } = displayUnit(one.metric)
  const halfWidth = one.measuredHalfWidth === null ? null : one.measuredHalfWidth / perUnit
  return [
    nameOf(one),
    estimate(one.measured / perUnit, halfWidth),
    estimate(one.predicted / perUnit, one.predictedHalfWidth / perUnit),
    ascii,
    one.standing === 'fitted' ? 'fitted' : percent(one.error, { signed: true }),
    one.standing === 'held-out' ? (one.inside ? 'yes' : 'no') : one.standing === 'fitted' ? '' : 'no role: not counted',
  ]
}

export function summaryInText(summary: readonly ValidationSummary[]): string {
  const known = (error: number | null) => (error === null ? '-' : percent(error))
  const head = ['held out', 'points', 'median', 'worst', 'repeats to', 'covered', 'interval', 'nearest', 'linear', 'queue', 'worst point']
  const lines = summary.map((line) => [
    `${line.metric} ${line.statistic}`,
    String(line.points),
    percent(line.medianError),
    percent(line.worstError),
    known(line.repeatability),
    percent(line.coverage, { decimals: 0 }),
    percent(line.medianHalfWidth),
    known(line.baselines.nearest),
    known(line.baselines.linear),
    'n/a',
    line.worstPoint,
  ])
  const stalls = summary.flatMap(({ metric, statistic, points, withoutStalls }) =>
    withoutStalls === null || withoutStalls.points === points
      ? []
      : [
          `${metric} ${statistic} without the ${points - withoutStalls.points} points that a timer decides: median error ${percent(withoutStalls.medianError)}, worst ${percent(withoutStalls.worstError)} (${withoutStalls.points} points)`,
        ],
  )
  return [
    alignColumns([head, ...lines], { right: [1, 2, 3, 4, 5, 6, 7, 8, 9] }),
    ...stalls,
    ...summary.flatMap(baselineWords),
    'nearest: the nearest fitted path; linear: a sum per element and byte, least squares on the same fitted rows; median errors of both',
    'queue: M/G/1 applies under load; ping-pong keeps one message under way',
  ].join('\n')
}

/** Held-out rows whose scenario the fit came to see in another measurement; empty where there are none. */
export function repeatedInText(comparisons: readonly Comparison[]): string {
  const repeated = comparisons.filter(
    ({ role, standing, statistic }) => role === 'held-out' && standing === 'fitted' && statistic === 'p50',
  )
  if (repeated.length === 0) return ''
  const points = repeated.length === 1 ? '1 held-out point is a scenario' : `${repeated.length} held-out points are scenarios`
  return `${points} that the fit saw in another measurement: shown as fitted, not counted\n`
}

export function goalsInText(goals: readonly BoundCheck[]): string {
  return `goals (shown, not enforced: --bound does): ${goals.map(boundInText).join('; ')}`
}

export function boundInText({ of, statistic, most, error, met }: BoundCheck): string {
  const found = error === null ? 'nothing was compared' : met ? 'met' : `missed, ${percent(error)}`
  return `${of} ${statistic} ${percent(most, { decimals: most * 100 === Math.round(most * 100) ? 0 : 1 })}: ${found}`
}

export function ablationInText(lines: readonly AblationLine[]): string {
  const head = ['without', 'statistic', 'median', 'without it', 'worse', 'better', 'of', 'suffers most']
  const rows = lines.map((line) => [
    line.mechanism,
    line.statistic,
    percent(line.medianError),
    percent(line.medianErrorWithout),
    String(line.worse),
    String(line.better),
    String(line.points),
    line.most === null ? '' : `${line.most.point} (+${percent(line.most.by)})`,
  ])
  const names = [...new Set(lines.map(({ mechanism }) => mechanism))]
  const idle = unproven(lines)
  return [
    'ablation: held-out points whose error grows (worse) or shrinks (better) by more than the measurement repeats to',
    alignColumns([head, ...rows], { right: [2, 3, 4, 5, 6] }),
    ...names.map((name) => `${name}: ${ablations[name].meaning}`),
    `unproven (no held-out point gets worse without it): ${idle.length === 0 ? 'none' : idle.join(', ')}`,
  ].join('\n')
}
