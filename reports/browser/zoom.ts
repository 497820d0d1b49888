/** A chart in a dialog of its own, as large as the window, to be zoomed and moved with pointer, wheel or keys. */
import { button, element } from './element.js'

/** One step of zooming. */
const STEP = 1.3
const MOST = 40

interface View {
  x: number
  y: number
  width: number
  height: number
}

export function offerZoom(figure: HTMLElement): void {
  const chart = figure.querySelector<HTMLElement>('.chart')
  if (chart === null) return
  const name = chart.getAttribute('aria-label') ?? 'figure'
  const opener = button('Enlarge', () => enlarge(chart, name, opener), { class: 'quiet', 'aria-label': `Enlarge: ${name}` })
  toolsOf(figure).prepend(opener)
}

/** The line of buttons below a chart. */
export function toolsOf(figure: HTMLElement): HTMLElement {
  const found = figure.querySelector<HTMLElement>('.tools')
  if (found !== null) return found
  const tools = element('div', { class: 'tools' })
  figure.querySelector('.chart')?.after(tools)
  return tools
}

function enlarge(chart: HTMLElement, name: string, opener: HTMLElement): void {
  const svg = chart.querySelector('svg')!
  const whole = viewOf(svg)
  const view = { ...whole }
  const apply = (): void => {
    view.width = Math.min(Math.max(view.width, whole.width / MOST), whole.width)
    view.height = (view.width * whole.height) / whole.width
    view.x = Math.min(Math.max(view.x, whole.x), whole.x + whole.width - view.width)
    view.y = Math.min(Math.max(view.y, whole.y), whole.y + whole.height - view.height)
    svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`)
  }
  /** `at` stays where it is on the screen; shares of the view. */
  const zoom = (factor: number, at = { x: 0.5, y: 0.5 }): void => {
    const width = Math.min(Math.max(view.width / factor, whole.width / MOST), whole.width)
    view.x += (view.width - width) * at.x
    view.y += (view.height - (width * whole.height) / whole.width) * at.y
    view.width = width
    apply()
  }
  const move = (right: number, down: number): void => {
    view.x += right * view.width
    view.y += down * view.height
    apply()
  }
  const reset = (): void => {
    Object.assign(view, whole)
    apply()
  }

  const place = element('div', { class: 'place' })
  chart.before(place)
  const close = button('Close', () => dialog.close())
  const dialog = element(
    'dialog',
    { class: 'zoom', 'aria-label': name },
    element(
      'div',
      { class: 'tools' },
      button('Zoom in', () => zoom(STEP)),
      button('Zoom out', () => zoom(1 / STEP)),
      button('Whole figure', reset),
      close,
      element('span', { class: 'note' }, 'Wheel or + and − zoom; drag or Shift with arrows moves; arrows step through the values.'),
    ),
    chart,
  )
  const handlers = listen(chart, svg, zoom, move, reset)
  dialog.addEventListener('close', () => {
    handlers.abort()
    reset()
    place.replaceWith(chart)
    dialog.remove()
    opener.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
  chart.focus()
}

function viewOf(svg: SVGSVGElement): View {
  const { x, y, width, height } = svg.viewBox.baseVal
  return { x, y, width, height }
}

function listen(
  chart: HTMLElement,
  svg: SVGSVGElement,
  zoom: (factor: number, at?: { x: number; y: number }) => void,
  move: (right: number, down: number) => void,
  reset: () => void,
): AbortController {
  const handlers = new AbortController()
  const { signal } = handlers
  let dragged: { x: number; y: number } | null = null
  chart.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const box = svg.getBoundingClientRect()
      zoom(STEP ** (-Math.sign(event.deltaY) / 2), { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height })
    },
    { signal, passive: false },
  )
  chart.addEventListener(
    'pointerdown',
    (event) => {
      dragged = { x: event.clientX, y: event.clientY }
      chart.setPointerCapture(event.pointerId)
    },
    { signal },
  )
  chart.addEventListener(
    'pointermove',
    (event) => {
      if (dragged === null) return
      const box = svg.getBoundingClientRect()
      move((dragged.x - event.clientX) / box.width, (dragged.y - event.clientY) / box.height)
      dragged = { x: event.clientX, y: event.clientY }
    },
    { signal },
  )
  for (const end of ['pointerup', 'pointercancel'] as const) chart.addEventListener(end, () => (dragged = null), { signal })
  chart.addEventListener(
    'keydown',
    (event) => {
      const moves: Readonly<Record<string, readonly [number, number]>> = {
        ArrowRight: [0.1, 0],
        ArrowLeft: [-0.1, 0],
        ArrowDown: [0, 0.1],
        ArrowUp: [0, -0.1],
      }
      const way = event.shiftKey ? moves[event.key] : undefined
      if (way) move(...way)
      else if (event.key === '+' || event.key === '=') zoom(STEP)
      else if (event.key === '-' || event.key === '−') zoom(1 / STEP)
      else if (event.key === '0') reset()
      else return
      event.preventDefault()
    },
    { signal },
  )
  return handlers
}
