import type { Metric, Row, Source } from '../../experiments/rows.js'
import { type Axis, axisLabel, axisOf, panelOf } from '../axes.js'
import type { Cell } from '../cells.js'
import { estimate } from '../format/estimate.js'
import { type DisplayUnit, displayUnit } from '../format/units.js'
import { headStatistic } from '../head-statistic.js'
import type { Report } from '../report.js'
import type { Mark, ShownModels } from './estimate-mark.js'

export interface SizeMark extends Mark {
  /** Value of the swept key; null where none is swept. */
  readonly at: number | null
  readonly panel: string
}

export interface LatencyBySizeData extends ShownModels {
  readonly title: string
  readonly axis: Axis | null
  /** The model that the others are compared with. */
  readonly baseline: string
  readonly panels: readonly string[]
  readonly metric: Metric
  readonly statistic: string
  readonly unit: DisplayUnit
  readonly marks: readonly SizeMark[]
}

/** Latency (or another metric) of one flow against the swept size, or model by model; null below two points: a number is no figure. */
export function latencyBySizeData(
  report: Report,
  flow: string,
  metric: Metric = 'latency',
  statistic: string = headStatistic(report),
): LatencyBySizeData | null {
  const { experiment } = report
  const axis = axisOf(experiment, flow)
  const unit = displayUnit(metric)
  const words = metric.replace('-', ' ')
  const cells = report.cells.filter((cell) => cell.flow === flow && cell.metric === metric && cell.statistic === statistic)
  const marks = cells.flatMap((cell) =>
    [cell.simulated, cell.measured, cell.published].flatMap((row): SizeMark[] => {
      if (!row) return []
      const at = axis && axis.key in cell.values ? (cell.values[axis.key] as number) : null
      const panel = panelOf(experiment, axis, cell.values)
      return [{ ...markOf(cell, row, unit, axis && at !== null ? axisLabel(axis, at) : null), at, panel }]
    }),
  )
  if (new Set(cells.map(({ point }) => point)).size < 2) return null
  return {
    title: axis
      ? `How does ${words} ${axis.title === 'message size' ? 'grow with' : 'depend on'} ${axis.title === axis.key ? axis.key : `the ${axis.title}`}?`
      : `What is the ${words} of each network model?`,
    palette: experiment.models,
    models: experiment.models.filter((model) => marks.some((mark) => mark.model === model)),
    axis,
    baseline: report.baseline,
    panels: [...new Set(marks.map((mark) => mark.panel))],
    metric,
    statistic,
    unit,
    marks,
  }
}

function markOf(cell: Cell, row: Row, unit: DisplayUnit, place: string | null): Mark {
  const value = row.value / unit.perUnit
  const half = row.halfWidth === null ? null : row.halfWidth / unit.perUnit
  const source: Source = row.source
  return {
    model: cell.model,
    source,
    value,
    low: value - (half ?? 0),
    high: value + (half ?? 0),
    description: `${[cell.model, ...(place === null ? [] : [place]), source].join(', ')}: ${estimate(value, half)} ${unit.name}`,
  }
}
