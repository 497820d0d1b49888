/** The answer in two sentences per flow, each of its numbers leading to the rows and stages that it came from. */
import { mainRow } from '../cells.js'
import { allFindings, type Findings } from '../findings.js'
import type { Report } from '../report.js'
import { answerSentence, explained, namedStages, whereSentence } from '../sentences.js'
import { type CarriedAt, throughputAnswer, throughputSentences } from '../throughput-answer.js'
import { escapeHtml } from './escape-html.js'
import { linked } from './html-table.js'

export function answerHtml(report: Report): string {
  const said = report.flows.flatMap((flow) => {
    const all = allFindings(report, flow)
    const carried = throughputAnswer(report, flow)
    if (carried.length > 0) return carriedHtml(carried)
    const where = all[0] ? whereSentence(all[0], 'µs') : null
    return [...all.map((findings) => costs(report, findings)), ...(where === null ? [] : [whereItGoes(report, all[0]!, where)])]
  })
  return said.join(' ') || 'No latency was simulated or measured.'
}

function carriedHtml(places: readonly CarriedAt[]): string[] {
  const sentences = throughputSentences(places)
  return places.map(({ clauses }, i) => {
    const sources = clauses.map(({ from }): Source => ({ after: ' carries ', from }))
    return withLinks(sentences[i]!, sources, ESTIMATE)
  })
}

/** An estimate, and the stage's microseconds in parentheses, as the sentences write them. */
const ESTIMATE = /[−\d.]+ ± [\d.]+/
const IN_PARENTHESES = /\([\d.]+(?: ± [\d.]+)? [µm]s\)/

function costs(report: Report, findings: Findings): string {
  const base = findings.models.find(({ model }) => model === report.baseline)
  // As the sentence names them: the baseline first.
  const named = base ? [base, ...findings.models.filter((finding) => finding !== base)] : findings.models
  const sources = named.map(({ model, cell, difference }): Source => {
    const isAgainst = difference !== null && base !== undefined
    return {
      after: named.length > 1 ? `${model} ` : 'takes ',
      from: [mainRow(cell).rowId, ...(isAgainst ? [mainRow(base.cell).rowId] : [])],
    }
  })
  const ends = (findings.stalls.length > 0 ? [] : (findings.last?.models ?? [])).map(
    ({ model, cell }): Source => ({ after: `${model} `, from: [mainRow(cell).rowId] }),
  )
  return withLinks(answerSentence(report, findings, 'µs'), [...sources, ...ends], ESTIMATE)
}

function whereItGoes(report: Report, findings: Findings, sentence: string): string {
  const heads = new Map(findings.models.map(({ model, cell }) => [model, cell.point]))
  const record = (model: string, stage: string): string[] => {
    const at = report.stages.findIndex((row) => row.point === heads.get(model) && row.flow === findings.flow && row.stage === stage)
    return at < 0 ? [] : [`stage ${at + 1}`]
  }
  const { adding, saving } = explained(findings)
  const alone = findings.largest.map(({ stage }): Source => ({ after: `${stage} (`, from: record(report.baseline, stage) }))
  const sources = [...adding, ...saving].flatMap((finding) =>
    namedStages(findings, finding).map(
      ({ stage }): Source => ({ after: `${stage} (`, from: [...record(finding.model, stage), ...record(report.baseline, stage)] }),
    ),
  )
  return withLinks(sentence, [...alone, ...sources], IN_PARENTHESES)
}

interface Source {
  /** The words before the number. */
  readonly after: string
  readonly from: readonly string[]
}

/** Sources stand in the order of the sentence; one that it does not name is passed over. */
function withLinks(sentence: string, sources: readonly Source[], number: RegExp): string {
  let html = ''
  let rest = sentence
  for (const { after, from } of sources) {
    // A sentence that opens with a model's name has its first letter in upper case.
    const at = rest.toLowerCase().indexOf(after.toLowerCase())
    const match = at < 0 ? null : number.exec(rest.slice(at))
    if (match === null) continue
    const start = at + match.index
    html += escapeHtml(rest.slice(0, start)) + linked(escapeHtml(match[0]), from)
    rest = rest.slice(start + match[0].length)
  }
  return html + escapeHtml(rest)
}
