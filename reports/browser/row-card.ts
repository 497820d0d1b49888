/** A number's origin: its row, the experiment file, and the command that makes it again. */
import { button, element } from './element.js'
import { embeddedJson, save } from './embedded.js'
import { type PlainRecord, recordsOf } from './records.js'

/** What the page says about itself, for the card. */
export interface Origin {
  readonly command: string
  readonly experimentFile: string
  readonly experimentText: string
  readonly resultPath: string
}

/** Fields that hold JSON or a histogram, too long for a line. */
const LONG = new Set(['environment', 'proof', 'sketch'])

/** Where a fragment asks for a row: `#row=ID`. */
const ROW = '#row='

/** Rows that were made in the page itself, with the file and command that make them again. */
export interface MadeHere extends Origin {
  readonly records: readonly PlainRecord[]
}
let madeHere: MadeHere | null = null

export function rememberMadeHere(made: MadeHere): void {
  madeHere = made
}

export function watchNumbers(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-from]')
    if (link === null) return
    event.preventDefault()
    void open(link.dataset['from']!.split('|'), link)
  })
  const asked = () => {
    if (location.hash.startsWith(ROW)) void open(decodeURIComponent(location.hash.slice(ROW.length)).split('|'), null)
  }
  addEventListener('hashchange', asked)
  asked()
}

async function open(ids: readonly string[], from: HTMLElement | null): Promise<void> {
  const origin = embeddedJson<Origin>('origin')!
  const found = await Promise.all(ids.map(find))
  const made = found.some((one) => one?.madeHere) ? madeHere : null
  const { command, experimentFile, experimentText } = made ?? origin
  const dialog = element(
    'dialog',
    { class: 'card', 'aria-labelledby': 'card-title' },
    element('h2', { id: 'card-title' }, ids.length > 1 ? `Computed from ${ids.length} records` : 'Where this number comes from'),
    ...ids.map((id, i) => recordOf(id, found[i]?.record ?? null, made?.resultPath ?? origin.resultPath)),
    element('h3', {}, 'Make it again'),
    element(
      'p',
      {},
      element(
        'code',
        {},
        commandFor(
          found.map((one) => one?.record ?? null),
          command,
          experimentFile,
        ),
      ),
    ),
    element(
      'details',
      {},
      element('summary', {}, `Experiment file ${experimentFile}`),
      button('Save it', () => save(experimentFile.slice(experimentFile.lastIndexOf('/') + 1), experimentText, 'text/yaml'), {
        class: 'quiet',
      }),
      element('pre', { tabindex: 0, 'aria-label': 'Experiment file' }, experimentText),
    ),
    element(
      'p',
      {},
      button('Close', () => dialog.close()),
    ),
  )
  dialog.addEventListener('close', () => {
    dialog.remove()
    from?.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
}

interface Found {
  readonly record: PlainRecord
  readonly madeHere: boolean
}

async function find(id: string): Promise<Found | null> {
  const own = madeHere?.records.find((record) => record.get('rowId') === id)
  if (own) return { record: own, madeHere: true }
  const stage = /^stage (\d+)$/.exec(id)
  const records = await recordsOf(stage ? 'stages.csv' : 'rows.csv')
  const record = stage ? records?.[Number(stage[1]) - 1] : records?.find((one) => one.get('rowId') === id)
  return record ? { record, madeHere: false } : null
}

function recordOf(id: string, record: PlainRecord | null, path: string): HTMLElement {
  const place = id.startsWith('stage ') ? `${path}/tables/stages.csv, record ${id.slice('stage '.length)}` : `${path}/rows.csv, row ${id}`
  if (record === null) return element('p', {}, `${place} (beside this page)`)
  const fields = [...record].filter(([name]) => name !== 'rowId')
  const short = fields.filter(([name]) => !LONG.has(name))
  const long = fields.filter(([name]) => LONG.has(name))
  return element(
    'section',
    {},
    element('p', { class: 'note' }, place),
    element('dl', {}, ...short.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
    ...long.map(([name, value]) =>
      element('details', {}, element('summary', {}, name), element('pre', { tabindex: 0, 'aria-label': name }, readable(value))),
    ),
  )
}

function readable(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), null, 1)
  } catch {
    return value
  }
}

/** Measured rows are made again by measuring; a fresh measurement gets an id of its own. */
function commandFor(records: readonly (PlainRecord | null)[], command: string, file: string): string {
  const measured = records.length > 0 && records.every((record) => record?.get('source') === 'measured')
  return measured ? `npm run -s fairway -- measure ${file}` : command
}
