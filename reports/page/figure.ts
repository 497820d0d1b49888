import { escapeHtml } from './escape-html.js'
import { inlineSvg } from './inline-svg.js'

export interface PageFigure {
  /** `latency-by-size`: the name of its files, too. */
  readonly name: string
  readonly title: string
  readonly caption: string
  /** In the page's colours. */
  readonly svg: string
  /** As for one column of a paper, to be saved from the page. */
  readonly file: string
}

/** On the first screen: the chart alone, whose caption a screen reader hears. */
export function leadFigure({ name, title, caption, svg }: PageFigure): string {
  return `<figure>${chart(`first-${name}`, title, caption, svg)}</figure>`
}

export function fullFigure({ name, title, caption, svg }: PageFigure): string {
  const files = ['pdf', 'png', 'svg'].map((ending) => `<a href="figures/${name}.${ending}">${ending.toUpperCase()}</a>`).join(', ')
  const beside = `Beside this page: ${files}; for two columns: <a href="figures/${name}-wide.pdf">PDF</a>.`
  return (
    `<figure id="figure-${escapeHtml(name)}" data-file="${escapeHtml(name)}.svg">${chart(`all-${name}`, title, title, svg)}` +
    `<figcaption>${escapeHtml(caption)} ${beside}</figcaption></figure>`
  )
}

/** The group takes the keyboard's focus: its arrows step through the values (browser/charts.ts). */
function chart(id: string, title: string, alternative: string, svg: string): string {
  return (
    `<div class="chart" tabindex="0" role="group" aria-roledescription="chart" aria-label="${escapeHtml(title)}">` +
    `${inlineSvg(svg, id, alternative)}</div>`
  )
}
