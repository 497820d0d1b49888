/** The page's script. Everything that it does is an addition: without it, question, answer, figures and tables stand there all the same. */
import { watchCharts } from './charts.js'
import { button } from './element.js'
import { embeddedText, save } from './embedded.js'
import { watchNumbers } from './row-card.js'
import { offerRows } from './rows.js'
import { offerScheme } from './scheme.js'
import { watchTables } from './tables.js'
import { offerWhatIf } from './what-if-panel.js'
import { offerZoom, toolsOf } from './zoom.js'

watchCharts()
for (const figure of document.querySelectorAll<HTMLElement>('figure')) {
  offerZoom(figure)
  offerFile(figure)
}
watchTables()
watchNumbers()
offerScheme(document.querySelector<HTMLElement>('nav')!)
offerRows(document.getElementById('rows-here')!)
const whatIf = document.getElementById('what-if')
if (whatIf !== null) offerWhatIf(whatIf)

/** The figure as the command writes it for a paper, out of the page itself. */
function offerFile(figure: HTMLElement): void {
  const name = figure.dataset['file']
  if (name === undefined || document.querySelector(`script[data-file="${name}"]`) === null) return
  const store = async () => save(name, (await embeddedText(name)) ?? '', 'image/svg+xml')
  toolsOf(figure).append(button('Save SVG', () => void store(), { class: 'quiet', 'aria-label': `Save SVG: ${name}` }))
}
