/** What the first screen says of a flow that is measured by how much arrives: its throughput at the first and at the last point of each network model. */
import { atOf } from './axes.js'
import { type Cell, mainRow, relativeError } from './cells.js'
import { estimate, percent } from './format/estimate.js'
import { displayUnit } from './format/units.js'
import type { Report } from './report.js'

/** Null where the flow has no throughput. */
export function throughputAnswer(report: Report, flow: string): string | null {
  const cells = report.cells.filter((cell) => cell.flow === flow && cell.metric === 'throughput' && cell.statistic === 'mean')
  if (cells.length === 0) return null
  const places = [...new Set(cells.map(({ values }) => atOf(report.experiment, flow, values)))]
  const [first = ''] = places
  const last = places.at(-1) ?? ''
  return (first === last ? [first] : [first, last])
    .map((place) => {
      const there = cells.filter(({ values }) => atOf(report.experiment, flow, values) === place)
      return `${place === '' ? '' : `at ${place} `}${there.map(inWords).join(', ')}`
    })
    .join('; ')
}

function inWords(cell: Cell): string {
  const { perUnit, ascii } = displayUnit('throughput')
  const row = mainRow(cell)
  const error = relativeError(cell)
  const carried = `${cell.model} carries ${estimate(row.value / perUnit, row.halfWidth === null ? null : row.halfWidth / perUnit)} ${ascii}`
  return error === null ? carried : `${carried} (${percent(error, { signed: true })} against measured)`
}
