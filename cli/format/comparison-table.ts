/** A comparison's table: a block for each metric of each that is compared, in it a line for each place of the sweep. */
import type { Pair } from '../../experiments/comparison.js'
import { pairP } from '../../reports/comparison-sentence.js'
import { estimate, fixed } from '../../reports/format/estimate.js'
import { displayUnit } from '../../reports/format/units.js'
import { inlineBar } from './bars.js'
import { alignColumns } from './columns.js'

type Place = (pair: Pair) => string

interface Column {
  readonly title: string
  readonly isRight: boolean
  readonly text: (pair: Pair) => string
}

/** @param width of the terminal; where it is too narrow, the bar is left out, which says what the ratio says, and then the effect */
export function comparisonTable(pairs: readonly Pair[], place: Place, width: number | null): string {
  const bar = barColumn(pairs)
  const choices = [
    [difference, ratio, bar, effect, p],
    [difference, ratio, effect, p],
    [difference, ratio, p],
  ].map((columns) => blocks(pairs, place, columns))
  const fits = (table: string): boolean => width === null || table.split('\n').every((line) => line.length <= width)
  return choices.find(fits) ?? choices.at(-1)!
}

const difference: Column = {
  title: 'difference  ',
  isRight: true,
  text: (pair) => {
    const { perUnit, ascii } = displayUnit(pair.metric)
    const mark = pair.verdict === 'no difference shown' ? '  ' : ' *'
    return `${estimate(pair.difference / perUnit, pair.halfWidth / perUnit)} ${ascii}${mark}`
  },
}

const ratio: Column = { title: 'ratio', isRight: true, text: (pair) => estimate(pair.ratio, pair.ratioHalfWidth) }

const effect: Column = {
  title: 'effect',
  isRight: true,
  text: ({ effectSize }) => (effectSize === null ? '-' : fixed(effectSize, Math.abs(effectSize) < 10 ? 1 : 0)),
}

const p: Column = { title: 'p', isRight: true, text: pairP }

/** As far from 1 as the ratio is, on a logarithmic scale: a timer's thousandfold must not press all others flat. */
function barColumn(pairs: readonly Pair[]): Column {
  const far = (pair: Pair): number => Math.abs(Math.log(pair.ratio))
  const most = Math.max(...pairs.map(far))
  return { title: '', isRight: false, text: (pair) => inlineBar(far(pair), most) }
}

/** Where there is one place alone, its lines are what is compared, and a block is a metric. */
function blocks(pairs: readonly Pair[], place: Place, columns: readonly Column[]): string {
  const isOnePlace = new Set(pairs.map(place)).size === 1
  const blockOf = ({ b, metric, statistic }: Pair): string => `${isOnePlace ? '' : `${b}, `}${metric} ${statistic}`
  const named = [...new Set(pairs.map(blockOf))]
  const sorted = named.flatMap((name) => pairs.filter((pair) => blockOf(pair) === name))
  const rows = sorted.map((pair) => [isOnePlace ? pair.b : place(pair), ...columns.map(({ text }) => text(pair))])
  const right = columns.flatMap(({ isRight }, i) => (isRight ? [i + 1] : []))
  const [head, ...lines] = alignColumns([['', ...columns.map(({ title }) => title)], ...rows], { right }).split('\n')
  const withHeadings = lines.flatMap((line, i) => {
    const name = blockOf(sorted[i]!)
    return [...(i > 0 && blockOf(sorted[i - 1]!) === name ? [] : [`  ${name}`]), `  ${line}`]
  })
  return [`  ${head}`, ...withHeadings].join('\n')
}
