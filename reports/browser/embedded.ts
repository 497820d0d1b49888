/** What the page carries inside itself: files as compressed base64 in script elements that no browser runs, plain data as JSON. */

/** The text of the file `name`; null where the page does not carry it. */
export async function embeddedText(name: string): Promise<string | null> {
  const holder = document.querySelector<HTMLScriptElement>(`script[data-file="${name}"]`)
  if (holder === null) return null
  const bytes = Uint8Array.from(atob(holder.text.trim()), (character) => character.charCodeAt(0))
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

export function embeddedJson<T>(id: string): T | null {
  const holder = document.getElementById(id)
  return holder === null ? null : (JSON.parse(holder.textContent ?? 'null') as T)
}

export function save(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
