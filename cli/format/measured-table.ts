/** What a campaign measured: a line a point, with what it is judged by: the median of its times, or of a stream what it carries. */
import type { Row } from '../../experiments/rows.js'
import { isHeadline, LEAST_RUNS, statedHalfWidth } from '../../reports/cells.js'
import { estimate, percent } from '../../reports/format/estimate.js'
import { displayUnit } from '../../reports/format/units.js'
import { alignColumns } from './columns.js'

const words: Readonly<Record<string, string>> = {
  latency: 'latency (half a round trip), p50',
  'response-time': 'response time (of a connection all of it, of an open loop from the intended send time), p50',
  'start-up': 'start-up (from the create call to the first answer), p50',
  throughput: 'throughput (payload that the receiver has read)',
}

export function headlineRows(rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.level === 'point' && isHeadline(row))
}

/** What the numbers are, and how they are taken over the runs. */
export function measuredWhat(points: readonly Row[], runs: number): string {
  const metrics = [...new Set(points.map(({ metric }) => metric))]
  const interval = runs < LEAST_RUNS ? ` (fewer than ${LEAST_RUNS}, which state no interval)` : ', ± as it repeats (95 %)'
  const carries = metrics.includes('throughput')
  const quartile = !carries ? 'lower' : metrics.length === 1 ? 'upper' : 'lower (of throughputs, upper)'
  return `${metrics.map((metric) => words[metric] ?? metric).join(' and ')}; ${quartile} quartile of the runs${interval}`
}

/** @param pointInWords the model and where its point stands in the sweep: `bridge, 64 B` */
export function measuredTable(points: readonly Row[], pointInWords: (row: Row) => string): string {
  const isOfStreams = points.some(({ metric }) => metric === 'throughput')
  const isMixed = isOfStreams && points.some(({ metric }) => metric !== 'throughput')
  const head = isMixed ? 'measured' : isOfStreams ? 'throughput' : 'p50'
  return alignColumns([['point', head, 'disturbed runs', 'path', ''], ...points.map((row) => [pointInWords(row), ...figuresOf(row)])], {
    right: [1, 2],
  })
}

function figuresOf(row: Row): string[] {
  const { perUnit, ascii } = displayUnit(row.metric)
  const { disturbedRuns } = JSON.parse(row.environment ?? '{}') as { readonly disturbedRuns?: number }
  const { verdict } = JSON.parse(row.proof ?? '{}') as { readonly verdict?: string }
  const halfWidth = statedHalfWidth(row)
  return [
    `${estimate(row.value / perUnit, halfWidth === null ? null : halfWidth / perUnit)} ${ascii}`,
    // A stream's rows do not say it.
    disturbedRuns === undefined ? '-' : percent(disturbedRuns),
    verdict ?? '',
    row.limits ?? '',
  ]
}
