import { isMessageTime } from '../../experiments/rows.js'
import { placeOf } from '../axes.js'
import { relativeError } from '../cells.js'
import { estimate, percent } from '../format/estimate.js'
import { type DisplayUnit, displayUnit } from '../format/units.js'
import { headStatistic } from '../head-statistic.js'
import type { Report } from '../report.js'
import { isStalled } from '../stalled.js'
import { isThroughput, repeatabilityOf } from '../trust.js'
import type { ShownModels } from './estimate-mark.js'

export interface ValidationMark {
  readonly model: string
  readonly evidence: 'held out' | 'fitted' | 'not planned'
  readonly predicted: number
  readonly predictedLow: number
  readonly predictedHigh: number
  readonly measured: number
  readonly measuredLow: number
  readonly measuredHigh: number
  /** (predicted - measured) / measured, in per cent, with the prediction's interval. */
  readonly error: number
  readonly errorLow: number
  readonly errorHigh: number
  readonly description: string
}

export interface ValidationData extends ShownModels {
  readonly title: string
  /** What is predicted and measured: `p50`, `throughput`. */
  readonly quantity: string
  readonly unit: DisplayUnit
  readonly marks: readonly ValidationMark[]
  /** Relative; the floor of any model error. Null where no measurement knows it. */
  readonly repeatability: number | null
  /** Points that a timer decides, which are told in words: how many, and their least and largest error, relative and signed; null where there are none. */
  readonly timers: { readonly points: number; readonly least: number; readonly most: number } | null
}

/** Every time that was both predicted and measured, or of streams every throughput; null below two, which a table tells better. */
export function validationData(report: Report, of: 'times' | 'throughput' = 'times'): ValidationData | null {
  const { quantity, statistic, isMetric, unit } = comparedAs(report, of)
  const compared = report.cells.filter((cell) => isMetric(cell.metric) && cell.statistic === statistic && cell.simulated && cell.measured)
  if (compared.length < 2) return null
  // Three decades away from all others, a timer's latency would press them into one dot.
  const moving = compared.filter((cell) => !isStalled(cell))
  const cells = moving.length > 0 ? moving : compared
  const timers = compared.filter((cell) => !cells.includes(cell)).map((cell) => relativeError(cell)!)
  const marks = cells.map((cell): ValidationMark => {
    const simulated = cell.simulated!
    const measured = cell.measured!
    const share = (value: number): number => ((value - measured.value) / measured.value) * 100
    const predictedHalf = simulated.halfWidth ?? 0
    const measuredHalf = measured.halfWidth ?? 0
    const evidence = cell.fitted ? 'fitted' : cell.heldOut ? 'held out' : 'not planned'
    const place = placeOf(report.experiment, cell.flow, cell.values)
    const named = [cell.model, ...(place === '' ? [] : [place]), evidence].join(', ')
    const said = (value: number, half: number | null) => estimate(value / unit.perUnit, half === null ? null : half / unit.perUnit)
    return {
      model: cell.model,
      evidence,
      predicted: simulated.value / unit.perUnit,
      predictedLow: (simulated.value - predictedHalf) / unit.perUnit,
      predictedHigh: (simulated.value + predictedHalf) / unit.perUnit,
      measured: measured.value / unit.perUnit,
      measuredLow: (measured.value - measuredHalf) / unit.perUnit,
      measuredHigh: (measured.value + measuredHalf) / unit.perUnit,
      error: share(simulated.value),
      errorLow: share(simulated.value - predictedHalf),
      errorHigh: share(simulated.value + predictedHalf),
      description:
        `${named}: predicted ${said(simulated.value, simulated.halfWidth)} ${unit.name}, measured ${said(measured.value, measured.halfWidth)} ${unit.name}, ` +
        `error ${percent(relativeError(cell)!, { signed: true })}`,
    }
  })
  return {
    title: 'How far do predictions lie from the kernel?',
    palette: report.experiment.models,
    models: report.experiment.models.filter((model) => marks.some((mark) => mark.model === model)),
    quantity,
    unit,
    marks,
    timers: timers.length === 0 ? null : { points: timers.length, least: Math.min(...timers), most: Math.max(...timers) },
    repeatability: repeatabilityOfProfile(report, of, statistic) ?? repeatabilityOf(report.cells, statistic, isMetric),
  }
}

/** The profile knows that of medians, and of throughputs. */
function repeatabilityOfProfile({ evidence }: Report, of: 'times' | 'throughput', statistic: string): number | null {
  if (of === 'times' && statistic !== 'p50') return null
  return evidence.find(({ workload }) => (workload === 'stream') === (of === 'throughput'))?.ofProfile?.repeatability ?? null
}

/** What a figure of errors compares: times by the statistic that the report answers with, throughputs by their only one. */
export function comparedAs(report: Report, of: 'times' | 'throughput') {
  if (of === 'throughput') return { quantity: of, statistic: 'mean', isMetric: isThroughput, unit: displayUnit('throughput') }
  const statistic = headStatistic(report)
  const metrics = new Set(report.cells.flatMap(({ metric }) => (isMessageTime(metric) ? [metric] : [])))
  const unit = displayUnit(metrics.size === 1 ? [...metrics][0]! : 'latency')
  return { quantity: statistic, statistic, isMetric: isMessageTime, unit }
}
