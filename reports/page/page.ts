/** The report as one HTML file: it opens from disk, asks the network for nothing, and runs its own script alone. */
import type { UndrawnFigure } from '../figures/undrawn.js'
import { headStatistic } from '../head-statistic.js'
import type { Report } from '../report.js'
import { profileScope, timesScope, trafficScope } from '../scope.js'
import { intervalWords } from '../sentences.js'
import type { Table } from '../tables/table.js'
import type { WhatIfPage } from '../what-if/initial.js'
import { answerHtml } from './answer.js'
import { embeddedFile, embeddedJson, policyFor } from './embed.js'
import { escapeHtml } from './escape-html.js'
import { fullFigure, leadFigure, type PageFigure } from './figure.js'
import { htmlTable } from './html-table.js'
import type { PageScripts } from './scripts.js'
import { pageStyle } from './style.js'
import { trustBox } from './trust-box.js'

export interface PageParts {
  readonly figures: readonly PageFigure[]
  /** Figures that the rows could not fill, which a reader may look for. */
  readonly undrawn?: readonly UndrawnFigure[]
  readonly tables: readonly Table[]
  /** Files that the page carries compressed, by the name under which they are saved: `rows.csv`, `latency-by-size.svg`. */
  readonly files: ReadonlyMap<string, string>
  /** Without them the page shows everything and answers nothing. */
  readonly scripts: PageScripts | null
  /** Null where nothing can be simulated (measured rows alone). */
  readonly whatIf: WhatIfPage | null
  readonly resultPath: string
}

/** What stands on the first screen, by preference: the first of each list that the report has. */
const leadFigures = ['latency-by-size', 'latency-load', 'latency-cdf', 'throughput', 'validation']
const stageFigures = ['stage-differences', 'stage-breakdown', 'processor-time']

export function reportPage(report: Report, parts: PageParts): string {
  const { experiment } = report
  const lead = find(parts.figures, leadFigures)
  const stages = find(parts.figures, stageFigures)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyFor(parts.scripts?.page ?? '')}">
<title>${escapeHtml(experiment.name)}: ${escapeHtml(experiment.question)}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#figures">Skip to all figures</a>
<nav class="parts" aria-label="Parts of this page"><a href="#top">Answer</a> ${parts.whatIf ? '<a href="#what-if">What if</a> ' : ''}<a href="#figures">Figures</a> <a href="#tables">Tables</a> <a href="#rows">Rows</a></nav>
<header id="top">
<h1>${escapeHtml(experiment.question)}</h1>
<p class="scope">${escapeHtml(scopeLine(report))}</p>
<p class="answer">${answerHtml(report)}</p>
</header>
<main>
<div class="first">
<div class="main">${lead ? leadFigure(lead) : ''}
<div class="foot">${reproduce(report, parts)}</div></div>
<div class="side">${stages ? leadFigure(stages) : ''}
<div class="boxes">${trustBox(report)}${warnings(report)}</div></div>
</div>
${parts.whatIf ? whatIfSection : ''}
<h2 id="figures">Figures</h2>
${contents(
  'All figures',
  parts.figures.map(({ name, title }) => [`figure-${name}`, title]),
)}
<div class="figures">
${parts.figures.map(fullFigure).join('\n')}
</div>
${undrawnNote(parts.undrawn ?? [])}
<h2 id="tables">Tables</h2>
${contents(
  'All tables',
  parts.tables.map(({ name, title }) => [`table-${name}`, title]),
)}
${parts.tables.map((table) => `${htmlTable(table)}<p class="note">Beside this page: ${tableLinks(table)}</p>`).join('\n')}
<h2 id="rows">Rows</h2>
<p>${rows(report)}</p>
<div id="rows-here"></div>
</main>
<footer><p class="note">Made by Fairway (MIT). The simulator in this page carries Vega and Vega-Lite (BSD-3-Clause), D3 (ISC), yaml (ISC), zod (MIT) and stdlib (Apache-2.0).</p></footer>
${carried(report, parts)}</body>
</html>
`
}

function undrawnNote(undrawn: readonly UndrawnFigure[]): string {
  if (undrawn.length === 0) return ''
  const words = undrawn.map(({ figure, reason }) => `${figure} (${reason})`)
  return `<p class="note">Not drawn: ${escapeHtml(words.join('; '))}.</p>`
}

/** What a long part holds, to go straight to it; one thing needs no list. */
function contents(label: string, entries: readonly (readonly [id: string, title: string])[]): string {
  if (entries.length < 2) return ''
  const items = entries.map(([id, title]) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`)
  return `<nav class="contents" aria-label="${label}"><ul>${items.join('')}</ul></nav>`
}

