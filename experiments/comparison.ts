/**
 * Network models compared: each against the baseline at the same point of the sweep, replication by replication. Replications of one number
 * share their random streams (common random numbers), so the differences are paired and vary less than the values do.
 */
import type { Profile } from '../models/profiles/profile.js'
import { createStream } from '../sim/random/stream.js'
import { holm, mean, pairedDifference, pairedEffectSize, pairedPermutationTest } from '../sim/statistics/index.js'
import { type Attribution, attributionOf, type Contrast } from './attribution.js'
import { canonicalJson } from './canonical-json.js'
import { calibrationHalfWidth, chanceHalfWidth, confidence, totalHalfWidth } from './estimate.js'
import type { FlowRecord } from './replication-record.js'
import type { Metric, Source } from './rows.js'
import { bitsPerMessageOf, meanCounts, type Quantity, quantitiesOf, type SimulatedPoint, writeTime } from './simulated-rows.js'

export type Verdict = 'more' | 'less' | 'no difference shown'

export interface Pair {
  /** What is compared with, and what is compared: network models, or results. */
  readonly a: string
  readonly b: string
  readonly source: Source
  /** JSON of the swept values that both share: without the model where models are compared. */
  readonly point: string
  readonly flow: string
  readonly metric: Metric
  readonly statistic: string
  readonly unit: string
  /** b - a: mean of the paired differences. */
  readonly difference: number
  /** b / a. */
  readonly ratio: number
  /** Half of the difference's total 95 % interval: chance over the pairs, and the profile's covariance. */
  readonly halfWidth: number
  /** The same for the ratio, to first order. */
  readonly ratioHalfWidth: number
  /** Mean difference in units of the differences' standard deviation, or of the runs' where nothing pairs them; null where nothing scatters. */
  readonly effectSize: number | null
  /** What pairs the values, and how many pairs (or, unpaired, runs of the smaller side) there are. */
  readonly pairing: Pairing
  readonly pairs: number
  /**
   * Two-sided permutation test, adjusted over all that one statistic of one point compares with the baseline (Holm). It knows chance alone;
   * of n pairs its smallest value is 2 / 2^n, so that fewer than six show nothing.
   */
  readonly p: number
  /** `more` or `less` where p is below 0.05 and the total interval does not hold 0. */
  readonly verdict: Verdict
  /** Which stages the difference is; null for tails, and where no stages are known: of measured runs. */
  readonly attribution: Attribution | null
}

/** Replications of one number share their random streams; measured runs of one block are neighbours in time. */
export type Pairing = 'common random numbers' | 'blocks' | 'none'

const level = 0.05

/** The same signs are drawn for every comparison: equal results give equal p. */
export const permutationStream = () => createStream(1, 0, 0)

/** @throws RangeError where the points hold no such model. */
export function compareModels(points: readonly SimulatedPoint[], baseline: string, profile: Profile): Pair[] {
  if (!points.some(({ point }) => point.model === baseline)) {
    const models = [...new Set(points.map(({ point }) => point.model))]
    throw new RangeError(`baseline: expected a network model among ${models.join(', ')}, got "${baseline}"`)
  }
  const baselines = new Map(points.filter(({ point }) => point.model === baseline).map((a) => [withoutModel(a), a]))
  return judged(
    points.flatMap((b) => {
      const a = baselines.get(withoutModel(b))
      return a === undefined || a === b ? [] : pairsOf(a, b, profile)
    }),
  )
}

/** Two points of one network model, compared: what another value of a swept key makes of it. */
export interface PointPair {
  /** Ids of the points. */
  readonly from: string
  readonly to: string
  readonly pair: Pair
}

/** @param wanted ids of the points to compare, the second with the first; those that nobody simulated are left out */
export function comparePoints(
  points: readonly SimulatedPoint[],
  wanted: readonly (readonly [from: string, to: string])[],
  profile: Profile,
): PointPair[] {
  const byId = new Map(points.map((one) => [one.point.id, one]))
  return wanted.flatMap(([from, to]) => {
    const [a, b] = [byId.get(from), byId.get(to)]
    return a && b ? judged(pairsOf(a, b, profile)).map((pair): PointPair => ({ from, to, pair })) : []
  })
}

/** A comparison before it is held against the others of its family. */
export type RawPair = Omit<Pair, 'verdict'>

/** Adjusts every family's p (one statistic of one point) and says what is shown. */
export function judged(raw: readonly RawPair[]): Pair[] {
  const family = ({ source, point, flow, metric, statistic }: RawPair) => canonicalJson([source, point, flow, metric, statistic])
  const families = new Map<string, RawPair[]>()
  for (const pair of raw) families.set(family(pair), [...(families.get(family(pair)) ?? []), pair])
  const adjusted = new Map<RawPair, number>()
  for (const members of families.values()) {
    holm(members.map(({ p }) => p)).forEach((p, i) => {
      adjusted.set(members[i]!, p)
    })
  }
  return raw.map((pair) => {
    const tested = { ...pair, p: adjusted.get(pair)! }
    return { ...tested, verdict: verdictOf(tested) }
  })
}

const withoutModel = ({ point }: SimulatedPoint): string => {
  const { model: _, ...others } = point.values
  return canonicalJson(others)
}

function verdictOf({ p, difference, halfWidth }: RawPair): Verdict {
  if (p >= level || Math.abs(difference) <= halfWidth) return 'no difference shown'
  return difference > 0 ? 'more' : 'less'
}

