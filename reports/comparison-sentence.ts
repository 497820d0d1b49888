/** A comparison in a sentence: how much, how surely, and which stage the difference is. */
import type { StagePart } from '../experiments/attribution.js'
import type { Pair } from '../experiments/comparison.js'
import { estimate } from './format/estimate.js'
import { displayUnit } from './format/units.js'
import { STALL_NS } from './stalled.js'

/** Stages must account for the difference to this share of it, or naming one would explain something else. */
const EXPLAINED_WITHIN = 0.2
/** Below this share no single stage is the difference. */
const WORTH_NAMING = 0.15

export interface SentenceOptions {
  /** `64 B`; empty where nothing is swept but what is compared. */
  readonly place: string
  /** Whose figures they are, where results are compared and not models: `bridge`. */
  readonly model?: string
  /** The same pair as simulated, for one that was measured: no clock sees a stage. */
  readonly simulated?: Pair | undefined
}

/**
 * `overlay is 1.36 ± 0.02 times bridge at 1400 B; 62 ± 4 % of the difference is vxlan.encapsulate`; of a throughput, of which more is better,
 * `overlay carries 0.62 ± 0.02 times what bridge does at 128 KiB; 70 ± 3 % of what a write takes more is vxlan.encapsulate`.
 */
export function verdictSentence(pair: Pair, options: SentenceOptions): string {
  const { place, model } = options
  const carries = pair.metric === 'throughput'
  const isPlain = carries || (pair.metric === 'latency' && pair.statistic === 'p50')
  const metric = isPlain ? '' : ` in ${pair.metric} ${pair.statistic}`
  const at = `${model === undefined || model === '' ? '' : ` for ${model}`}${place === '' ? '' : ` at ${place}`}${metric}`
  const ratio = estimate(pair.ratio, pair.ratioHalfWidth)
  if (pair.verdict === 'no difference shown') {
    const few = pair.pairing !== 'none' && pair.pairs < 6 ? `; ${pair.pairs} pairs are too few to show one` : ''
    const verb = carries ? 'to carry more or less than' : 'to differ from'
    return `${pair.b} is not shown ${verb} ${pair.a}${at} (${ratio} times, p ${pairP(pair)})${few}`
  }
  const reason = reasonOf(pair, options.simulated)
  const times = carries ? `carries ${ratio} times what ${pair.a} does` : `is ${ratio} times ${pair.a}`
  return `${pair.b} ${times}${at}${reason === '' ? '' : `; ${reason}`}`
}

export const pairP = ({ p }: Pair): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))

const perMessageOf = ({ metric }: Pair): number => (metric === 'latency' ? 2 : 1)

const isTimer = ({ metric, difference }: Pair): boolean => metric === 'latency' && Math.abs(difference) > STALL_NS

const sumOf = (stages: readonly StagePart[]): number => stages.reduce((sum, { costNs }) => sum + costNs, 0)

/** The time that the stages are to account for, ns: of a throughput what a write takes more, which no measured pair knows (null). */
function wholeNs({ metric, difference, attribution }: Pair): number | null {
  if (metric !== 'throughput') return difference
  return attribution === null ? null : sumOf(attribution.stages) + attribution.restNs
}

/** Whether the stages account for the difference, so that naming them explains it. */
export function isExplained(pair: Pair, stages: readonly StagePart[] = pair.attribution?.stages ?? []): boolean {
  const whole = wholeNs(pair)
  if (whole === null || isTimer(pair)) return false
  return Math.abs(sumOf(stages) / perMessageOf(pair) - whole) <= EXPLAINED_WITHIN * Math.abs(whole)
}

/** `62 ± 4 % of the difference is vxlan.encapsulate`; empty where nothing can be said. */
export function reasonOf(pair: Pair, simulated?: Pair): string {
  const stages = (pair.attribution ?? simulated?.attribution)?.stages ?? []
  if (stages.length === 0 || pair.difference === 0) return ''
  if (isTimer(pair)) return 'the difference is a timer'
  // What carries less takes longer.
  const sign = (pair.metric === 'throughput' ? -1 : 1) * Math.sign(pair.difference)
  const most = stages.reduce((best, one) => (one.costNs * sign > best.costNs * sign ? one : best))
  if (!isExplained(pair, stages)) {
    if (most.costNs * sign <= 0) return ''
    const { perUnit, name } = displayUnit('latency')
    const each = perMessageOf(pair) * perUnit
    return `of the processor time that changes, ${most.stage} is most (${estimate(most.costNs / each, most.costHalfWidthNs / each)} ${name})`
  }
  const { share, halfWidth } = pair.attribution ? { share: most.share, halfWidth: most.shareHalfWidth } : shareOfMeasured(pair, most)
  const difference = pair.metric === 'throughput' ? `what a write takes ${sign > 0 ? 'more' : 'less'}` : 'the difference'
  if (share < WORTH_NAMING) return `no single stage is most of ${difference}`
  if (share <= halfWidth) return `no single stage is shown to be most of ${difference}`
  const part = `${estimate(share * 100, halfWidth * 100)} %`
  if (share - halfWidth > 1) return `${most.stage} is ${part} of ${difference}, which others make up for`
  return `${part} of ${difference} is ${most.stage}`
}

/** A simulated stage's share of a measured difference: nothing ties the errors of the two. */
function shareOfMeasured(pair: Pair, { costNs, costHalfWidthNs }: StagePart): { share: number; halfWidth: number } {
  const perMessage = perMessageOf(pair)
  const share = costNs / perMessage / pair.difference
  return { share, halfWidth: Math.hypot(costHalfWidthNs / perMessage, share * pair.halfWidth) / Math.abs(pair.difference) }
}
