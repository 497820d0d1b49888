import { cellText } from '../tables/markdown.js'
import type { Table, TableCell, TableColumn } from '../tables/table.js'
import { escapeHtml } from './escape-html.js'

/** In a frame of its own that scrolls sideways and takes the keyboard's focus, so that a wide table stays reachable on a small screen. */
export function htmlTable(table: Table): string {
  const head = table.columns.map(({ title, align }) => `<th scope="col" class="${align}">${escapeHtml(title)}</th>`).join('')
  const body = table.rows.map((cells) => `<tr>${cells.map((cell, i) => tableCell(cell, table.columns[i]!)).join('')}</tr>`).join('\n')
  const notes = table.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('')
  return (
    `<div class="scroll" id="table-${table.name}" role="region" tabindex="0" aria-label="${escapeHtml(table.title)}"><table>` +
    `<caption>${escapeHtml(table.title)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>${notes}`
  )
}

/** Carries the unrounded value, by which the page sorts, and the ids of the rows that it came from, which the page opens. */
function tableCell(cell: TableCell, { align }: TableColumn): string {
  const words = escapeHtml(cellText(cell))
  if (cell === null || typeof cell === 'string') return `<td class="${align}">${words}</td>`
  return `<td class="${align}" data-value="${cell.value}">${linked(words, cell.from ?? [])}</td>`
}

/** Words (HTML) that lead to the rows behind them. */
export function linked(words: string, from: readonly string[]): string {
  if (from.length === 0) return words
  const ids = escapeHtml(from.join('|'))
  return `<a href="#row=${ids}" data-from="${ids}">${words}</a>`
}
