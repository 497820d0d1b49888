/** Charts answer the pointer with a tooltip, and the keyboard by stepping through their values, which a screen reader hears. */
import { element } from './element.js'

/** How far from a mark the pointer may be, pixels. */
const REACH = 18

const tip = element('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' })
const spoken = element('div', { class: 'unseen', role: 'status' })

export function watchCharts(): void {
  document.querySelector('main')!.append(tip, spoken)
  for (const chart of document.querySelectorAll<HTMLElement>('.chart')) enliven(chart)
}

interface Value {
  readonly mark: SVGElement
  readonly words: string
}

export function enliven(chart: HTMLElement): void {
  const values: Value[] = []
  for (const title of chart.querySelectorAll('svg title')) {
    const mark = title.parentElement as unknown as SVGElement
    // The browser's own tooltip would come late and stand beside ours.
    mark.dataset['tip'] = title.textContent ?? ''
    mark.removeAttribute('role')
    title.remove()
    values.push({ mark, words: mark.dataset['tip'] })
  }
  let at = -1

  const show = (index: number): void => {
    values[at]?.mark.classList.remove('is-on')
    at = index
    const value = values[at]
    tip.hidden = value === undefined
    if (value === undefined) return
    value.mark.classList.add('is-on')
    // Beside a modal dialog nothing is drawn or heard but what it holds.
    ;(chart.closest('dialog') ?? document.querySelector('main')!).append(tip, spoken)
    tip.textContent = value.words
    placeTip(value.mark.getBoundingClientRect())
  }

  const nearest = (x: number, y: number): number => {
    let best = -1
    let least = REACH
    values.forEach(({ mark }, i) => {
      const box = mark.getBoundingClientRect()
      const distance = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom))
      if (distance < least) {
        least = distance
        best = i
      }
    })
    return best
  }

  chart.addEventListener('pointermove', (event) => show(nearest(event.clientX, event.clientY)))
  chart.addEventListener('pointerdown', (event) => show(nearest(event.clientX, event.clientY)))
  chart.addEventListener('pointerleave', () => show(-1))
  chart.addEventListener('blur', () => show(-1))
  chart.addEventListener('keydown', (event) => {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: values.length - 1 }[event.key]
    if (step === undefined || values.length === 0) return
    event.preventDefault()
    show((step + values.length) % values.length)
    spoken.textContent = values[at]!.words
  })
}

function placeTip(mark: DOMRect): void {
  const { width, height } = tip.getBoundingClientRect()
  const left = Math.min(Math.max(4, mark.left + mark.width / 2 - width / 2), document.documentElement.clientWidth - width - 4)
  const above = mark.top - height - 8
  tip.style.left = `${left}px`
  tip.style.top = `${above < 4 ? mark.bottom + 8 : above}px`
}
