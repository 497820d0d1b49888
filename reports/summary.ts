/** The first screen on a terminal: the question, a line per network model, the answer, how far to trust it, and what to do next. */
import { type Cell, mainRow, relativeError } from './cells.js'
import { headPlace, headPoints } from './figures/head-points.js'
import type { UndrawnFigure } from './figures/undrawn.js'
import { allFindings, compareCells, type Findings, type ModelFinding } from './findings.js'
import { DIGITS_BESIDE_ERROR, estimate, percent } from './format/estimate.js'
import { displayUnit } from './format/units.js'
import { headStatistic } from './head-statistic.js'
import type { Report } from './report.js'
import { modelLabel, profileScope, timesScope, trafficScope } from './scope.js'
import { answerSentence, DIGITS_OF_STAGES, intervalWords, trustSentence } from './sentences.js'
import { throughputAnswer, throughputSentences } from './throughput-answer.js'

const COMMAND = 'npm run -s fairway --'
const STAGES_SHOWN = 2

export interface SummaryOptions {
  /** The result folder as the reader would type it: `results/network-models`. */
  readonly folder: string
  /** The experiment file as the reader would type it, for the next commands; null where it is unknown. */
  readonly file?: string | null
  /** A bar as long as the first number is of the second; default: none. */
  readonly bar?: (value: number, most: number) => string
  /** Figures that were asked for and could not be drawn. */
  readonly missed?: readonly UndrawnFigure[]
  /** Wall-clock seconds of the simulation; left out where nothing was simulated. */
  readonly elapsedS?: number
}

export function summaryLines(report: Report, options: SummaryOptions): string[] {
  const findings = report.flows.flatMap((flow) => allFindings(report, flow))
  const { experiment } = report
  const intervals = intervalWords(report)
  const carried = report.flows.flatMap((flow) => {
    const answer = throughputAnswer(report, flow)
    return answer.length === 0 ? [] : [{ flow, answer: throughputSentences(answer).join(' ') }]
  })
  return [
    experiment.question,
    `${trafficScope(experiment).replace(/;/, `; ${timesScope(experiment, headStatistic(report), 'us')};`)}.  ${intervals.charAt(0).toUpperCase()}${intervals.slice(1)}`,
    ...(report.profile
      ? [`${profileScope(report.profile)}.  It describes that machine, not yours: \`${COMMAND} calibrate --measure\``]
      : []),
    ...findings.flatMap((finding) => [
      '',
      ...table(report, finding, options.bar ?? (() => '')),
      '',
      `Answer: ${answerSentence(report, finding, 'us')}`,
    ]),
    ...carried.flatMap(({ flow, answer }) => ['', ...carriedTable(report, flow, options.bar ?? (() => '')), '', `Answer: ${answer}`]),
    ...(findings.length + carried.length === 0 ? ['', 'No latency was simulated or measured.'] : []),
    `Trust:  ${trustSentence(report)}`,
    ...warningLines(report),
    ...(options.missed ?? []).map(({ figure, reason }) => `Missing figure ${figure}: ${reason}`),
    `Report  ${options.folder}/index.html     Rows  rows.csv, rows.parquet     (${work(report, options)})`,
    `Next    ${next(experiment.name, options.file ?? null)}`,
  ].map(ascii)
}

function table(report: Report, findings: Findings, bar: (value: number, most: number) => string): string[] {
  const runs = findings.models.flatMap(({ cell }) => (cell.measured ? [cell.measured.runs] : []))
  const counted = runs.length === 0 ? '' : ` (${range(runs)})`
  const head = [
    report.flows.length > 1 ? `${findings.flow}, ${findings.place}` : findings.place,
    'simulated',
    '',
    `measured${counted}`,
    'error',
    findings.models.length > 1 ? `against ${report.baseline}` : '',
    lastTitle(findings),
  ]
  const most = Math.max(...findings.models.map(({ value }) => value.value))
  const lines = findings.models.map((finding) => line(report, findings, finding, bar(finding.value.value, most)))
  const rows = [head, ...lines]
  return align(rows.map((cells) => cells.filter((_, column) => column === 0 || rows.some((row) => row[column] !== ''))))
}

