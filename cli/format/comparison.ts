/** A comparison as text: how it was made, its table, and the verdicts in sentences. */
import type { Pair } from '../../experiments/comparison.js'
import { isMessageTime } from '../../experiments/rows.js'
import { comparisonTable } from './comparison-table.js'

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

/** @param width of the terminal; null where it goes to a file */
export function comparisonInText({ title, empty, pairs, place, sentence }: Compared, width: number | null = null): string {
  if (pairs.length === 0) return `${title}: ${empty}`
  const shown = pairs.filter((pair) => !isEcho(pair, pairs))
  return [title, howPaired(pairs), comparisonTable(shown, place, width), ...toSay(pairs).map((pair) => `  ${sentence(pair)}.`), '']
    .map(ascii)
    .join('\n')
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
  const capital = `${words.join(', ').charAt(0).toUpperCase()}${words.join(', ').slice(1)}`
  return `${capital}; 95 % intervals: ${interval}; p: permutation test after Holm over each point (* shown at 5 %); effect: in standard deviations`
}

/** Of each that is compared, the first median (or throughput) and the one that differs most. */
function toSay(pairs: readonly Pair[]): Pair[] {
  const heads = pairs.filter(({ metric, statistic }) => metric === 'throughput' || (isMessageTime(metric) && statistic === 'p50'))
  const chosen = heads.length > 0 ? heads : pairs
  return [...new Set(chosen.map(({ b }) => b))].flatMap((b) => {
    const own = chosen.filter((pair) => pair.b === b)
    const far = own.reduce((most, pair) => (Math.abs(Math.log(pair.ratio)) > Math.abs(Math.log(most.ratio)) ? pair : most))
    return [...new Set([own[0]!, far])]
  })
}

const ascii = (text: string): string => text.replaceAll('µ', 'u').replaceAll('−', '-')
