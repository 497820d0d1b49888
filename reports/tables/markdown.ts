import { estimate } from '../format/estimate.js'
import type { Table, TableCell } from './table.js'

/** GitHub's tables; `*` marks a difference that is shown after correction for many comparisons. */
export function markdownTable(table: Table): string {
  const lines = [
    `**${table.title}**`,
    '',
    row(table.columns.map((column) => escaped(column.title))),
    row(table.columns.map((column) => (column.align === 'right' ? '--:' : ':--'))),
    ...table.rows.map((cells) => row(cells.map((cell) => escaped(cellText(cell))))),
    '',
    ...table.notes.map(escaped),
  ]
  return `${lines.join('\n')}\n`
}

/** A cell in plain text, as Markdown and HTML print it. */
export function cellText(cell: TableCell): string {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  return `${estimate(cell.value, cell.halfWidth, cell.leastDigits)}${cell.marked ? ' *' : ''}`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const escaped = (value: string): string => value.replace(/[|*_]/g, '\\$&')
