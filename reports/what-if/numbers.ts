/** What a run says in words and figures, for the panel. */
import type { Row } from '../../experiments/rows.js'
import { isExplained, reasonOf } from '../comparison-sentence.js'
import { findingsOf } from '../findings.js'
import { estimate } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import { headStatistic } from '../head-statistic.js'
import { stageWords } from '../sentences.js'
import { CHANGED, PINNED } from './experiment-text.js'
import type { WhatIfRun } from './run.js'

export interface NumberLine {
  /** `latency, p50 (µs)`. */
  readonly label: string
  /** `–` where an alternative has no such figure: an open loop's response times are no latencies. */
  readonly changed: string
  readonly pinned: string
  /** what-if minus pinned, and divided by it; empty where nothing was paired. */
  readonly difference: string
  readonly ratio: string
  /** The interval of the difference excludes zero, after correction for many comparisons. */
  readonly isDifferent: boolean
  /** Ids of the rows behind the two values. */
  readonly changedFrom: readonly string[]
  readonly pinnedFrom: readonly string[]
}

export interface WhatIfNumbers {
  /** The answer, for eyes and screen readers. */
  readonly sentence: string
  readonly lines: readonly NumberLine[]
  /** Why not to trust the numbers; empty where all is inside the region of trust. */
  readonly warnings: readonly string[]
  /** Coefficients of the profile that the changed alternative was charged. */
  readonly charged: readonly string[]
}

/** What the answer is about, one for each kind of workload. */
const HEADS: readonly Row['metric'][] = ['latency', 'response-time', 'start-up', 'throughput']

const SHOWN: readonly (readonly [Row['metric'], string])[] = [
  ['latency', 'p50'],
  ['latency', 'p99'],
  ['latency', 'mean'],
  ['response-time', 'p50'],
  ['response-time', 'p99'],
  ['response-time', 'mean'],
  ['start-up', 'p50'],
  ['start-up', 'p99'],
  ['start-up', 'mean'],
  ['throughput', 'mean'],
  ['cpu-per-message', 'mean'],
]

export function numbersOf(run: WhatIfRun): WhatIfNumbers {
  const flows = run.report.flows
  return {
    sentence: flows.map((flow) => sentenceOf(run, flow)).join(' '),
    lines: flows.flatMap((flow) => SHOWN.flatMap(([metric, statistic]) => lineOf(run, flow, metric, statistic) ?? [])),
    warnings: warningsOf(run),
    charged: run.charged,
  }
}

const pointRow = (run: WhatIfRun, model: string, flow: string, metric: string, statistic: string): Row | undefined =>
  run.rows.find(
    (row) => row.level === 'point' && row.model === model && row.flow === flow && row.metric === metric && row.statistic === statistic,
  )

function lineOf(run: WhatIfRun, flow: string, metric: Row['metric'], statistic: string): NumberLine | null {
  const changed = pointRow(run, CHANGED, flow, metric, statistic)
  const pinned = pointRow(run, PINNED, flow, metric, statistic)
  if (!changed && !pinned) return null
  const { perUnit, name } = displayUnit(metric)
  const said = (row: Row | undefined) =>
    row === undefined ? '–' : estimate(row.value / perUnit, row.halfWidth === null ? null : row.halfWidth / perUnit)
  const pair = run.pairs.find((one) => one.flow === flow && one.metric === metric && one.statistic === statistic)
  return {
    label: `${run.report.flows.length > 1 ? `${flow}: ` : ''}${metric}, ${statistic} (${name})`,
    changed: said(changed),
    pinned: said(pinned),
    difference: pair ? estimate(pair.difference / perUnit, pair.halfWidth / perUnit) : '',
    ratio: pair ? estimate(pair.ratio, pair.ratioHalfWidth) : '',
    isDifferent: pair !== undefined && pair.verdict !== 'no difference shown',
    changedFrom: changed ? [changed.rowId] : [],
    pinnedFrom: pinned ? [pinned.rowId] : [],
  }
}

function sentenceOf(run: WhatIfRun, flow: string): string {
  const ofTimes = headStatistic(run.report)
  // What a run carried is one number, without a median.
  const statisticOf = (metric: Row['metric']): string => (metric === 'throughput' ? 'mean' : ofTimes)
  const metric = HEADS.find((one) => pointRow(run, CHANGED, flow, one, statisticOf(one)))
  const statistic = metric === undefined ? ofTimes : statisticOf(metric)
  const line = metric && lineOf(run, flow, metric, statistic)
  if (!line) return 'Nothing was simulated.'
  const unit = displayUnit(metric).name
  const against = !pointRow(run, PINNED, flow, metric, statistic)
    ? `a ${metric.replace('-', ' ')}: the pinned alternative has none to compare it with (one sends a message when the last one is answered, the other when it is due)`
    : line.ratio === ''
      ? `the pinned ${line.pinned} ${unit}`
      : line.isDifferent
        ? `${line.ratio} times the pinned ${line.pinned} ${unit}`
        : `no difference shown from the pinned ${line.pinned} ${unit}`
  const where = line.isDifferent ? whereOf(run, flow, metric, statistic) : ''
  const limit = pointRow(run, CHANGED, flow, metric, statistic)?.limits
  const what = metric === 'throughput' ? metric : statistic
  const name = run.report.flows.length > 1 ? `${flow}: ${what}` : what
  return `${name} ${line.changed} ${unit}, ${against}.${where}${limit ? ` Limited by: ${limit}.` : ''}`
}

/** The stages that add most; where they do not account for the difference, what does: a timer, or time in which nobody works. */
function whereOf(run: WhatIfRun, flow: string, metric: string, statistic: string): string {
  const pair = run.pairs.find((one) => one.flow === flow && one.metric === metric && one.statistic === statistic)
  const reason = pair && (metric === 'throughput' || !isExplained(pair)) ? reasonOf(pair) : ''
  if (reason !== '') return ` ${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
  const stages = findingsOf(run.report, flow)?.models.find(({ model }) => model === CHANGED)?.stages ?? []
  const most = stages.slice(0, 2).map((stage) => stageWords(stage, 'µs'))
  if (most.length === 0) return ''
  return stages[0]!.us < 0 ? ` What is saved is most ${most.join(' and ')}.` : ` What is added goes most to ${most.join(' and ')}.`
}

function warningsOf(run: WhatIfRun): string[] {
  const outside = [CHANGED, PINNED].flatMap((model) => {
    const trust = run.rows.find((row) => row.model === model && row.level === 'point')?.trust
    return trust && trust !== 'inside' ? [`${model} lies outside the region of trust: ${trust}`] : []
  })
  const invented = run.profile.name.endsWith('-what-if') ? ['stage costs were changed: no machine was measured that has them'] : []
  const two = run.isOneProfile
    ? []
    : ['the alternatives have different stage costs: the saved file and profile make the rows of what-if; pinned has its own']
  return [...outside, ...invented, ...two]
}
