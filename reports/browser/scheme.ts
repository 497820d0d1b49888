/** Light or dark, where the reader wants another one than the system's. */
import { button } from './element.js'

export function offerScheme(place: HTMLElement): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const root = document.documentElement
  const isDark = (): boolean => (root.dataset['scheme'] ?? (system.matches ? 'dark' : 'light')) === 'dark'
  const label = (): string => (isDark() ? 'Light' : 'Dark')
  const toggle = button(
    label(),
    () => {
      root.dataset['scheme'] = isDark() ? 'light' : 'dark'
      toggle.textContent = label()
    },
    { class: 'quiet' },
  )
  system.addEventListener('change', () => (toggle.textContent = label()))
  place.append(toggle)
}
