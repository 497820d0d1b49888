import { escapeHtml } from '../page/escape-html.js'
import { cellText } from './markdown.js'
import type { Table } from './table.js'

/** In a frame of its own that scrolls sideways and takes the keyboard's focus, so that a wide table stays reachable on a small screen. */
export function htmlTable(table: Table): string {
  const head = table.columns.map(({ title, align }) => `<th scope="col" class="${align}">${escapeHtml(title)}</th>`).join('')
  const body = table.rows
    .map(
      (cells) => `<tr>${cells.map((cell, i) => `<td class="${table.columns[i]!.align}">${escapeHtml(cellText(cell))}</td>`).join('')}</tr>`,
    )
    .join('\n')
  const notes = table.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('')
  return (
    `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(table.title)}"><table>` +
    `<caption>${escapeHtml(table.title)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>${notes}`
  )
}
