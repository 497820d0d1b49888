/** What-if: choices on the left, the answer of the simulator beside them, the pinned alternative always in sight. */
import { inlineSvg } from '../page/inline-svg.js'
import { initialState, type WhatIfPage } from '../what-if/initial.js'
import type { NumberLine, WhatIfNumbers } from '../what-if/numbers.js'
import type { DrawnFigure, FromWorker, SavedFiles } from '../what-if/protocol.js'
import { type Choices, FRAGMENT, fromFragment, mistakesIn, toFragment, type WhatIfState } from '../what-if/state.js'
import { enliven } from './charts.js'
import { button, element } from './element.js'
import { embeddedJson, save } from './embedded.js'
import { parseRecords } from './records.js'
import { rememberMadeHere } from './row-card.js'
import { type Simulator, startSimulator } from './simulator.js'
import { controlElements } from './what-if-controls.js'
import { costSliders } from './what-if-costs.js'
import { wordsOf } from './what-if-words.js'
import { offerZoom, toolsOf } from './zoom.js'

/** A browser takes only so many changes of its address; a slider makes more. */
const FRAGMENT_DELAY_MS = 250

const PROFILE_FILE = 'what-if.profile.json'
const EXPERIMENT_FILE = 'what-if.yaml'

export function offerWhatIf(section: HTMLElement): void {
  const page = embeddedJson<WhatIfPage>('what-if-data')
  if (page === null) return
  const models = Object.keys(page.models)
  const fresh = initialState(page)
  let state = fresh
  let files: SavedFiles | null = null
  let simulator: Promise<Simulator> | null = null
  let drawings: ReadonlyMap<string, string> = new Map()
  let wanted: string | null = null

  const coefficients = page.base.profile.coefficients.map(({ name }) => name)
  const misread = element('div', { class: 'box warnings some', role: 'alert', hidden: true })
  const controls = element('div', { class: 'controls' })
  const costs = costSliders(page.base.profile.coefficients, (chosen) => update({ ...state, changed: { ...state.changed, costs: chosen } }))
  const sentence = element('p', { class: 'answer', role: 'status' })
  const time = element('p', { class: 'note' })
  const pinned = element('p', { class: 'pinned' })
  const numbers = element('div', { class: 'numbers' })
  const figures = element('div', { class: 'figures' })
  const saveProfile = button('Save profile', () => files?.profile && save(PROFILE_FILE, files.profile, 'application/json'), {
    hidden: true,
  })
  const savers = [
    button('Save experiment', () => files && save(EXPERIMENT_FILE, files.experiment, 'text/yaml')),
    saveProfile,
    button('Save rows', () => files && save('what-if-rows.csv', files.rows, 'text/csv')),
  ]

  const drawControls = (): void => {
    controls.replaceChildren(
      ...controlElements(page, state.changed, (changed) => {
        const isOther = changed.model !== state.changed.model
        update({ ...state, changed })
        if (!isOther) return
        drawControls()
        document.getElementById('what-if-model')?.focus()
      }),
    )
    costs.set(state.changed.costs)
    pinned.textContent = `Pinned: ${wordsOf(page, state.pinned)}`
  }

  /** Says what of the address could not be read, and what is shown instead. */
  function readAddress(): WhatIfState | null {
    const asked = fromFragment(location.hash, models)
    const mistakes = mistakesIn(location.hash, models, coefficients)
    misread.hidden = mistakes.length === 0
    misread.replaceChildren(
      element(
        'p',
        {},
        asked === null ? 'The address names no what-if of this page; shown is its start.' : 'Not all of the address could be read:',
      ),
      element('ul', {}, ...mistakes.map((mistake) => element('li', {}, mistake))),
    )
    return asked === null ? null : withKnownCosts(asked, coefficients)
  }

  let pending: ReturnType<typeof setTimeout> | undefined
  function update(next: WhatIfState, isFromAddress = false): void {
    state = next
    misread.hidden ||= !isFromAddress
    clearTimeout(pending)
    if (!isFromAddress) pending = setTimeout(() => history.replaceState(null, '', toFragment(state)), FRAGMENT_DELAY_MS)
    ask()
  }

  function ask(): void {
    section.setAttribute('aria-busy', 'true')
    simulator ??= startSimulator(page!.base, answer)
    simulator.then(
      (running) => running.ask(state),
      (error) => refuse(String(error)),
    )
  }

  /** A drawing that is asked for before it is there is saved when it comes. */
  function saveDrawing(name: string): void {
    const drawing = drawings.get(name)
    wanted = drawing === undefined ? name : null
    if (drawing !== undefined) save(`${name}.svg`, drawing, 'image/svg+xml')
  }

  function refuse(reason: string): void {
    sentence.textContent = reason
    section.setAttribute('aria-busy', 'false')
  }

  function answer(said: FromWorker): void {
    if (said.kind === 'refused') refuse(said.reason)
    else if (said.kind === 'numbers') {
      files = said.files
      saveProfile.hidden = files.profile === null
      rememberMadeHere({
        records: parseRecords(files.rows),
        command: `npm run -s fairway -- run ${EXPERIMENT_FILE}`,
        experimentFile: EXPERIMENT_FILE,
        experimentText: files.experiment,
        resultPath: 'results/what-if',
      })
      sentence.textContent = said.numbers.sentence
      time.textContent = timeWords(said.messages, said.elapsedMs)
      numbers.replaceChildren(
        table(said.numbers),
        ...said.numbers.warnings.map((text) => element('p', { class: 'box warnings some' }, text)),
      )
      costs.show(new Set(said.numbers.charged))
      section.classList.add('has-run')
    } else if (said.kind === 'figures') {
      drawings = new Map()
      figures.replaceChildren(...said.figures.map((figure) => figureElement(figure, saveDrawing)))
      section.setAttribute('aria-busy', 'false')
    } else if (said.kind === 'drawings') {
      drawings = said.drawings
      if (wanted !== null) saveDrawing(wanted)
    }
  }

  const pin = button('Pin this', () => {
    update({ ...state, pinned: state.changed })
    drawControls()
  })
  const reset = button('Start again', () => {
    update(fresh)
    drawControls()
  })
  const copy = button('Copy link', () => {
    history.replaceState(null, '', toFragment(state))
    void navigator.clipboard?.writeText(location.href)
    copy.textContent = 'Link copied'
    setTimeout(() => (copy.textContent = 'Copy link'), 1500)
  })

  state = readAddress() ?? fresh
  section.append(
    misread,
    element(
      'div',
      { class: 'what-if' },
      element(
        'form',
        { class: 'box', 'aria-label': 'What to change', submit: (event) => event.preventDefault() },
        controls,
        costs.element,
        pinned,
        element('div', { class: 'tools' }, pin, reset, copy, ...savers),
      ),
      element('div', { class: 'answers' }, sentence, numbers, time, figures),
    ),
  )
  drawControls()

  addEventListener('hashchange', () => {
    const asked = readAddress()
    if (asked === null) return
    update(asked, true)
    drawControls()
  })
  startWhenSeen(section, () => simulator ?? ask())
  if (location.hash.startsWith(FRAGMENT) || !misread.hidden) section.scrollIntoView()
}

