/**
 * Comma-separated values as RFC 4180 has them: CRLF after each record, fields with a comma, a quote or a line break in quotes, quotes doubled.
 * One thing more, so that nothing is lost: a null is an empty field, an empty text is a quoted empty field (`""`).
 */

/** Thrown where a text is no CSV; `line` counts from 1. */
export class CsvError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(`line ${line}: ${message}`)
    this.name = 'CsvError'
  }
}

export function csvField(value: string | null): string {
  if (value === null) return ''
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

export function writeCsv(records: Iterable<readonly (string | null)[]>): string {
  let text = ''
  for (const record of records) text += `${record.map(csvField).join(',')}\r\n`
  return text
}

export interface CsvRecord {
  /** Line on which the record begins, from 1. */
  readonly line: number
  readonly fields: readonly (string | null)[]
}

/**
 * Reads CSV with LF or CRLF line ends; the last record may lack its own.
 * @throws CsvError where a quoted field isn't closed or goes on after its closing quote.
 */
export function readCsv(text: string): readonly CsvRecord[] {
  const records: CsvRecord[] = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1
  while (at < text.length) {
    const fields: (string | null)[] = []
    const begin = line
    for (;;) {
      const field = text[at] === '"' ? quotedField(text, at, line) : plainField(text, at)
      fields.push(field.value)
      line += field.lines
      at = field.end
      if (text[at] !== ',') break
      at++
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    if (at < text.length && text[at] !== '\n')
      throw new CsvError(line, `expected a comma or the end of the line, got ${JSON.stringify(text[at])}`)
    at++
    line++
    records.push({ line: begin, fields })
  }
  return records
}

interface Field {
  readonly value: string | null
  readonly end: number
  readonly lines: number
}

function plainField(text: string, from: number): Field {
  let end = from
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++
  return { value: end === from ? null : text.slice(from, end), end, lines: 0 }
}

function quotedField(text: string, from: number, line: number): Field {
  let end = from + 1
  for (;;) {
    const quote = text.indexOf('"', end)
    if (quote < 0) throw new CsvError(line, 'a quoted field is never closed')
    if (text[quote + 1] !== '"') {
      const raw = text.slice(from + 1, quote)
      return { value: raw.replaceAll('""', '"'), end: quote + 1, lines: raw.split('\n').length - 1 }
    }
    end = quote + 2
  }
}
