/** Captions, written from the rows: question, count, level of confidence, profile, data set, scope, region of trust. */
import type { FigureName } from '../experiments/experiment.js'
import { isMessageTime, type Row } from '../experiments/rows.js'
import { type Cell, isHeadline } from './cells.js'
import { messageWord } from './figures/stage-breakdown-data.js'
import { percent } from './format/estimate.js'
import type { Report } from './report.js'
import { profileScope, sharesKernel, trafficScope } from './scope.js'
import { intervalWords } from './sentences.js'

export type CaptionedFigure = FigureName | 'stage-differences' | 'throughput-by-size'

/** What each figure shows and how to read its marks. */
const reading: Readonly<Record<CaptionedFigure, string>> = {
  'latency-by-size': 'Lines and filled points: predicted; bars: their interval. Rings: measured; pale bars: how far runs repeat.',
  'latency-cdf':
    'Lines: predicted; rings: measured, the messages of all undisturbed runs together (a row’s quantile is the lower quartile of those of the runs); up to the 98th percentile of the slowest model. Bands enclose the whole curve (Dvoretzky, Kiefer, Wolfowitz), as if messages were independent; how far runs differ, the intervals of the quantiles say.',
  'latency-tail':
    'Each further nine has equal room, as far as 20 messages lie beyond. Lines: predicted, with the interval of the order statistics, as if messages were independent; points: with the interval over replications or runs; rings: measured.',
  'latency-load': 'Lines and filled points: predicted; rings: measured.',
  throughput: 'Bars and filled points: predicted; rings: measured; words: what limits the path first.',
  'throughput-by-size': 'Lines and filled points: predicted; rings: measured.',
  'stage-breakdown':
    '{share}, over all cores, by stage in the order in which it is crossed{split}. Hatched: no tracepoint or counter of this kernel observes the stage.',
  'stage-differences':
    "{share}, by stage, minus the baseline's, with the interval of the difference. Hatched: no tracepoint or counter of this kernel observes the stage.",
  'stage-waterfall':
    'From the mean latency of the baseline to that of each model. Stages: half of what a round trip pays, on all cores; open: what they leave, in which nobody works or two cores do at once. Thin bars: interval of each part, paired, and at the last line that of the whole difference. Hatched: no tracepoint or counter of this kernel observes the stage.',
  'processor-time': 'Simulated processor time of a request with its reply, split among cores and contexts as in the traced messages.',
  timeline:
    "One message of median latency from the client's send call to the return of its receive call, simulated. The strength of the colour is the context.",
  residuals:
    'Bars: both intervals together; pale band: 5 %; darker band: how far the measurement repeats from itself. Grey triangles were in the fit: agreement there is no evidence.',
  ranks: 'Points: rank by value, 1 is the fastest; bars: the ranks that the intervals leave open, where they leave any.',
  published:
    'Each study on its own machines, so that only ratios compare. Filled: ours, simulated; ring: ours, measured; cross: published.',
  sensitivity:
    'Change of the predicted median to first order when one coefficient moves by one standard deviation of its own. The coefficients are correlated: the whole interval is narrower than these changes together.',
  validation:
    'Line: identity; below it the errors, a strip for each network model; pale band: 5 %; darker band: how far the measurement repeats from itself. Grey triangles were in the fit: agreement there is no evidence.',
}

/** What a figure's data may say besides: how many messages were traced, how the set-ups of published rows differ. */
interface Captioned {
  readonly title: string
  readonly messages?: number
  /** Of stages: `Half of each round trip's processor time`. */
  readonly share?: string
  /** Whether messages were traced, so that their ways there and back are told apart. */
  readonly isSplit?: boolean
  readonly differences?: readonly string[]
  readonly verdicts?: readonly string[]
  readonly knees?: readonly { readonly description: string }[] | null
}

export function captionOf(report: Report, figure: CaptionedFigure, data: Captioned): string {
  return [
    data.title,
    reading[figure]
      .replace('{share}', data.share ?? '')
      .replace('{split}', data.isSplit ? '; where a message was traced, strong on its way there, pale on its way back' : ''),
    own(data),
    counts(report, figure),
    scopeSentence(report),
    trustRegion(report, figure),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function own({ messages, differences, verdicts, knees }: Captioned): string {
  return [
    ...(verdicts ?? []),
    ...(messages === undefined ? [] : [`Traced: ${messages} messages of one replication.`]),
    ...(differences === undefined ? [] : [`Differences: ${differences.join('; ')}.`]),
    ...(knees === undefined || knees === null ? [] : [kneesInWords(knees)]),
  ].join(' ')
}

/** Response times are those of an open loop: from when a message was to be sent. */
function kneesInWords(knees: readonly { readonly description: string }[]): string {
  const found = knees.length === 0 ? 'none within these loads' : knees.map(({ description }) => description).join('; ')
  return `Times from the intended send time. Knee, where load over response time is largest (Kleinrock): ${found}.`
}

function counts(report: Report, figure: CaptionedFigure): string {
  const heads = headlines(report, figure)
  const simulated = heads.flatMap((cell) => cell.simulated ?? [])
  const measured = heads.flatMap((cell) => cell.measured ?? [])
  const said: string[] = []
  if (simulated.length > 0)
    said.push(
      `Predicted: mean over ${range(simulated, 'runs')} replications of ${messagesEach(simulated)} ${messageWord(report)}, ${intervalWords(report)}`,
    )
  if (measured.length > 0 && !simulatedAlone.includes(figure))
    // A disturbed run takes longer, or carries less.
    said.push(
      `Measured: ${measured[0]!.metric === 'throughput' ? 'upper' : 'lower'} quartile of ${range(measured, 'runs')} runs${dataSets(measured)}`,
    )
  return said.length === 0 ? '' : `${said.join('. ')}.`
}

/** What a figure is about: times where there are any, but for one of throughputs. */
function headlines(report: Report, figure: CaptionedFigure): readonly Cell[] {
  const heads = report.cells.filter(isHeadline)
  const isOfTimes = !/^throughput/.test(figure) && heads.some(({ metric }) => isMessageTime(metric))
  return heads.filter(({ metric }) => isMessageTime(metric) === isOfTimes)
}

const simulatedAlone: readonly CaptionedFigure[] = [
  'stage-breakdown',
  'stage-differences',
  'stage-waterfall',
  'processor-time',
  'timeline',
  'sensitivity',
]

function scopeSentence(report: Report): string {
  const oneKernel = report.experiment.points.some((point) => sharesKernel(point.scenario)) ? '; two hosts share one kernel' : ''
  const profile = report.profile ? `; ${profileScope(report.profile)}` : ''
  return `${trafficScope(report.experiment)}${oneKernel}${profile}.`
}

function trustRegion(report: Report, figure: CaptionedFigure): string {
  const simulated = headlines(report, figure).filter((cell) => cell.simulated)
  const outside = simulated.filter((cell) => cell.simulated!.trust !== null && cell.simulated!.trust !== 'inside')
  if (outside.length === 0)
    return simulated.some((cell) => cell.simulated!.trust === 'inside') ? 'All predictions lie inside the region of trust.' : ''
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
