/** All rows of the report, filtered as one types, so many at a time. */
import { button, element } from './element.js'
import { embeddedText, save } from './embedded.js'
import { type PlainRecord, recordsOf } from './records.js'

const SHOWN = 25
const COLUMNS = [
  'source',
  'level',
  'model',
  'point',
  'flow',
  'metric',
  'statistic',
  'value',
  'halfWidth',
  'unit',
  'runs',
  'replication',
  'role',
]

export function offerRows(place: HTMLElement): void {
  const files = [...document.querySelectorAll<HTMLScriptElement>('script[data-file$=".csv"]')].map((holder) => holder.dataset['file']!)
  for (const name of files) {
    const store = async () => save(name, (await embeddedText(name)) ?? '', 'text/csv')
    place.append(
      button(`Save ${name}`, () => void store(), { class: 'quiet' }),
      ' ',
    )
  }
  if (!files.includes('rows.csv')) return
  place.append(button('Show the rows here', (() => void show(place)) as () => void, { class: 'quiet', id: 'show-rows' }))
}

async function show(place: HTMLElement): Promise<void> {
  document.getElementById('show-rows')?.remove()
  const records = (await recordsOf('rows.csv')) ?? []
  const texts = records.map((record) =>
    [...record]
      .flatMap(([name, value]) => (name === 'sketch' ? [] : [value]))
      .join(' ')
      .toLowerCase(),
  )
  const count = element('span', { class: 'note', role: 'status' })
  const filter = element('input', {
    type: 'search',
    placeholder: 'Filter: bridge p99 measured',
    'aria-label': 'Filter the rows',
    spellcheck: 'false',
  })
  const body = element('tbody')
  const table = element(
    'table',
    {},
    element('caption', {}, 'Rows'),
    element(
      'thead',
      {},
      element('tr', {}, element('th', { scope: 'col' }, 'row'), ...COLUMNS.map((name) => element('th', { scope: 'col' }, name))),
    ),
    body,
  )
  const fill = (): void => {
    const words = filter.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    const found = records.filter((_, i) => words.every((word) => texts[i]!.includes(word)))
    body.replaceChildren(...found.slice(0, SHOWN).map(line))
    count.textContent = `${Math.min(SHOWN, found.length)} of ${found.length} rows`
  }
  filter.addEventListener('input', fill)
  fill()
  place.append(
    element('div', { class: 'filter' }, filter, count),
    element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Rows' }, table),
  )
  filter.focus()
}

function line(record: PlainRecord): HTMLElement {
  const id = record.get('rowId') ?? ''
  const number = (name: string, value: string): string => (name === 'value' || name === 'halfWidth' ? Number(value).toPrecision(6) : value)
  return element(
    'tr',
    {},
    element('td', {}, element('a', { href: `#row=${id}`, 'data-from': id }, id.slice(0, 8))),
    ...COLUMNS.map((name) => element('td', {}, number(name, record.get(name) ?? ''))),
  )
}
