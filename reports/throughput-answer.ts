/** What the first screen says of a flow that is measured by how much arrives: its throughput at the first and at the last point of each network model. */
import { atOf } from './axes.js'
import { type Cell, mainRow, relativeError } from './cells.js'
import { compareCells } from './findings.js'
import { estimate, percent } from './format/estimate.js'
import { displayUnit } from './format/units.js'
import type { Report } from './report.js'

/** A clause, and the rows that its numbers are from. */
export interface CarriedClause {
  readonly words: string
  readonly from: readonly string[]
}

export interface CarriedAt {
  /** `8 KiB`; empty where nothing but the model is swept. */
  readonly at: string
  readonly clauses: readonly CarriedClause[]
}

/** Empty where the flow has no throughput. */
export function throughputAnswer(report: Report, flow: string): CarriedAt[] {
  const cells = report.cells.filter((cell) => cell.flow === flow && cell.metric === 'throughput' && cell.statistic === 'mean')
  const places = [...new Set(cells.map(({ values }) => atOf(report.experiment, flow, values)))]
  const ends = places.length < 2 ? places : [places[0]!, places.at(-1)!]
  return ends.map((at) => {
    const there = cells.filter(({ values }) => atOf(report.experiment, flow, values) === at)
    const base = there.find(({ model }) => model === report.baseline) ?? null
    return { at, clauses: there.map((cell) => clauseOf(report, base, cell)) }
  })
}

/** `At 8 KiB shared carries 29 ± 9 Gbit/s; bridge carries 13.6 ± 0.7 Gbit/s, 0.47 ± 0.15 times as much.` */
export function throughputSentences(places: readonly CarriedAt[]): string[] {
  return places.map(({ at, clauses }) => {
    const text = `${at === '' ? '' : `at ${at} `}${clauses.map(({ words }) => words).join('; ')}.`
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  })
}

function clauseOf(report: Report, base: Cell | null, cell: Cell): CarriedClause {
  const { perUnit, ascii } = displayUnit('throughput')
  const row = mainRow(cell)
  const value = estimate(row.value / perUnit, row.halfWidth === null ? null : row.halfWidth / perUnit)
  const isAgainst = base !== null && base !== cell
  return {
    words: [`${cell.model} carries ${value} ${ascii}`, ...(isAgainst ? againstWords(report, base, cell) : []), ...errorWords(cell)].join(
      ', ',
    ),
    from: [row.rowId, ...(isAgainst ? [mainRow(base).rowId] : [])],
  }
}

function againstWords(report: Report, base: Cell, cell: Cell): string[] {
  const found = compareCells(report, base, cell)
  if (found === null) return []
  const { ratio, isShown } = found
  const times = `${estimate(ratio.value, ratio.halfWidth)} times as much`
  return [isShown === false ? `not shown to be more or less (${times})` : times]
}

/** Agreement of a point that the fit saw is no evidence, but that it misses one even so is worth knowing. */
function errorWords(cell: Cell): string[] {
  const error = relativeError(cell)
  if (error === null) return []
  return [`${percent(error, { signed: true })} against measured${cell.fitted ? ' though fitted' : ''}`]
}