/** A coefficient that the profile lacks would change nothing but the profile's name. */
function withKnownCosts({ changed, pinned, ...state }: WhatIfState, coefficients: readonly string[]): WhatIfState {
  const known = (choices: Choices): Choices => ({
    ...choices,
    costs: Object.fromEntries(Object.entries(choices.costs).filter(([name]) => coefficients.includes(name))),
  })
  return { ...state, changed: known(changed), pinned: known(pinned) }
}

function startWhenSeen(section: HTMLElement, start: () => void): void {
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      watcher.disconnect()
      start()
    },
    { rootMargin: '200px' },
  )
  watcher.observe(section)
}

function timeWords(messages: number, ms: number): string {
  if (messages === 0) return 'Both alternatives were simulated before.'
  return `${messages.toLocaleString('en-US')} messages simulated here in ${ms.toFixed(0)} ms, warm-up included; each alternative counts 10 replications of 1,000.`
}

function table({ lines }: WhatIfNumbers): HTMLElement {
  const head = ['', 'what-if', 'pinned', 'difference', 'ratio']
  return element(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'What-if in numbers' },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...head.map((name, i) => (i === 0 ? element('td') : element('th', { scope: 'col', class: 'right' }, name)))),
      ),
      element('tbody', {}, ...lines.map(numberLine)),
    ),
  )
}

function numberLine(line: NumberLine): HTMLElement {
  const number = (text: string, from: readonly string[]): HTMLElement =>
    element(
      'td',
      { class: 'right' },
      from.length === 0 || text === '' ? text : element('a', { href: `#row=${from.join('|')}`, 'data-from': from.join('|') }, text),
    )
  const both = [...line.changedFrom, ...line.pinnedFrom]
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, line.label),
    number(line.changed, line.changedFrom),
    number(line.pinned, line.pinnedFrom),
    number(`${line.difference}${line.isDifferent ? ' *' : ''}`, both),
    number(line.ratio, both),
  )
}

function figureElement({ name, title, caption, svg }: DrawnFigure, saveDrawing: (name: string) => void): HTMLElement {
  const chart = element('div', { class: 'chart', tabindex: 0, role: 'group', 'aria-roledescription': 'chart', 'aria-label': title })
  // Our own drawing, made in our own worker.
  chart.innerHTML = inlineSvg(svg, `what-if-${name}`, title)
  const figure = element('figure', {}, chart, element('figcaption', {}, caption))
  toolsOf(figure).append(button('Save SVG', () => saveDrawing(name), { class: 'quiet', 'aria-label': `Save SVG: ${title}` }))
  offerZoom(figure)
  enliven(chart)
  return figure
}
