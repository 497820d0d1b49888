/** Captions, written from the rows: question, count, level of confidence, profile, data set, scope, region of trust. */
import type { Row } from '../experiments/rows.js'
import { percent } from './format/estimate.js'
import type { Report } from './report.js'
import { profileScope, sharesKernel, trafficScope } from './scope.js'
import { intervalWords } from './sentences.js'

export type CaptionedFigure = 'latency-by-size' | 'latency-cdf' | 'stage-breakdown' | 'stage-differences' | 'validation'

/** What each figure shows and how to read its marks. */
const reading: Readonly<Record<CaptionedFigure, string>> = {
  'latency-by-size': 'Lines and filled points: predicted; bars: their interval. Rings: measured; pale bars: how far runs repeat.',
  'latency-cdf': 'The axis gives each further nine of the tail equal room. Lines and filled points: predicted; rings: measured.',
  'stage-breakdown':
    "Half of each round trip's processor time, over all cores, by stage in the order in which it is crossed. Hatched: no tracepoint or counter of this kernel observes the stage.",
  'stage-differences':
    "Half of each round trip's processor time, by stage, minus the baseline's. Hatched: no tracepoint or counter of this kernel observes the stage.",
  validation:
    'Line: identity; pale band: 5 %; darker band: how far the measurement repeats from itself. Grey triangles were in the fit: agreement there is no evidence.',
}

export function captionOf(report: Report, figure: CaptionedFigure, title: string): string {
  return [title, reading[figure], counts(report, figure), scopeSentence(report), trustRegion(report)]
    .filter((part) => part !== '')
    .join(' ')
}

function counts(report: Report, figure: CaptionedFigure): string {
  const medians = report.cells.filter((cell) => cell.metric === 'latency' && cell.statistic === 'p50')
  const simulated = medians.flatMap((cell) => cell.simulated ?? [])
  const measured = medians.flatMap((cell) => cell.measured ?? [])
  const said: string[] = []
  if (simulated.length > 0)
    said.push(
      `Predicted: mean over ${range(simulated, 'runs')} replications of ${messagesEach(simulated)} messages, ${intervalWords(report)}`,
    )
  if (measured.length > 0 && !figure.startsWith('stage'))
    said.push(`Measured: lower quartile of ${range(measured, 'runs')} runs${dataSets(measured)}`)
  return said.length === 0 ? '' : `${said.join('. ')}.`
}

function scopeSentence(report: Report): string {
  const oneKernel = report.experiment.points.some((point) => sharesKernel(point.scenario)) ? '; two hosts share one kernel' : ''
  const profile = report.profile ? `; ${profileScope(report.profile)}` : ''
  return `${trafficScope(report.experiment)}${oneKernel}${profile}.`
}

function trustRegion(report: Report): string {
  const simulated = report.cells.filter((cell) => cell.simulated && cell.statistic === 'p50')
  const outside = simulated.filter((cell) => cell.simulated!.trust !== null && cell.simulated!.trust !== 'inside')
  if (outside.length === 0) return ''
  return `${outside.length} of ${simulated.length} predictions (${percent(outside.length / simulated.length, { decimals: 0 })}) lie outside the region of trust.`
}

function dataSets(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => row.campaign ?? []))]
  return names.length === 0 ? '' : ` (data set ${names.join(', ')})`
}

function messagesEach(rows: readonly Row[]): string {
  const each = rows.map((row) => Math.round(row.messages / row.runs))
  const least = Math.min(...each).toLocaleString('en-US')
  const most = Math.max(...each).toLocaleString('en-US')
  return least === most ? least : `${least} to ${most}`
}

function range(rows: readonly Row[], key: 'runs'): string {
  const values = rows.map((row) => row[key])
  const least = Math.min(...values)
  const most = Math.max(...values)
  return least === most ? String(least) : `${least} to ${most}`
}
