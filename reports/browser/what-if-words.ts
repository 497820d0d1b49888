import { controlsOf } from '../what-if/controls.js'
import type { WhatIfPage } from '../what-if/initial.js'
import type { Choices } from '../what-if/state.js'

/** `overlay; message 1400 B; core of server 0`: an alternative as its controls would show it. */
export function wordsOf(page: WhatIfPage, { model, values, costs }: Choices): string {
  const controls = controlsOf(page.base.document, page.models[model]!)
  const words = controls.flatMap((control) => {
    const value = values[control.key] ?? (control.kind === 'size' ? `${control.value} B` : control.value)
    const isAlways = control.kind === 'size'
    if (!isAlways && !(control.key in values)) return []
    if (typeof value === 'boolean') return value ? [control.label] : [`not ${control.label}`]
    return [`${control.label} ${value}`]
  })
  return [model, ...words, ...Object.entries(costs).map(([name, value]) => `${name} ${value}`)].join('; ')
}
