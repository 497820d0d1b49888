import type { Metric, Row, Source } from '../../experiments/rows.js'
import { sweptKeys, sweptValues } from '../axes.js'
import type { Cell } from '../cells.js'
import { estimate } from '../format/estimate.js'
import { displayUnit, pointValue } from '../format/units.js'
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
  readonly source: 'simulated' | 'measured'
  /** A prediction that the measurement agrees with. */
  readonly isMeasuredToo: boolean
  /** In the unit of the figure's axis. */
  readonly at: number
  /** The same as the sweep has it: `200 k/s`. */
  readonly place: string
  readonly description: string
}

export interface LatencyLoadData extends ShownModels {
  readonly title: string
  readonly loadTitle: string
  /** Of the values. */
  readonly unit: string
  readonly statistics: readonly string[]
  readonly marks: readonly LoadMark[]
  /** Null of starts at once, which are no load that goes on. */
  readonly knees: readonly Knee[] | null
  /** The largest load that is swept: `250 k/s`. */
  readonly most: string
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
  const { perUnit, name } = displayUnit(metric)
  const marks = cells.flatMap((cell) =>
    [cell.simulated, cell.measured].flatMap((row): LoadMark[] => {
      if (!row) return []
      const at = (cell.values[found.key] as number) / found.per
      return [{ ...markOf(row, perUnit), at, statistic: cell.statistic, description: describe(row, cell, found.key, perUnit, name) }]
    }),
  )
  if (marks.length === 0) return null
  const placeAt = (at: number): string => pointValue(found.key, at * found.per)
  const models = experiment.models.filter((model) => marks.some((mark) => mark.model === model))
  return {
    title: TITLES[metric],
    palette: experiment.models,
    models,
    loadTitle: found.title,
    unit: name,
    statistics: STATISTICS.filter((statistic) => marks.some((mark) => mark.statistic === statistic)),
    marks,
    knees: metric === 'start-up' ? null : models.flatMap((model) => kneesOf(marks, model, placeAt)),
    most: placeAt(Math.max(...marks.map(({ at }) => at))),
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

/** One where prediction and measurement agree. */
function kneesOf(marks: readonly LoadMark[], model: string, placeAt: (at: number) => string): Knee[] {
  const simulated = kneeOf(marks, { model, source: 'simulated' }, placeAt)
  const measured = kneeOf(marks, { model, source: 'measured' }, placeAt)
  if (simulated === null || measured === null || simulated.at !== measured.at) return [simulated, measured].filter((knee) => knee !== null)
  return [{ ...simulated, isMeasuredToo: true, description: `${simulated.description}, measured too` }]
}

/**
 * The load at which load over response time, Kleinrock's power, is largest: beyond it, waiting grows faster than what is carried
 * (Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979). Null at an end of
 * the sweep, where the knee may lie outside of it.
 */
function kneeOf(marks: readonly LoadMark[], of: Pick<Knee, 'model' | 'source'>, placeAt: (at: number) => string): Knee | null {
  const statistic = marks.some((mark) => mark.statistic === 'p50') ? 'p50' : marks[0]!.statistic
  const curve = marks
    .filter((mark) => mark.model === of.model && mark.source === of.source && mark.statistic === statistic)
    .sort((a, b) => a.at - b.at)
  if (curve.length < 3) return null
  const power = curve.map(({ at, value }) => at / value)
  const best = power.indexOf(Math.max(...power))
  if (best === 0 || best === curve.length - 1) return null
  const place = placeAt(curve[best]!.at)
  return {
    ...of,
    isMeasuredToo: false,
    at: curve[best]!.at,
    place,
    description: `${of.model}${of.source === 'measured' ? ', measured' : ''}: ${place}`,
  }
}
