/** Rows as Parquet, through DuckDB in memory. DuckDB only stores, filters and sorts: statistics are the simulator's. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Row } from '../rows.js'
import { type ColumnType, rowColumns } from './columns.js'
import { byRowId } from './merge-rows.js'

const sqlType: Readonly<Record<ColumnType, string>> = { text: 'VARCHAR', integer: 'BIGINT', real: 'DOUBLE' }

/** One thread, because two may cut row groups differently: the same rows give the same bytes. The library is loaded on first use (70 MB). */
async function withDatabase<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    return await use(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Written atomically, sorted by row id, byte for byte the same for the same rows and DuckDB version. */
export async function writeRowsParquet(path: string, rows: readonly Row[]): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await withDatabase(async (connection) => {
      const columns = rowColumns.map(({ name, type, nullable }) => `"${name}" ${sqlType[type]}${nullable ? '' : ' NOT NULL'}`)
      await connection.run(`CREATE TABLE rows (${columns.join(', ')})`)
      const appender = await connection.createAppender('rows')
      for (const row of [...rows].sort(byRowId)) {
        for (const { name, type } of rowColumns) {
          const value = row[name]
          if (value === null) appender.appendNull()
          else if (type === 'text') appender.appendVarchar(value as string)
          else if (type === 'integer') appender.appendBigInt(BigInt(value))
          else appender.appendDouble(value as number)
        }
        appender.endRow()
      }
      appender.closeSync()
      await connection.run(`COPY (SELECT * FROM rows ORDER BY rowId) TO ${quoted(temporary)} (FORMAT parquet, COMPRESSION zstd)`)
    })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** All rows, or those for which `where` holds: a condition in SQL over the row's columns, such as `metric = 'latency'`. */
export async function readRowsParquet(path: string, where?: string): Promise<Row[]> {
  return withDatabase(async (connection) => {
    const names = rowColumns.map(({ name }) => `"${name}"`).join(', ')
    const query = `SELECT ${names} FROM read_parquet(${quoted(path)})${where === undefined ? '' : ` WHERE ${where}`} ORDER BY rowId`
    const reader = await connection.runAndReadAll(query)
    return reader.getRows().map((cells) => {
      const row: Record<string, unknown> = {}
      rowColumns.forEach(({ name, type }, i) => {
        const cell = cells[i] ?? null
        row[name] = type === 'integer' && cell !== null ? Number(cell) : cell
      })
      return row as unknown as Row
    })
  })
}
