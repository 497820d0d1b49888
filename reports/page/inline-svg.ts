/** A figure inside the page: named for those who can't see it, with a tooltip on every mark, and with ids that collide with no other's. */
import { escapeHtml } from './escape-html.js'

export function inlineSvg(svg: string, id: string, alternative: string): string {
  return markTitles(svg)
    .replace(/\bid="([^"]+)"/g, (_, name: string) => `id="${id}-${name}"`)
    .replace(/url\(#([^)]+)\)/g, (_, name: string) => `url(#${id}-${name})`)
    .replace(
      /^<svg[^>]*viewBox="([^"]+)"[^>]*>/,
      (_, box: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" role="img" aria-label="${escapeHtml(alternative)}">`,
    )
}

/** Vega writes a mark's description as a label; browsers show a <title> on hover, and the page's script takes it from there. */
function markTitles(svg: string): string {
  return svg.replace(
    /<path aria-label="([^"]*)"([^>]*?)(?:\/>|><\/path>)/g,
    (_, label: string, rest: string) => `<path${rest}><title>${label}</title></path>`,
  )
}
