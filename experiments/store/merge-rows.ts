import type { Row } from '../rows.js'

/** The order in which row files stand: by id, in code units, so that it depends on neither locale nor how the rows came about. */
export function byRowId(a: Row, b: Row): number {
  return a.rowId < b.rowId ? -1 : a.rowId > b.rowId ? 1 : 0
}

/** Old and new rows in one list by id; of two rows with one id the new one stays (a point's aggregate grows with its replications). */
export function mergeRows(old: readonly Row[], fresh: readonly Row[]): Row[] {
  const rows = new Map<string, Row>()
  for (const row of old) rows.set(row.rowId, row)
  for (const row of fresh) rows.set(row.rowId, row)
  return [...rows.values()].sort(byRowId)
}