/** What each network model carries at its first point. */
function carriedTable(report: Report, flow: string, bar: (value: number, most: number) => string): string[] {
  const heads = new Set(headPoints(report).values())
  const cells = report.cells.filter((cell) => cell.flow === flow && cell.metric === 'throughput' && heads.has(cell.point))
  const base = cells.find(({ model }) => model === report.baseline)
  const { perUnit, ascii: unit } = displayUnit('throughput')
  const runs = cells.flatMap(({ measured }) => (measured ? [measured.runs] : []))
  const most = Math.max(...cells.map((cell) => mainRow(cell).value))
  const said = (row: Cell['simulated']): string =>
    row ? estimate(row.value / perUnit, row.halfWidth === null ? null : row.halfWidth / perUnit, DIGITS_BESIDE_ERROR) : '-'
  const lines = cells.map((cell) => {
    const error = relativeError(cell)
    const against = base && cell !== base ? compareCells(report, base, cell) : null
    const ratio = against === null ? '-' : estimate(against.ratio.value, against.ratio.halfWidth)
    return [
      modelLabel(report.experiment, cell.model),
      said(cell.simulated),
      bar(mainRow(cell).value, most),
      said(cell.measured),
      error === null ? '-' : cell.fitted ? 'fitted' : percent(error, { signed: true }),
      cells.length === 1 ? '' : cell === base ? '1' : ratio,
    ]
  })
  const place = [report.flows.length > 1 ? flow : '', headPlace(report, flow)].filter((part) => part !== '').join(', ')
  const measured = `measured${runs.length === 0 ? '' : ` (${range(runs)})`}`
  const head = [place, `simulated (${unit})`, '', measured, 'error', cells.length > 1 ? `against ${report.baseline}` : '']
  const rows = [head, ...lines]
  return align(rows.map((row) => row.filter((_, column) => column === 0 || rows.some((one) => one[column] !== ''))))
}

function lastTitle({ models, largest }: Findings): string {
  const { ascii } = displayUnit(models[0]!.cell.metric)
  if (largest.length > 0) return `largest stages (${ascii})`
  return models.some(({ stages, waits }) => stages.length > 0 || waits !== null) ? `largest differences (${ascii})` : ''
}

function line(report: Report, findings: Findings, { model, cell, ratio, stages, waits }: ModelFinding, bar: string): string[] {
  const isAlone = findings.models.length === 1
  const named = isAlone ? findings.largest : stages
  const { perUnit } = displayUnit(cell.metric)
  const said = (row: typeof cell.simulated): string =>
    row ? estimate(row.value / perUnit, row.halfWidth === null ? null : row.halfWidth / perUnit, DIGITS_BESIDE_ERROR) : '-'
  const usPerUnit = perUnit / displayUnit('latency').perUnit
  const stageSaid = (us: number, halfUs: number | null): string =>
    estimate(us / usPerUnit, halfUs === null ? null : halfUs / usPerUnit, DIGITS_OF_STAGES)
  const error = relativeError(cell)
  return [
    modelLabel(report.experiment, model),
    said(cell.simulated),
    bar,
    said(cell.measured),
    error === null ? '-' : cell.fitted ? 'fitted' : percent(error, { signed: true }),
    isAlone ? '' : model === report.baseline ? '1' : ratio ? estimate(ratio.value, ratio.halfWidth) : '-',
    waits ??
      named
        .slice(0, STAGES_SHOWN)
        .map(({ stage, us, halfUs }) => `${stage} ${stageSaid(us, halfUs)}`)
        .join('  '),
  ]
}

/** Columns as wide as their widest cell, indented by two; no trailing blanks. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]! + 3)).join('')}`.trimEnd())
}

function warningLines(report: Report): string[] {
  return report.allWarnings.map((warning) => `Warning ${warning.text}`)
}

function work({ experiment, cells }: Report, { elapsedS }: SummaryOptions): string {
  const replications = cells.flatMap((cell) => (cell.simulated ? [cell.simulated.runs] : []))
  const points = experiment.points.length === 1 ? '1 point' : `${experiment.points.length} points`
  if (replications.length === 0) return `${points}, nothing simulated`
  const time = elapsedS === undefined ? '' : `, ${elapsedS < 10 ? elapsedS.toFixed(1) : elapsedS.toFixed(0)} s`
  const each = range(replications)
  return `${points} x ${each === '1' ? '1 replication' : `${each} replications`}${time}`
}

function next(name: string, file: string | null): string {
  const fresh = name.startsWith('mine') ? `${name}-2` : 'mine'
  const commands = [`new ${fresh} --from ${name}`, ...(file === null ? [] : [`measure ${file}\` (root)`]), 'doctor']
  return commands.map((command) => `\`... ${command}${command.endsWith(' (root)') ? '' : '`'}`).join('  |  ')
}

function range(values: readonly number[]): string {
  const least = Math.min(...values)
  const most = Math.max(...values)
  return least === most ? String(least) : `${least}-${most}`
}

/** A terminal may be narrow in its characters: `±` stays, because every locale since Latin-1 has it. */
function ascii(text: string): string {
  return text.replaceAll('µ', 'u').replaceAll('−', '-').replaceAll('×', 'x')
}
