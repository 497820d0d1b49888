/** What a reader must know before believing a number. */
import { publishedData } from '../figures/published-data.js'
import { percent } from '../format/estimate.js'
import { publishedInShort } from '../published-verdict.js'
import type { Report } from '../report.js'
import { sharesKernel, trafficScope } from '../scope.js'
import { apartWords, baselineWords, workloadWords } from '../sentences.js'
import { publishedName } from '../tables/report-tables.js'
import { isThroughput, repeatabilityOf, type WorkloadEvidence } from '../trust.js'
import { escapeHtml } from './escape-html.js'

export function trustBox(report: Report): string {
  const entries = trustEntries(report).map(([term, words, table]) => {
    const shown = table === undefined ? escapeHtml(words) : `<a href="#table-${table}">${escapeHtml(words)}</a>`
    return `<dt>${escapeHtml(term)}</dt><dd>${shown}</dd>`
  })
  return `<section class="box trust" aria-labelledby="trust"><h2 id="trust">How far to trust it</h2><dl>${entries.join('')}</dl></section>`
}

/** `table`: where its numbers stand one by one. */
type Entry = readonly [term: string, words: string, table?: string]

function trustEntries(report: Report): Entry[] {
  const entries = report.evidence.flatMap((one) => entriesOf(one, report.evidence.length > 1 ? `, ${workloadWords[one.workload]}` : ''))
  for (const flow of report.flows) {
    const data = publishedData(report, flow)
    if (data) entries.push(['published', publishedInShort(data), publishedName(report, flow)])
  }
  const oneKernel = report.experiment.points.some((point) => sharesKernel(point.scenario)) ? '; two hosts share one kernel' : ''
  entries.push(['scope', `${trafficScope(report.experiment)}${oneKernel}`])
  return entries
}

/** @param of which workload's they are, where there are several */
function entriesOf(evidence: WorkloadEvidence, of: string): Entry[] {
  const { own, ofProfile, workload, cells } = evidence
  const entries: Entry[] = []
  if (own)
    entries.push([
      `held out, here${of}`,
      [
        `${own.points} points: median error ${percent(own.medianError)}, worst ${percent(own.worstError)} (${own.worstPoint})`,
        ...apartWords(own),
      ].join('; '),
      'validation',
    ])
  if (own && own.coverage !== null && own.medianHalfWidth !== null) {
    const what = own.metric === 'throughput' ? own.metric : own.statistic
    entries.push([
      `intervals${of}`,
      `hold ${percent(own.coverage, { decimals: 0 })} of these points' ${what}; median half-width ${percent(own.medianHalfWidth)}`,
    ])
  }
  if (ofProfile) {
    const worst = `median error ${percent(ofProfile.medianError)}, worst ${percent(ofProfile.worstError)} (${ofProfile.worstPoint})`
    const which = workload === 'ping-pong' ? '' : `${workloadWords[workload]}, `
    entries.push([`profile${of}`, `${which}${ofProfile.points} held-out points of ${dataSetWords(ofProfile.dataSet)}: ${worst}`])
  }
  if (!own && !ofProfile)
    entries.push([`held out${of}`, `no ${workloadWords[workload]} of this profile were compared yet (fairway validate does it)`])
  const measured = workload === 'stream' ? repeatabilityOf(cells, 'mean', isThroughput) : repeatabilityOf(cells)
  const repeatability = own?.repeatability ?? measured ?? ofProfile?.repeatability ?? null
  entries.push([
    `repeatability${of}`,
    repeatability === null ? 'not measured' : `measurements repeat to ${percent(repeatability)}, the floor of any error`,
  ])
  const baselines = baselineWords(evidence, 2)
  const isCompared = workload === 'ping-pong' || workload === 'connect' || workload === 'http'
  const none = isCompared
    ? 'none here (fairway validate compares with a linear sum and the nearest path)'
    : `none: ${workloadWords[workload]} are no sum of what a path has`
  entries.push([`baselines${of}`, baselines === '' ? none : baselines])
  return entries
}

/** Of many data sets their number: the first screen has no room for all names, which the profile holds. */
function dataSetWords(dataSet: string): string {
  const names = dataSet.split(', ')
  return names.length > 3 ? `${names.length} data sets` : dataSet
}
