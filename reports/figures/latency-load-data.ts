import type { Metric, Row, Source } from '../../experiments/rows.js'
import { sweptKeys, sweptValues } from '../axes.js'
import type { Cell } from '../cells.js'
import { estimate } from '../format/estimate.js'
import { displayUnit, milliseconds, pointValue } from '../format/units.js'
import type { Report } from '../report.js'
import type { Mark, ShownModels } from './estimate-mark.js'

export interface LoadMark extends Mark {
  /** Offered load, in `loadUnit`. */
  readonly at: number
  readonly statistic: string
}

/** Where the curve of one model turns up. */
export interface Knee {
  readonly model: string
  readonly at: number
  readonly description: string
}

export interface LatencyLoadData extends ShownModels {
  readonly title: string
  readonly loadTitle: string
  /** Of the values. */
  readonly unit: string
  readonly statistics: readonly string[]
  readonly marks: readonly LoadMark[]
  readonly knees: readonly Knee[]
}

const STARTS_AT_ONCE = /\.workload\.at-once$/

/** Swept keys that offer a load: messages per second of an open loop, connections of a closed one, starts at once. */
const loadKeys: readonly (readonly [RegExp, string, number])[] = [
  [/\.workload\.rate$/, 'offered load (1000/s)', 1000],
  [/\.workload\.connections$/, 'connections', 1],
  [/\.workload\.load$/, 'offered load (share of capacity)', 1],
  [STARTS_AT_ONCE, 'containers that start at once', 1],
]

const STATISTICS = ['p50', 'p99']

const TITLES = {
  latency: 'How much load does each network model carry before latency turns up?',
  'response-time': 'How much load does each network model carry before response time turns up?',
  'start-up': 'How long does a container take to start when others start with it?',
} as const
const LOADED_METRICS = ['start-up', 'response-time'] as const

/** Response time (or latency) against the offered load; null where no load is swept. */
export function latencyLoadData(report: Report, flow: string): LatencyLoadData | null {
  const { experiment } = report
  const found = sweptKeys(experiment).flatMap((key) => {
    const kind = loadKeys.find(([pattern]) => pattern.test(key) && key.startsWith(`flows.${flow}.`))
    return kind && sweptValues(experiment, key).length > 1 ? [{ key, title: kind[1], per: kind[2] }] : []
  })[0]
  if (!found) return null
  const has = (one: Metric): boolean => report.cells.some((cell) => cell.flow === flow && cell.metric === one)
  const metric = LOADED_METRICS.find(has) ?? 'latency'
  const others = (cell: Cell): string => JSON.stringify(Object.entries(cell.values).filter(([key]) => key !== found.key && key !== 'model'))
  const first = report.cells.find((cell) => cell.flow === flow && cell.metric === metric)
  const cells = report.cells.filter(
    (cell) =>
      cell.flow === flow && cell.metric === metric && STATISTICS.includes(cell.statistic) && first && others(cell) === others(first),
  )
  const { perUnit, name } = metric === 'start-up' ? milliseconds : displayUnit(metric)
  const marks = cells.flatMap((cell) =>
    [cell.simulated, cell.measured].flatMap((row): LoadMark[] => {
      if (!row) return []
      const at = (cell.values[found.key] as number) / found.per
      return [{ ...markOf(row, perUnit), at, statistic: cell.statistic, description: describe(row, cell, found.key, perUnit, name) }]
    }),
  )
  if (marks.length === 0) return null
  const models = experiment.models.filter((model) => marks.some((mark) => mark.model === model))
  return {
    title: TITLES[metric],
    palette: experiment.models,
    models,
    loadTitle: found.title,
    unit: name,
    statistics: STATISTICS.filter((statistic) => marks.some((mark) => mark.statistic === statistic)),
    marks,
    // Starts at once are no load that goes on: nothing turns up.
    knees: metric === 'start-up' ? [] : models.flatMap((model) => kneeOf(model, marks) ?? []),
  }
}

function markOf(row: Row, perUnit: number): Omit<Mark, 'description'> {
  const half = (row.halfWidth ?? 0) / perUnit
  const value = row.value / perUnit
  return { model: row.model, source: row.source as Source, value, low: value - half, high: value + half }
}

function describe(row: Row, cell: Cell, key: string, perUnit: number, unit: string): string {
  const half = row.halfWidth === null ? null : row.halfWidth / perUnit
  return `${row.model}, ${row.source}, ${pointValue(key, cell.values[key]!)}: ${row.statistic} ${estimate(row.value / perUnit, half)} ${unit}`
}

/**
 * The load at which load over response time, Kleinrock's power, is largest: beyond it, waiting grows faster than what is carried
 * (Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979). Null at an end of
 * the sweep, where the knee may lie outside of it.
 */
function kneeOf(model: string, marks: readonly LoadMark[]): Knee | null {
  const statistic = marks.some((mark) => mark.statistic === 'p50') ? 'p50' : marks[0]!.statistic
  const source = marks.some((mark) => mark.model === model && mark.source === 'simulated') ? 'simulated' : 'measured'
  const curve = marks
    .filter((mark) => mark.model === model && mark.statistic === statistic && mark.source === source)
    .sort((a, b) => a.at - b.at)
  if (curve.length < 3) return null
  const power = curve.map(({ at, value }) => at / value)
  const best = power.indexOf(Math.max(...power))
  if (best === 0 || best === curve.length - 1) return null
  return { model, at: curve[best]!.at, description: `${model}: knee at ${curve[best]!.at}` }
}
