/** A figure inside the page: named for those who can't see it, with a tooltip on every mark, and with ids that collide with no other's. */
import { escapeHtml } from './escape-html.js'

export function inlineSvg(svg: string, id: string, alternative: string): string {
  const own = svg
    .replace(/\bid="([^"]+)"/g, (_, name: string) => `id="${id}-${name}"`)
    .replace(/url\(#([^)]+)\)/g, (_, name: string) => `url(#${id}-${name})`)
    // Vega writes a mark's description as a label; browsers show a <title> on hover.
    .replace(/<path aria-label="([^"]*)"([^>]*?)\/>/g, (_, label: string, rest: string) => `<path${rest}><title>${label}</title></path>`)
  return own.replace(
    /^<svg[^>]*viewBox="([^"]+)"[^>]*>/,
    (_, box: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" role="img" aria-label="${escapeHtml(alternative)}">`,
  )
}