/** Pairs of every flow that both points have, by the replications that both finished. */
function pairsOf(a: SimulatedPoint, b: SimulatedPoint, profile: Profile): RawPair[] {
  const both = a.records.flatMap((record, i) => {
    const other = b.records[i]
    return record && other ? [{ a: record, b: other }] : []
  })
  if (both.length < 2) return [] // one pair knows nothing of chance
  const flows = both[0]?.a.flows.map(({ flow }) => flow) ?? []
  return flows.flatMap((flow) => {
    const ofA = both.map((pair) => pair.a.flows.find((record) => record.flow === flow)!)
    const ofB = both.map((pair) => pair.b.flows.find((record) => record.flow === flow))
    if (!ofB.every((record) => record !== undefined) || ofB[0]?.metric !== ofA[0]?.metric) return []
    const [sideA, sideB] = [sideOf(a, flow, ofA), sideOf(b, flow, ofB)]
    return comparedQuantitiesOf([...ofA, ...ofB]).map((quantity) => ({
      a: a.point.model,
      b: b.point.model,
      source: 'simulated' as const,
      point: withoutModel(b),
      flow,
      metric: quantity.metric,
      statistic: quantity.statistic,
      unit: quantity.unit,
      ...difference(sideA, sideB, quantity, profile),
    }))
  })
}

/** What is compared of a simulated flow: medians and tails of its times, and their mean, of which alone stages are parts, and which knows what a quota halts; of a stream, its throughput. */
export function comparedQuantitiesOf(records: readonly FlowRecord[]): readonly Quantity[] {
  const statistics = ['p50', 'p99', 'mean']
  return quantitiesOf(records[0]!.metric).filter((one) => statistics.includes(one.statistic))
}

/** What one side of a comparison brings: a flow's replications, how often they are charged, what a message carries. */
export interface Side {
  readonly records: readonly FlowRecord[]
  readonly counts: Readonly<Record<string, number>>
  readonly bitsPerMessage: number
}

export function sideOf({ point }: SimulatedPoint, flow: string, records: readonly FlowRecord[]): Side {
  return { records, counts: meanCounts(records), bitsPerMessage: bitsPerMessageOf(point, flow) }
}

type Part = Pick<Quantity, 'value' | 'gradient' | 'perNs'>

/** By how much a quantity of this side moves with each coefficient. */
export function movesOf({ records, counts, bitsPerMessage }: Side, { value, gradient, perNs }: Part): Readonly<Record<string, number>> {
  const moves = gradient(counts)
  if (perNs === undefined) return moves
  const each = perNs(mean(records.map(value)), bitsPerMessage)
  return Object.fromEntries(Object.entries(moves).map(([name, count]) => [name, each * count]))
}

/** What the stages have in a difference; of a throughput, in that of what a write takes, which both sides must write alike. */
export function attributed(a: Side, b: Side, quantity: Quantity, contrast: (part: Part) => Contrasted): Attribution | null {
  if (quantity.metric === 'throughput' && a.bitsPerMessage !== b.bitsPerMessage) return null
  const parted = quantity.metric === 'throughput' ? writeTime(a.bitsPerMessage) : quantity
  return attributionOf([...a.records, ...b.records], parted, contrast)
}

type Contrasted = ReturnType<Contrast>

function difference(a: Side, b: Side, quantity: Quantity, profile: Profile) {
  const calibration = (part: Part, ratio = 1): number => calibrationHalfWidth(profile, minus(movesOf(b, part), movesOf(a, part), ratio))
  const valuesOf = ({ records }: Side, part: Part): number[] => records.map(part.value)
  return {
    ...pairedFigures(valuesOf(a, quantity), valuesOf(b, quantity), (ratio) => calibration(quantity, ratio)),
    attribution: attributed(a, b, quantity, (part) => pairedContrast(valuesOf(a, part), valuesOf(b, part), calibration(part))),
  }
}

/** @param calibration half-width that the profiles' covariances give b - a */
export function pairedContrast(a: readonly number[], b: readonly number[], calibration: number) {
  const differences = b.map((value, i) => value - a[i]!)
  return { difference: mean(differences), halfWidth: totalHalfWidth(chanceHalfWidth(differences), calibration) }
}

/** @param calibration half-width that the profile's covariance gives b - ratio a */
export function pairedFigures(a: readonly number[], b: readonly number[], calibration: (ratio: number) => number) {
  const chance = pairedDifference(b, a, confidence)
  const effect = pairedEffectSize(b, a)
  return {
    difference: chance.difference.value,
    halfWidth: totalHalfWidth(chance.difference.halfWidth, calibration(1)),
    ratio: chance.ratio.value,
    // Delta method: b / a changes as (db - ratio da) / a.
    ratioHalfWidth: totalHalfWidth(chance.ratio.halfWidth, calibration(chance.ratio.value) / mean(a)),
    effectSize: Number.isFinite(effect) ? effect : null,
    pairing: 'common random numbers' as const,
    pairs: a.length,
    p: pairedPermutationTest(b, a, permutationStream()),
  }
}

/** The gradient of b - weight * a. */
function minus(b: Readonly<Record<string, number>>, a: Readonly<Record<string, number>>, weight: number): Record<string, number> {
  const result: Record<string, number> = { ...b }
  for (const [name, count] of Object.entries(a)) result[name] = (result[name] ?? 0) - weight * count
  return result
}
