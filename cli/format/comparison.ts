/** A comparison as text: a line a pair, with the ratio as a bar, and the verdicts in sentences. */
import type { Pair } from '../../experiments/comparison.js'
import { pairP } from '../../reports/comparison-sentence.js'
import { estimate, fixed } from '../../reports/format/estimate.js'
import { displayUnit } from '../../reports/format/units.js'
import { inlineBar } from './bars.js'
import { alignColumns } from './columns.js'

export interface Compared {
  readonly experiment: string
  /** `network-models, simulated, against shared`. */
  readonly title: string
  /** What to say where there is nothing to compare. */
  readonly empty: string
  readonly pairs: readonly Pair[]
  /** Where a pair stands in the sweep, in words. */
  readonly place: (pair: Pair) => string
  readonly sentence: (pair: Pair) => string
}

export function comparisonInText({ title, empty, pairs, place, sentence }: Compared): string {
  if (pairs.length === 0) return `${title}: ${empty}`
  // As far from 1 as the ratio is, on a logarithmic scale: a timer's thousandfold must not press all others flat.
  const far = ({ ratio }: Pair): number => Math.abs(Math.log(ratio))
  const most = Math.max(...pairs.map(far))
  const rows = pairs
    .filter((pair) => !isEcho(pair, pairs))
    .map((pair) => {
      const unit = displayUnit(pair.metric)
      return [
        place(pair),
        pair.b,
        `${pair.metric} ${pair.statistic}`,
        `${estimate(pair.difference / unit.perUnit, pair.halfWidth / unit.perUnit)} ${unit.ascii}`,
        estimate(pair.ratio, pair.ratioHalfWidth),
        inlineBar(far(pair), most),
        pair.effectSize === null ? '-' : fixed(pair.effectSize, Math.abs(pair.effectSize) < 10 ? 1 : 0),
        pairP(pair),
        pair.verdict,
      ]
    })
  const head = ['at', 'compared', 'metric', 'difference', 'ratio', '', 'effect', 'p', 'verdict']
  return [
    `${title}   ${howPaired(pairs)}`,
    alignColumns([head, ...rows], { right: [3, 4, 6, 7] }),
    ...toSay(pairs).map((pair) => `  ${ascii(sentence(pair))}.`),
    '',
  ].join('\n')
}

/** A mean that says what the median beside it says: it stands in the rows, and here where it says something else (a quota, a rare timer). */
function isEcho(pair: Pair, pairs: readonly Pair[]): boolean {
  if (pair.statistic !== 'mean' || pair.metric === 'cpu-per-message') return false
  const same = ['a', 'b', 'source', 'point', 'flow', 'metric'] as const
  const median = pairs.find((one) => one.statistic === 'p50' && same.every((key) => one[key] === pair[key]))
  return median !== undefined && Math.abs(pair.ratio - median.ratio) <= pair.ratioHalfWidth + median.ratioHalfWidth
}

function howPaired(pairs: readonly Pair[]): string {
  const kinds = [...new Set(pairs.map(({ pairing }) => pairing))]
  const words = kinds.map((kind) =>
    kind === 'none' ? 'not paired' : kind === 'blocks' ? 'paired by block' : 'paired by common random numbers',
  )
  const interval = pairs[0]!.source === 'simulated' ? 'chance + calibration' : 'chance over blocks'
  return `${words.join(', ')}; 95 % intervals: ${interval}; p: permutation test after Holm over each point; effect: in standard deviations`
}

/** Of each that is compared, the first median and the one that differs most. */
function toSay(pairs: readonly Pair[]): Pair[] {
  const medians = pairs.filter(({ metric, statistic }) => metric === 'latency' && statistic === 'p50')
  const chosen = medians.length > 0 ? medians : pairs
  return [...new Set(chosen.map(({ b }) => b))].flatMap((b) => {
    const own = chosen.filter((pair) => pair.b === b)
    const far = own.reduce((most, pair) => (Math.abs(Math.log(pair.ratio)) > Math.abs(Math.log(most.ratio)) ? pair : most))
    return [...new Set([own[0]!, far])]
  })
}

const ascii = (text: string): string => text.replaceAll('µ', 'u').replaceAll('−', '-')
