/** What a reader must know before believing a number. */
import { publishedData } from '../figures/published-data.js'
import { percent } from '../format/estimate.js'
import { headStatistic } from '../head-statistic.js'
import { publishedInShort } from '../published-verdict.js'
import type { Report } from '../report.js'
import { sharesKernel, trafficScope } from '../scope.js'
import { apartWords, baselineWords } from '../sentences.js'
import { publishedName } from '../tables/report-tables.js'
import { repeatabilityOf } from '../trust.js'
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
  const { errors, profile } = report
  const validation = profile?.validation ?? null
  const entries: Entry[] = []
  if (errors)
    entries.push([
      'held out, here',
      [
        `${errors.points} points: median error ${percent(errors.medianError)}, worst ${percent(errors.worstError)} (${errors.worstPoint})`,
        ...apartWords(errors),
      ].join('; '),
      'validation',
    ])
  if (errors && errors.coverage !== null && errors.medianHalfWidth !== null) {
    entries.push([
      'intervals',
      `hold ${percent(errors.coverage, { decimals: 0 })} of these points' ${headStatistic(report)}; median half-width ${percent(errors.medianHalfWidth)}`,
    ])
  }
  if (validation) {
    const worst = `median error ${percent(validation.medianError)}, worst ${percent(validation.worstError)} (${validation.worstPoint})`
    entries.push(['profile', `${validation.points} held-out points of ${dataSetWords(validation.dataSet)}: ${worst}`])
  }
  if (!errors && !validation) entries.push(['held out', 'nothing was compared yet (fairway validate does it)'])
  const repeatability = errors?.repeatability ?? repeatabilityOf(report.cells) ?? validation?.repeatability ?? null
  entries.push([
    'repeatability',
    repeatability === null ? 'not measured' : `measurements repeat to ${percent(repeatability)}, the floor of any error`,
  ])
  const baselines = baselineWords(report, 2)
  entries.push(['baselines', baselines === '' ? 'none here (fairway validate compares with a linear sum and the nearest path)' : baselines])
  for (const flow of report.flows) {
    const data = publishedData(report, flow)
    if (data) entries.push(['published', publishedInShort(data), publishedName(report, flow)])
  }
  const oneKernel = report.experiment.points.some((point) => sharesKernel(point.scenario)) ? '; two hosts share one kernel' : ''
  entries.push(['scope', `${trafficScope(report.experiment)}${oneKernel}`])
  return entries
}

/** Of many data sets their number: the first screen has no room for all names, which the profile holds. */
function dataSetWords(dataSet: string): string {
  const names = dataSet.split(', ')
  return names.length > 3 ? `${names.length} data sets` : dataSet
}
