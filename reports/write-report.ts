/** Draws a report into a result folder: figures, tables, page. The only place of this room, besides render/, that touches the world. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { atomicWrite, type ResultFolder, rowsToCsv, stagesToCsv } from '../experiments/store/index.js'
import { reportFigures } from './figures/report-figures.js'
import { missedFigures, undrawnFigures } from './figures/undrawn.js'
import type { PageFigure } from './page/figure.js'
import { reportPage } from './page/page.js'
import { pageScripts } from './page/scripts.js'
import { whatIfPage } from './page/what-if-data.js'
import { renderPdf } from './render/pdf.js'
import { renderPng } from './render/png.js'
import { renderSvg, sizeOf } from './render/svg.js'
import { prepareReport, type Report, type ReportInput } from './report.js'
import { type SummaryOptions, summaryLines } from './summary.js'
import { csvTable } from './tables/csv.js'
import { latexTable, latexText } from './tables/latex.js'
import { markdownTable } from './tables/markdown.js'
import { reportTables } from './tables/report-tables.js'
import { oneColumn, onPage, twoColumns } from './theme.js'

export interface WrittenReport {
  readonly report: Report
  /** The terminal's first screen. */
  readonly summary: string
}

/** Rows that are larger stay beside the page instead of in it: compressed they take about a twelfth, and the page keeps well under 6 MB. */
const MOST_CSV_BYTES = 20_000_000

/** Writes `index.html`, `figures/` and `tables/` (but not `tables/stages.csv`, which is data). The same input gives the same bytes. */
export async function writeReport(folder: ResultFolder, input: ReportInput, options: Partial<SummaryOptions> = {}): Promise<WrittenReport> {
  const report = prepareReport(input)
  const written = new Set<string>()
  const write = (path: string, content: string | Uint8Array): void => {
    atomicWrite(path, content)
    written.add(path)
  }

  const onPages: PageFigure[] = []
  const figures = reportFigures(report)
  const undrawn = undrawnFigures(report, figures)
  for (const figure of figures) {
    const file = await renderSvg(figure.draw(oneColumn))
    for (const [name, svg, environment] of [
      [figure.name, file, 'figure'],
      [`${figure.name}-wide`, await renderSvg(figure.draw(twoColumns)), 'figure*'],
    ] as const) {
      const path = join(folder.figures, name)
      for (const [ending, content] of await picturesOf(svg, figure.title)) write(`${path}.${ending}`, content)
      write(`${path}.tex`, figureTex(name, figure.caption, environment, input.experiment.name))
    }
    onPages.push({ ...figure, svg: await renderSvg(figure.draw(onPage)), file })
  }

  const tables = reportTables(report)
  for (const table of tables) {
    const base = join(folder.tables, table.name)
    write(`${base}.md`, markdownTable(table))
    write(`${base}.tex`, latexTable(table, input.experiment.name))
    write(`${base}.csv`, csvTable(table))
  }
  written.add(folder.stages)

  const path = options.folder ?? folder.path
  const page = reportPage(report, {
    figures: onPages,
    undrawn,
    tables,
    files: carriedFiles(report, onPages),
    scripts: await pageScripts(),
    whatIf: await whatIfPage(report),
    resultPath: path,
  })
  atomicWrite(folder.page, page)
  for (const place of [folder.figures, folder.tables]) removeOthers(place, written)
  return { report, summary: summaryLines(report, { folder: path, missed: missedFigures(report, undrawn), ...options }).join('\n') }
}

/** What can be saved from the page alone, should its folder be lost. */
function carriedFiles(report: Report, figures: readonly PageFigure[]): ReadonlyMap<string, string> {
  const rows = rowsToCsv(report.rows)
  return new Map([
    ...(rows.length <= MOST_CSV_BYTES ? [['rows.csv', rows] as const] : []),
    ['stages.csv', stagesToCsv(report.stages)],
    ...figures.map(({ name, file }) => [`${name}.svg`, file] as const),
  ])
}

async function picturesOf(svg: string, title: string): Promise<[string, string | Uint8Array][]> {
  const { widthPt, heightPt } = sizeOf(svg)
  return [
    ['svg', svg],
    ['png', renderPng(svg, widthPt)],
    ['pdf', await renderPdf(svg, widthPt, heightPt, title)],
  ]
}

/** What a paper inputs: the picture at its own size, with the caption that the rows wrote; `figure*` spans both columns. */
function figureTex(name: string, caption: string, environment: 'figure' | 'figure*', experiment: string): string {
  return `% needs \\usepackage{graphicx}
\\begin{${environment}}
  \\centering
  \\includegraphics{${name}.pdf}
  \\caption{${latexText(caption)}}
  \\label{fig:${experiment}-${name}}
\\end{${environment}}
`
}

/** A figure or table of an earlier report that this one no longer has would be taken for its own. Only our own folders are looked at. */
function removeOthers(place: string, written: ReadonlySet<string>): void {
  if (!existsSync(place)) return
  for (const name of readdirSync(place))
    if (/\.(svg|png|pdf|tex|md|csv)$/.test(name) && !written.has(join(place, name))) rmSync(join(place, name))
}
