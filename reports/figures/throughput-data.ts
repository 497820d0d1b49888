import type { Metric } from '../../experiments/rows.js'
import { estimate } from '../format/estimate.js'
import { type DisplayUnit, displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import type { Mark, ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'

export interface ThroughputMark extends Mark {
  /** What binds first there, in words; null where nothing was found. */
  readonly limits: string | null
}

export interface ThroughputData extends ShownModels {
  readonly title: string
  readonly metric: Metric
  readonly unit: DisplayUnit
  readonly marks: readonly ThroughputMark[]
  readonly place: string
}

/** `core 1 (97 % busy)` of `core m1/1 (97 % busy), then core m1/0 (40 % busy)`; with the machine where there are several. */
function firstLimit({ experiment }: Report, limits: string): string {
  const machines = new Set(experiment.points.flatMap(({ scenario }) => Object.keys(scenario.machines)))
  const first = limits.split(', then ')[0]!
  return machines.size > 1 ? first : first.replace(/^core [^ /]+\//, 'core ')
}

/** What each model carries at its first point, with what limits it; null below two models: a number is no figure. */
export function throughputData(report: Report, flow: string, metric: 'throughput' | 'rate' = 'throughput'): ThroughputData | null {
  const heads = headPoints(report)
  const unit = displayUnit(metric)
  const marks = report.cells
    .filter((cell) => cell.flow === flow && cell.metric === metric && cell.statistic === 'mean' && heads.get(cell.model) === cell.point)
    .flatMap((cell) =>
      [cell.simulated, cell.measured].flatMap((row): ThroughputMark[] => {
        if (!row) return []
        const value = row.value / unit.perUnit
        const half = row.halfWidth === null ? null : row.halfWidth / unit.perUnit
        return [
          {
            model: row.model,
            source: row.source,
            value,
            low: value - (half ?? 0),
            high: value + (half ?? 0),
            limits: row.limits === null ? null : firstLimit(report, row.limits),
            description: `${row.model}, ${row.source}: ${estimate(value, half)} ${unit.name}${row.limits ? `, limited by ${row.limits}` : ''}`,
          },
        ]
      }),
    )
  if (new Set(marks.map(({ model }) => model)).size < 2) return null
  const { models } = report.experiment
  const place = headPlace(report, flow)
  return {
    title: `How much does each network model carry${place === '' ? '' : ` at ${place}`}?`,
    palette: models,
    models: models.filter((model) => marks.some((mark) => mark.model === model)),
    metric,
    unit,
    marks,
    place,
  }
}
