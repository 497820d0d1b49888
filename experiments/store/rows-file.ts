/** Row files: CSV on disk. */
import { readFileSync } from 'node:fs'
import type { Row } from '../rows.js'
import { atomicWrite } from './atomic-write.js'
import { rowsFromCsv, rowsToCsv } from './rows-csv.js'

export function writeRowsCsv(path: string, rows: readonly Row[]): void {
  atomicWrite(path, rowsToCsv(rows))
}

/** @throws CsvError with the line of the first mistake. */
export function readRowsCsv(path: string): Row[] {
  return rowsFromCsv(readFileSync(path, 'utf8'))
}
