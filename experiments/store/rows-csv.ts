/** Rows as CSV text and back. Uses no Node API: a browser writes the same bytes. */
import type { Row } from '../rows.js'
import { rowColumns } from './columns.js'
import { byRowId } from './merge-rows.js'
import { readTable, writeTable } from './table-csv.js'

/** In the order of their ids; every number reads back as the same double. */
export function rowsToCsv(rows: readonly Row[]): string {
  return writeTable(rowColumns, [...rows].sort(byRowId))
}

/** @throws CsvError with the line of the first mistake. */
export function rowsFromCsv(text: string): Row[] {
  // Every column was checked against its type and its words, which is what a Row is.
  return readTable(rowColumns, text) as unknown as Row[]
}
