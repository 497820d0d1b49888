import { writeCsv } from '../../experiments/store/index.js'
import type { Table } from './table.js'

/** Unrounded, with a column of half-widths beside each column of estimates. */
export function csvTable(table: Table): string {
  const header = table.columns.flatMap(({ title, isEstimate }) => (isEstimate ? [title, `${title}, half-width`] : [title]))
  const rows = table.rows.map((cells) =>
    cells.flatMap((cell, i) => {
      if (!table.columns[i]!.isEstimate) return [typeof cell === 'string' ? cell : null]
      if (cell === null || typeof cell === 'string') return [null, null]
      return [String(cell.value), cell.halfWidth === null ? null : String(cell.halfWidth)]
    }),
  )
  return writeCsv([header, ...rows])
}
