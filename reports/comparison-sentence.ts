/** A comparison in a sentence: how much, how surely, and which stage the difference is. */
import type { Pair } from '../experiments/comparison.js'
import type { StageRow } from '../experiments/store/index.js'
import { estimate, percent } from './format/estimate.js'
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
  /** Stage costs of both sides at this point; empty where they are unknown. */
  readonly stagesA: readonly StageRow[]
  readonly stagesB: readonly StageRow[]
}

/** `overlay is 1.36 ± 0.02 times bridge at 1400 B; 62 % of the difference is vxlan.encapsulate`. */
export function verdictSentence(pair: Pair, options: SentenceOptions): string {
  const { place, model } = options
  const metric = pair.metric === 'latency' && pair.statistic === 'p50' ? '' : ` in ${pair.metric} ${pair.statistic}`
  const at = `${model === undefined || model === '' ? '' : ` for ${model}`}${place === '' ? '' : ` at ${place}`}${metric}`
  const ratio = estimate(pair.ratio, pair.ratioHalfWidth)
  if (pair.verdict === 'no difference shown') {
    const few = pair.pairing !== 'none' && pair.pairs < 6 ? `; ${pair.pairs} pairs are too few to show one` : ''
    return `${pair.b} is not shown to differ from ${pair.a}${at} (${ratio} times, p ${pairP(pair)})${few}`
  }
  return `${pair.b} is ${ratio} times ${pair.a}${at}${because(pair, options)}`
}

export const pairP = ({ p }: Pair): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))

function because(pair: Pair, { stagesA, stagesB }: SentenceOptions): string {
  const isMiddle = pair.statistic === 'p50' || pair.statistic === 'mean'
  if (!isMiddle || stagesA.length === 0 || stagesB.length === 0) return ''
  if (pair.metric === 'latency' && Math.abs(pair.difference) > STALL_NS) return '; the difference is a timer'
  const perMessage = pair.metric === 'latency' ? 2 : 1
  const costs = new Map<string, number>()
  for (const row of stagesB) costs.set(row.stage, (costs.get(row.stage) ?? 0) + row.costNs / perMessage)
  for (const row of stagesA) costs.set(row.stage, (costs.get(row.stage) ?? 0) - row.costNs / perMessage)
  const sum = [...costs.values()].reduce((total, cost) => total + cost, 0)
  const sign = Math.sign(pair.difference)
  const [stage, most] = [...costs].reduce((best, one) => (one[1] * sign > best[1] * sign ? one : best))
  if (Math.abs(sum - pair.difference) > EXPLAINED_WITHIN * Math.abs(pair.difference)) {
    if (most * sign <= 0) return ''
    const { perUnit, name } = displayUnit(pair.metric)
    return `; of the processor time that changes, ${stage} is most (${estimate(most / perUnit, null)} ${name})`
  }
  const share = most / pair.difference
  if (share < WORTH_NAMING) return '; no single stage is most of the difference'
  if (share > 1) return `; ${stage} is all of the difference and more, which others make up for`
  return `; ${percent(share, { decimals: 0 })} of the difference is ${stage}`
}