/** The script fills it (browser/what-if-panel.ts). */
const whatIfSection = `<section id="what-if" aria-labelledby="what-if-title">
<h2 id="what-if-title">What if</h2>
<noscript><p>The simulator in this page needs JavaScript; <code>npm run -s fairway -- new mine</code> does the same from a file.</p></noscript>
</section>`

/** What only the script reads, and the script. */
function carried(report: Report, { files, scripts, whatIf, resultPath }: PageParts): string {
  if (scripts === null) return ''
  const origin = {
    command: report.command,
    experimentFile: `${resultPath}/experiment.yaml`,
    experimentText: report.file?.text ?? '',
    resultPath,
  }
  return `${[
    embeddedJson('origin', origin),
    ...(whatIf ? [embeddedJson('what-if-data', whatIf), embeddedFile('what-if.js', scripts.whatIf)] : []),
    ...[...files].map(([name, text]) => embeddedFile(name, text)),
    `<script>${scripts.page}</script>`,
  ].join('\n')}\n`
}

function find(figures: readonly PageFigure[], names: readonly string[]): PageFigure | undefined {
  return names.flatMap((name) => figures.find((one) => one.name === name) ?? [])[0]
}

function scopeLine(report: Report): string {
  const profile = report.profile ? [`${profileScope(report.profile)} (it describes that machine, not yours)`] : []
  return `${[trafficScope(report.experiment), timesScope(report.experiment, headStatistic(report)).replaceAll(' =', ':'), intervalWords(report), ...profile].join('; ')}.`
}

function warnings(report: Report): string {
  const found = report.allWarnings
  const words = found.length === 0 ? '<p>none</p>' : `<ul>${found.map((warning) => `<li>${escapeHtml(warning.text)}</li>`).join('')}</ul>`
  return `<section class="box warnings${found.length === 0 ? '' : ' some'}" aria-labelledby="warnings"><h2 id="warnings">Warnings</h2>${words}</section>`
}

function reproduce(report: Report, { resultPath }: PageParts): string {
  const cite = `npm run -s fairway -- cite ${resultPath}`
  const citation = report.citation
    ? `<details><summary>BibTeX</summary><pre tabindex="0" aria-label="BibTeX">${escapeHtml(report.citation)}</pre></details>`
    : ''
  return (
    `<section class="box" aria-labelledby="reproduce"><h2 id="reproduce">Make it again</h2><code>${escapeHtml(report.command)}</code></section>` +
    `<section class="box" aria-labelledby="cite"><h2 id="cite">Cite</h2><code>${escapeHtml(cite)}</code>${citation}</section>`
  )
}

function tableLinks({ name }: Table): string {
  return ['md', 'tex', 'csv'].map((ending) => `<a href="tables/${name}.${ending}">${name}.${ending}</a>`).join(', ')
}

function rows(report: Report): string {
  const files = ['rows.csv', 'rows.parquet', 'tables/stages.csv'].map((file) => `<a href="${file}">${file}</a>`).join(', ')
  return `${report.rows.length.toLocaleString('en-US')} rows, beside this page: ${files}.`
}
