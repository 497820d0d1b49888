/** Tables sort by a column and show the rows that hold all words of a filter. */

import { sizeOf } from '../what-if/controls.js'
import { button, element } from './element.js'

export function watchTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('main table')) watch(table)
}

export function watch(table: HTMLTableElement): void {
  const body = table.tBodies[0]
  if (body === undefined || body.rows.length < 2) return
  const rows = [...body.rows]
  for (const head of table.tHead?.rows[0]?.cells ?? []) makeSortable(head, body, rows)
  const count = element('span', { class: 'note', role: 'status' })
  const name = table.caption?.textContent ?? 'table'
  const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter: ${name}`, spellcheck: 'false' })
  filter.addEventListener('input', () => {
    const words = filter.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    let shown = 0
    for (const row of rows) {
      const text = (row.textContent ?? '').toLowerCase()
      row.hidden = !words.every((word) => text.includes(word))
      if (!row.hidden) shown++
    }
    count.textContent = words.length === 0 ? '' : `${shown} of ${rows.length} rows`
  })
  table.parentElement?.before(element('div', { class: 'filter' }, filter, count))
}

function makeSortable(head: HTMLTableCellElement, body: HTMLTableSectionElement, rows: readonly HTMLTableRowElement[]): void {
  const sort = (): void => {
    const way = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending'
    for (const other of head.parentElement?.children ?? []) other.removeAttribute('aria-sort')
    head.setAttribute('aria-sort', way)
    const column = head.cellIndex
    const keys = new Map(rows.map((row) => [row, keyOf(row.cells[column])]))
    const sign = way === 'ascending' ? 1 : -1
    body.append(...[...rows].sort((a, b) => sign * compare(keys.get(a)!, keys.get(b)!)))
  }
  const label = [...head.childNodes]
  head.append(button('', sort, { class: 'sort' }))
  head.lastElementChild!.append(...label)
}

type Key = number | string

/** What a cell is sorted by: the unrounded value that it carries, a size in bytes, a number with its unit, else its words. */
export function keyOf(cell: HTMLTableCellElement | undefined): Key {
  const carried = cell?.dataset['value']
  if (carried !== undefined) return Number(carried)
  const text = (cell?.textContent ?? '').trim()
  const size = sizeOf(text)
  if (size !== null) return size
  const number = /^[+−-]?[\d,]+(\.\d+)?(?=( |$))/.exec(text)?.[0]
  return number === undefined ? text : Number(number.replaceAll(',', '').replace('−', '-'))
}

/** Numbers before words. */
function compare(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return -1
  if (typeof b === 'number') return 1
  return a.localeCompare(b, 'en', { numeric: true })
}
