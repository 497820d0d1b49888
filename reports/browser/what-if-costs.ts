/** A slider for each coefficient of the profile that the chosen path charges: from nothing to three times what it was fitted to. */
import type { Coefficient } from '../../models/profiles/profile.js'
import { significant } from '../format/estimate.js'
import { button, element } from './element.js'

const MOST_TIMES = 3

export interface CostSliders {
  readonly element: HTMLElement
  /** Shows the coefficients that the last run charged, and those that differ from the profile. */
  show(charged: ReadonlySet<string>): void
  /** Moves the sliders to these choices. */
  set(costs: Readonly<Record<string, number>>): void
}

export function costSliders(coefficients: readonly Coefficient[], change: (costs: Readonly<Record<string, number>>) => void): CostSliders {
  let costs: Record<string, number> = {}
  const lines = coefficients.map((coefficient, i) =>
    lineOf(coefficient, `cost-${i}`, (value) => {
      const { [coefficient.name]: _, ...others } = costs
      costs = value === null ? others : { ...others, [coefficient.name]: value }
      change(costs)
    }),
  )
  const details = element(
    'details',
    { class: 'costs' },
    element('summary', {}, 'Stage costs of the profile'),
    element('p', { class: 'note' }, 'What this path charges, as fitted; sliders go from nothing to three times that.'),
    ...lines.map((line) => line.element),
  )
  return {
    element: details,
    show(charged) {
      for (const line of lines) line.element.hidden = !charged.has(line.name) && !(line.name in costs)
    },
    set(wanted) {
      costs = { ...wanted }
      for (const line of lines) line.set(wanted[line.name] ?? null)
    },
  }
}

interface Line {
  readonly name: string
  readonly element: HTMLElement
  set(value: number | null): void
}

function lineOf({ name, value: fitted, unit }: Coefficient, id: string, choose: (value: number | null) => void): Line {
  const label = name
    .replace(/\.per/, ', per ')
    .replace(/Ns$/, '')
    .replace(
      /per (\w)(\w*)$/,
      (_, first: string, rest: string) => `per ${first.toLowerCase()}${rest.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    )
  const slider = element('input', { type: 'range', id, min: 0, max: MOST_TIMES, step: 0.05, value: 1 })
  const said = element('output', { for: id })
  const back = button(
    'as fitted',
    () => {
      say(null)
      choose(null)
      slider.focus()
    },
    { class: 'quiet', 'aria-label': `${label}: as fitted` },
  )
  const say = (value: number | null): void => {
    const now = value ?? fitted
    slider.value = String(fitted > 0 ? now / fitted : 1)
    said.textContent = `${significant(now, 3)} ${unit}`
    slider.setAttribute('aria-valuetext', said.textContent)
    back.hidden = value === null
  }
  slider.addEventListener('input', () => {
    // Rounded to what a reader sees, so that a link carries no tail of digits.
    const value = slider.valueAsNumber === 1 ? null : Number((slider.valueAsNumber * fitted).toPrecision(4))
    say(value)
    choose(value)
  })
  say(null)
  return {
    name,
    element: element(
      'div',
      { class: 'control' },
      element('label', { for: id }, label),
      slider,
      element('span', { class: 'exact' }, said, back),
    ),
    set: say,
  }
}
