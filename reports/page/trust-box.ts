/** What a reader must know before believing a number. */
import { percent } from '../format/estimate.js'
import { headStatistic } from '../head-statistic.js'
import type { Report } from '../report.js'
import { sharesKernel, trafficScope } from '../scope.js'
import { apartWords, baselineWords } from '../sentences.js'
import { repeatabilityOf } from '../trust.js'
import { escapeHtml } from './escape-html.js'

export function trustBox(report: Report): string {
  const entries = trustEntries(report).map(([term, words]) => {
    const shown = term === 'held out, here' ? `<a href="#table-validation">${escapeHtml(words)}</a>` : escapeHtml(words)
    return `<dt>${escapeHtml(term)}</dt><dd>${shown}</dd>`
  })
  return `<section class="box trust" aria-labelledby="trust"><h2 id="trust">How far to trust it</h2><dl>${entries.join('')}</dl></section>`
}

export function trustEntries(report: Report): [string, string][] {
  const { errors, profile } = report
  const validation = profile?.validation ?? null
  const entries: [string, string][] = []
  if (errors)
    entries.push([
      'held out, here',
      [
        `${errors.points} points: median error ${percent(errors.medianError)}, worst ${percent(errors.worstError)} (${errors.worstPoint})`,
        ...apartWords(errors),
      ].join('; '),
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
  const oneKernel = report.experiment.points.some((point) => sharesKernel(point.scenario)) ? '; two hosts share one kernel' : ''
  entries.push(['scope', `${trafficScope(report.experiment)}${oneKernel}`])
  return entries
}

/** Of many data sets their number: the first screen has no room for all names, which the profile holds. */
function dataSetWords(dataSet: string): string {
  const names = dataSet.split(', ')
  return names.length > 3 ? `${names.length} data sets` : dataSet
}
