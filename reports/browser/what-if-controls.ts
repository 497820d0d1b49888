/** The controls of what-if, for the chosen network model. */
import { type Control, controlsOf, sizeOf } from '../what-if/controls.js'
import type { WhatIfPage } from '../what-if/initial.js'
import type { Choices, Written } from '../what-if/state.js'
import { element } from './element.js'

/** A control that the choices still have a value for, if they stand on another. */
const chosen = (control: Control, { values }: Choices): Written =>
  values[control.key] ?? (control.kind === 'size' ? `${control.value} B` : control.value)

/** Choices without what the new model has no control for: a relay's buffer means nothing where there is no relay. */
export function choicesFor(page: WhatIfPage, model: string, old: Choices): Choices {
  const keys = new Set(controlsOf(page.base.document, page.models[model]!).map(({ key }) => key))
  return { ...old, model, values: Object.fromEntries(Object.entries(old.values).filter(([key]) => keys.has(key))) }
}

export function controlElements(page: WhatIfPage, choices: Choices, change: (choices: Choices) => void): HTMLElement[] {
  let current = choices
  const set = (key: string, value: Written): void => {
    current = { ...current, values: { ...current.values, [key]: value } }
    change(current)
  }
  const models = Object.keys(page.models)
  const model = element(
    'select',
    { id: 'what-if-model' },
    ...models.map((name) => element('option', { selected: name === choices.model }, name)),
  )
  model.addEventListener('change', () => change(choicesFor(page, model.value, current)))
  return [
    ...(models.length < 2 ? [] : [labelled('Network model', model)]),
    ...controlsOf(page.base.document, page.models[choices.model]!).map((control, i) =>
      controlElement(control, `what-if-${i}`, chosen(control, choices), set),
    ),
  ]
}

function controlElement(control: Control, id: string, value: Written, set: (key: string, value: Written) => void): HTMLElement {
  switch (control.kind) {
    case 'size':
      return sizeControl(control, id, sizeOf(value) ?? control.value, (bytes) => set(control.key, `${bytes} B`))
    case 'choice':
      return choiceControl(control, id, value, (picked) => set(control.key, picked))
    case 'flag':
      return flagControl(control, id, value === true, (is) => set(control.key, is))
  }
}

function labelled(label: string, control: HTMLElement, ...more: HTMLElement[]): HTMLElement {
  return element('div', { class: 'control' }, element('label', { for: control.id }, label), control, ...more)
}

type SizeControl = Extract<Control, { kind: 'size' }>

/** A slider through sizes that people ask for, and a field for any other. */
function sizeControl({ label, least, most, steps }: SizeControl, id: string, bytes: number, set: (bytes: number) => void): HTMLElement {
  const nearest = (value: number): number =>
    steps.reduce((best, step, i) => (Math.abs(Math.log(step / value)) < Math.abs(Math.log(steps[best]! / value)) ? i : best), 0)
  const slider = element('input', { type: 'range', id, min: 0, max: steps.length - 1, step: 1, value: nearest(bytes) })
  const field = element('input', { type: 'number', min: least, max: most, step: 1, value: bytes, 'aria-label': `${label}, bytes` })
  const say = (value: number): void => slider.setAttribute('aria-valuetext', `${value} bytes`)
  say(bytes)
  slider.addEventListener('input', () => {
    const value = steps[slider.valueAsNumber]!
    field.value = String(value)
    say(value)
    set(value)
  })
  field.addEventListener('change', () => {
    if (!field.checkValidity() || field.value === '') {
      field.reportValidity()
      return
    }
    slider.value = String(nearest(field.valueAsNumber))
    say(field.valueAsNumber)
    set(field.valueAsNumber)
  })
  return labelled(label, slider, element('span', { class: 'exact' }, field, ' B'))
}

function choiceControl(
  { label, options }: Extract<Control, { kind: 'choice' }>,
  id: string,
  value: Written,
  set: (value: Written) => void,
): HTMLElement {
  const select = element(
    'select',
    { id },
    ...options.map((option) => element('option', { selected: option.value === value }, option.label)),
  )
  select.addEventListener('change', () => set(options[select.selectedIndex]!.value))
  return labelled(label, select)
}

function flagControl(
  { label }: Extract<Control, { kind: 'flag' }>,
  id: string,
  value: boolean,
  set: (value: boolean) => void,
): HTMLElement {
  const box = element('input', { type: 'checkbox', id, checked: value })
  box.addEventListener('change', () => set(box.checked))
  return labelled(label, box)
}
