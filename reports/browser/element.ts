/** Elements of the page, made in one expression. */

type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>>

/** `false` and undefined leave an attribute out, `true` gives it without a value; a function is a listener for the event of that name. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else if (value === true) made.setAttribute(key, '')
    else if (value !== false && value !== undefined) made.setAttribute(key, String(value))
  }
  made.append(...children)
  return made
}

export function button(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return element('button', { type: 'button', click: onClick, ...attributes }, label)
}
