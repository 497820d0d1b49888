/** A validation as text: every point, then what the points say together. */
import { formatBytes } from '../../experiments/schema/index.js'
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
import { DIGITS_BESIDE_ERROR, estimate, percent } from '../../reports/format/estimate.js'
import { displayUnit } from '../../reports/format/units.js'
import { alignColumns } from './columns.js'

/**
 * The points of each statistic.
 * @param width of the terminal; where it is too narrow for all columns, a path stands above the messages that went along it
 */
export function pointsInText(comparisons: readonly Comparison[], width: number | null): string {
  const statistics = [...new Set(comparisons.map(({ metric, statistic }) => `${metric} ${statistic}`))]
  return statistics
    .flatMap((title) => {
      const own = comparisons.filter(({ metric, statistic }) => `${metric} ${statistic}` === title)
      const table = alignColumns([['path, message', ...HEAD], ...own.map((one) => [nameOf(one), ...figuresOf(one)])], { right: [1, 2, 4] })
      const isWide = width !== null && table.split('\n').some((line) => line.length > width)
      return [title, isWide ? tableByPath(own) : table, '']
    })
    .join('\n')
}

const HEAD = ['measured', 'predicted', '', 'error', 'inside']

function tableByPath(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((one) => [formatBytes(one.messageBytes), ...figuresOf(one)])
  const [head, ...lines] = alignColumns([['message', ...HEAD], ...rows], { right: [1, 2, 4] }).split('\n')
  const grouped = lines.flatMap((line, i) => (comparisons[i - 1]?.path === comparisons[i]!.path ? [line] : [comparisons[i]!.path, line]))
  return [head, ...grouped].join('\n')
}

function figuresOf(one: Comparison): string[] {
  const { perUnit, ascii } = displayUnit(one.metric)
  const halfWidth = one.measuredHalfWidth === null ? null : one.measuredHalfWidth / perUnit
  return [
    estimate(one.measured / perUnit, halfWidth, DIGITS_BESIDE_ERROR),
    estimate(one.predicted / perUnit, one.predictedHalfWidth / perUnit, DIGITS_BESIDE_ERROR),
    ascii,
    one.standing === 'fitted' ? 'fitted' : percent(one.error, { signed: true }),
    one.standing === 'held-out' ? (one.inside ? 'yes' : 'no') : one.standing === 'fitted' ? '' : 'no role',
  ]
}

/** Medians of latency by the campaign that measured them: a set that repeats badly was measured in a disturbed hour. */
export function setsInText(sets: readonly { readonly name: string; readonly summary: readonly ValidationSummary[] }[]): string {
  const lines = sets.flatMap(({ name, summary }) => {
    const line = summary.find(({ metric, statistic }) => metric === 'latency' && statistic === 'p50')
    if (line === undefined) return []
    const repeats = line.repeatability === null ? '-' : percent(line.repeatability)
    return [[name, String(line.points), percent(line.medianError), percent(line.worstError), repeats]]
  })
  return alignColumns([['latency p50, held out, by data set', 'points', 'median', 'worst', 'repeats to'], ...lines], {
    right: [1, 2, 3, 4],
  })
}

export function summaryInText(summary: readonly ValidationSummary[]): string {
  const known = (error: number | null) => (error === null ? '-' : percent(error))
  const head = ['held out', 'points', 'median', 'worst', 'repeats to', 'covered', 'interval']
  const lines = summary.map((line) => [
    `${line.metric} ${line.statistic}`,
    String(line.points),
    percent(line.medianError),
    percent(line.worstError),
    known(line.repeatability),
    percent(line.coverage, { decimals: 0 }),
    percent(line.medianHalfWidth),
  ])
  const stalls = summary.flatMap(({ metric, statistic, points, withoutStalls }) =>
    withoutStalls === null || withoutStalls.points === points
      ? []
      : [
          `${metric} ${statistic} without the ${points - withoutStalls.points} points that a timer decides: median error ${percent(withoutStalls.medianError)}, worst ${percent(withoutStalls.worstError)} (${withoutStalls.points} points)`,
        ],
  )
  return [
    alignColumns([head, ...lines], { right: [1, 2, 3, 4, 5, 6] }),
    ...summary.map(({ metric, statistic, worstPoint }) => `${metric} ${statistic}: worst at ${worstPoint}`),
    ...stalls,
    ...summary.flatMap(baselineWords),
    'covered: points that lie inside; interval: half of the predicted one, median',
    'a linear sum: per element and byte, least squares on the same fitted rows; M/G/1 would apply under load: ping-pong keeps one message under way',
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

/** Each goal with its verdict, and where a timer decides some of the points, with the verdict over the others. */
export function goalsInText(goals: readonly BoundCheck[], summary: readonly ValidationSummary[]): string {
  const words = goals.map((goal) => {
    const line = summary.find(({ metric, statistic }) => metric === 'latency' && statistic === goal.statistic)
    const others = line?.withoutStalls ?? null
    if (others === null || others.points === line!.points) return boundInText(goal)
    const error = goal.of === 'median' ? others.medianError : others.worstError
    return `${boundInText(goal)} (without what a timer decides ${verdict(error, goal.most)})`
  })
  return `goals (shown, not enforced: --bound does): ${words.join('; ')}`
}

const verdict = (error: number, most: number): string => `${error <= most ? 'met' : 'missed'}, ${percent(error)}`

export function boundInText({ of, statistic, most, error }: BoundCheck): string {
  const found = error === null ? 'nothing was compared' : verdict(error, most)
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
