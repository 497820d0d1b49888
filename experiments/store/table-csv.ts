/** Records of named, typed columns as CSV text and back: what row files and stage files share. */
import type { Column } from './columns.js'
import { CsvError, readCsv, writeCsv } from './csv.js'

type Cell = string | number | null

/** @throws RangeError for a number that text can't carry (NaN, infinities) and for a null where the column has none. */
export function writeTable<Name extends string>(
  columns: readonly Column<Name>[],
  records: readonly Readonly<Record<Name, Cell>>[],
): string {
  const header = columns.map((column) => column.name)
  return writeCsv([header, ...records.map((record) => columns.map((column) => cellText(column, record[column.name])))])
}

function cellText(column: Column<string>, value: Cell): string | null {
  if (value === null) {
    if (!column.nullable) throw new RangeError(`${column.name}: expected a value, got null`)
    return null
  }
  if (typeof value === 'string') return value
  if (!Number.isFinite(value)) throw new RangeError(`${column.name}: expected a finite number, got ${value}`)
  // The shortest decimal text that reads back as the same double (ECMA-262, Number::toString); only -0 would lose its sign.
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * Columns are found by name, so their order in the file doesn't matter and further ones are left alone.
 * @throws CsvError with the line where a column is missing or a field is not what its column holds.
 */
export function readTable<Name extends string>(columns: readonly Column<Name>[], text: string): Record<Name, Cell>[] {
  const [header, ...body] = readCsv(text)
  if (header === undefined)
    throw new CsvError(1, `expected a header (${columns.map((column) => column.name).join(',')}), got an empty file`)
  const places = columns.map((column) => {
    const place = header.fields.indexOf(column.name)
    if (place < 0) throw new CsvError(1, `expected a column "${column.name}"`)
    return place
  })
  return body.map(({ line, fields }) => {
    if (fields.length !== header.fields.length) throw new CsvError(line, `expected ${header.fields.length} fields, got ${fields.length}`)
    const record = {} as Record<Name, Cell>
    columns.forEach((column, i) => {
      record[column.name] = cellValue(column, fields[places[i]!] ?? null, line)
    })
    return record
  })
}

function cellValue(column: Column<string>, field: string | null, line: number): Cell {
  if (field === null) {
    if (!column.nullable) throw new CsvError(line, `${column.name}: expected a value, got an empty field`)
    return null
  }
  if (column.type === 'text') {
    if (column.words && !column.words.includes(field))
      throw new CsvError(line, `${column.name}: expected ${column.words.join(', ')}, got "${field}"`)
    return field
  }
  const number = Number(field)
  const fits = field.trim() !== '' && (column.type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number))
  if (!fits) throw new CsvError(line, `${column.name}: expected ${column.type === 'integer' ? 'an integer' : 'a number'}, got "${field}"`)
  return number
}
