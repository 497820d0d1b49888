/** Files and data inside the page: compressed base64 in script elements that no browser runs. */
import { createHash } from 'node:crypto'
import { gzipSync, strToU8 } from 'fflate'
import { escapeHtml } from './escape-html.js'

/** `name` is what the page's script asks for. The compressor is JavaScript: its bytes are the same on every machine. */
export function embeddedFile(name: string, text: string): string {
  return `<script type="application/gzip;base64" data-file="${escapeHtml(name)}">${compressed(text)}</script>`
}

export function compressed(text: string): string {
  const known = memory.get(text)
  if (known !== undefined) return known
  const packed = Buffer.from(gzipSync(strToU8(text), { level: 9, mtime: 0 })).toString('base64')
  if (memory.size > 8) memory.clear()
  memory.set(text, packed)
  return packed
}

/** The simulator is the same in every report that a process writes. */
const memory = new Map<string, string>()

export function embeddedJson(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`
}

/** The one script that runs, and the policy that lets no other run and nothing be fetched. */
export function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64')
  return `default-src 'none'; script-src 'sha256-${hash}'; worker-src blob:; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'`
}
