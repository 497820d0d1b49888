import { axisLabel, axisOf, placeOf, sweptKeys } from '../axes.js'
import { relativeError } from '../cells.js'
import { percent } from '../format/estimate.js'
import { pointValue } from '../format/units.js'
import type { Report } from '../report.js'
import { isStalled } from '../stalled.js'
import { repeatabilityOf } from '../trust.js'
import type { ShownModels } from './estimate-mark.js'
import { comparedAs } from './validation-data.js'

export interface Residual {
  readonly model: string
  readonly evidence: 'held out' | 'fitted' | 'not planned'
  /** (predicted - measured) / measured, per cent, with both uncertainties together. */
  readonly error: number
  readonly low: number
  readonly high: number
  readonly description: string
}

export interface ResidualPanel {
  /** `message size`, `load`, `path`. */
  readonly by: string
  /** Left to right. */
  readonly places: readonly string[]
  readonly marks: readonly (Residual & { readonly at: string })[]
}

export interface ResidualsData extends ShownModels {
  readonly title: string
  /** What errs: `p50`, `throughput`. */
  readonly quantity: string
  readonly panels: readonly ResidualPanel[]
  readonly repeatability: number | null
  /** Points that a timer decides are not drawn: their error is the timer's, and would press all others flat. */
  readonly stalled: number
}

const isLoad = (key: string): boolean => /\.(rate|load|connections|threads)$/.test(key)

/** Signed errors by message size, by load (where one is swept) and by path; null below two points, which a table tells better. */
export function residualsData(report: Report, of: 'times' | 'throughput' = 'times'): ResidualsData | null {
  const { experiment } = report
  const { quantity, statistic, isMetric } = comparedAs(report, of)
  const compared = report.cells.filter((cell) => isMetric(cell.metric) && cell.statistic === statistic && cell.simulated && cell.measured)
  const cells = compared.filter((cell) => !isStalled(cell))
  if (cells.length < 2) return null
  const marks = cells.map((cell) => {
    const simulated = cell.simulated!
    const measured = cell.measured!
    const error = relativeError(cell)!
    const reach = Math.hypot(
      (simulated.halfWidth ?? 0) / measured.value,
      ((measured.halfWidth ?? 0) * simulated.value) / measured.value ** 2,
    )
    const evidence = cell.fitted ? 'fitted' : cell.heldOut ? 'held out' : 'not planned'
    const place = placeOf(experiment, cell.flow, cell.values)
    const residual: Residual = {
      model: cell.model,
      evidence,
      error: error * 100,
      low: (error - reach) * 100,
      high: (error + reach) * 100,
      description: `${[cell.model, ...(place === '' ? [] : [place]), evidence].join(', ')}: error ${percent(error, { signed: true })}`,
    }
    return { cell, residual }
  })
  const panels: ResidualPanel[] = []
  const axis = report.flows[0] === undefined ? null : axisOf(experiment, report.flows[0])
  if (axis && !isLoad(axis.key)) {
    panels.push({
      by: axis.title,
      // Only where there is something to compare: an error of nothing needs no room.
      places: axis.values.filter((value) => cells.some((cell) => cell.values[axis.key] === value)).map((value) => axisLabel(axis, value)),
      marks: marks.map(({ cell, residual }) => ({ ...residual, at: axisLabel(axis, cell.values[axis.key] as number) })),
    })
  }
  for (const key of sweptKeys(experiment).filter(isLoad)) {
    const values = [...new Set(experiment.points.map((point) => point.values[key]!))].sort((a, b) => Number(a) - Number(b))
    panels.push({
      by: `load (${key.slice(key.lastIndexOf('.') + 1)})`,
      places: values.map((value) => pointValue(key, value)),
      marks: marks.map(({ cell, residual }) => ({ ...residual, at: pointValue(key, cell.values[key]!) })),
    })
  }
  const models = experiment.models.filter((model) => marks.some(({ residual }) => residual.model === model))
  panels.push({ by: 'path', places: models, marks: marks.map(({ residual }) => ({ ...residual, at: residual.model })) })
  return {
    title: 'Where do predictions err, and which way?',
    palette: experiment.models,
    models,
    quantity,
    panels,
    repeatability: repeatabilityOf(report.cells, statistic, isMetric),
    stalled: compared.length - cells.length,
  }
}
