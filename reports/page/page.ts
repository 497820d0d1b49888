/** The report as one HTML file: it opens from disk, asks the network for nothing and runs no script. */
import { findingsOf } from '../findings.js'
import type { Report } from '../report.js'
import { profileScope, trafficScope } from '../scope.js'
import { answerSentence, intervalWords, whereSentence } from '../sentences.js'
import { htmlTable } from '../tables/html.js'
import type { Table } from '../tables/table.js'
import { escapeHtml } from './escape-html.js'
import { inlineSvg } from './inline-svg.js'
import { pageStyle } from './style.js'
import { trustBox } from './trust-box.js'

export interface PageFigure {
  /** `latency-by-size`: the name of its files, too. */
  readonly name: string
  readonly title: string
  readonly caption: string
  readonly svg: string
}

export interface PageParts {
  readonly figures: readonly PageFigure[]
  readonly tables: readonly Table[]
  /** The rows as CSV, to be saved from the page itself; null where they would make it too large. */
  readonly rowsCsv: string | null
  readonly resultPath: string
}

/** What stands on the first screen, by preference: the first of each list that the report has. */
const leadFigures = ['latency-by-size', 'latency-cdf', 'validation']
const stageFigures = ['stage-differences', 'stage-breakdown']

export function reportPage(report: Report, parts: PageParts): string {
  const { experiment } = report
  const lead = find(parts.figures, leadFigures)
  const stages = find(parts.figures, stageFigures)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(experiment.name)}: ${escapeHtml(experiment.question)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#figures">Skip to all figures</a>
<header>
<h1>${escapeHtml(experiment.question)}</h1>
<p class="scope">${escapeHtml(scopeLine(report))}</p>
<p class="answer">${escapeHtml(answer(report))}</p>
</header>
<main>
<div class="first">
<div class="main">${lead ? figure(lead, 'first', false) : ''}
<div class="foot">${reproduce(report, parts)}</div></div>
<div class="side">${stages ? figure(stages, 'first', false) : ''}
<div class="boxes">${trustBox(report)}${warnings(report)}</div></div>
</div>
<h2 id="figures">Figures</h2>
<div class="figures">
${parts.figures.map((one) => figure(one, 'all', true)).join('\n')}
</div>
<h2 id="tables">Tables</h2>
${parts.tables.map((table) => `${htmlTable(table)}<p class="note">Files: ${tableLinks(table)}</p>`).join('\n')}
<h2 id="rows">Rows</h2>
<p>${rows(report, parts)}</p>
</main>
</body>
</html>
`
}

function find(figures: readonly PageFigure[], names: readonly string[]): PageFigure | undefined {
  return names.flatMap((name) => figures.find((one) => one.name === name) ?? [])[0]
}

function scopeLine(report: Report): string {
  const profile = report.profile ? [`${profileScope(report.profile)} (it describes that machine, not yours)`] : []
  return `${[trafficScope(report.experiment), 'latency: half the round trip, p50', intervalWords(report), ...profile].join('; ')}.`
}

/** Two sentences per flow: what it costs, and where that is spent. */
function answer(report: Report): string {
  const said = report.flows.flatMap((flow) => {
    const findings = findingsOf(report, flow)
    return findings ? [answerSentence(report, findings, 'µs'), whereSentence(findings, 'µs') ?? ''] : []
  })
  return said.filter((sentence) => sentence !== '').join(' ') || 'No latency was simulated or measured.'
}

function figure({ name, title, caption, svg }: PageFigure, place: string, isFull: boolean): string {
  const files = ['svg', 'pdf', 'png'].map((ending) => `<a href="figures/${name}.${ending}">${ending.toUpperCase()}</a>`).join(', ')
  const below = isFull
    ? `<figcaption>${escapeHtml(caption)} Files: ${files}; for two columns: <a href="figures/${name}-wide.pdf">PDF</a>.</figcaption>`
    : ''
  return `<figure>${inlineSvg(svg, `${place}-${name}`, isFull ? title : caption)}${below}</figure>`
}

function warnings(report: Report): string {
  const found = report.allWarnings
  const words = found.length === 0 ? '<p>none</p>' : `<ul>${found.map((warning) => `<li>${escapeHtml(warning.text)}</li>`).join('')}</ul>`
  return `<section class="box warnings${found.length === 0 ? '' : ' some'}" aria-labelledby="warnings"><h3 id="warnings">Warnings</h3>${words}</section>`
}

function reproduce(report: Report, { resultPath }: PageParts): string {
  const cite = `npm run -s fairway -- cite ${resultPath}`
  const citation = report.citation ? `<details><summary>BibTeX</summary><pre>${escapeHtml(report.citation)}</pre></details>` : ''
  return (
    `<section class="box" aria-labelledby="reproduce"><h3 id="reproduce">Make it again</h3><code>${escapeHtml(report.command)}</code></section>` +
    `<section class="box" aria-labelledby="cite"><h3 id="cite">Cite</h3><code>${escapeHtml(cite)}</code>${citation}</section>`
  )
}

function tableLinks({ name }: Table): string {
  return ['md', 'tex', 'csv'].map((ending) => `<a href="tables/${name}.${ending}">${name}.${ending}</a>`).join(', ')
}

function rows(report: Report, { rowsCsv }: PageParts): string {
  const count = `${report.rows.length.toLocaleString('en-US')} rows`
  const beside = `beside this page: <a href="rows.csv">rows.csv</a>, <a href="rows.parquet">rows.parquet</a>, <a href="tables/stages.csv">tables/stages.csv</a>`
  if (rowsCsv === null) return `${count}, ${beside}.`
  const data = Buffer.from(rowsCsv, 'utf8').toString('base64')
  return `${count}: <a download="rows.csv" href="data:text/csv;charset=utf-8;base64,${data}">save rows.csv from this page</a>; ${beside}.`
}
