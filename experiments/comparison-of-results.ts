/**
 * Two results compared, point by point: another profile, another version of the model, another machine. Where both were simulated with one
 * seed, their replications share random streams and are paired; else they are two samples.
 */
import type { Profile } from '../models/profiles/profile.js'
import { effectSize, mean, meanHalfWidth, permutationTest } from '../sim/statistics/index.js'
import { canonicalJson } from './canonical-json.js'
import {
  attributed,
  comparedQuantitiesOf,
  judged,
  movesOf,
  type Pair,
  pairedContrast,
  pairedFigures,
  permutationStream,
  type RawPair,
  type Side,
  sideOf,
} from './comparison.js'
import { calibrationHalfWidth, confidence, totalHalfWidth } from './estimate.js'
import type { FlowRecord } from './replication-record.js'
import type { Quantity, SimulatedPoint } from './simulated-rows.js'

export interface ComparedResult {
  /** What the pairs call it. */
  readonly name: string
  readonly seed: number
  readonly profile: Profile
  readonly points: readonly SimulatedPoint[]
}

/** Every point that both hold, flow by flow; `point` keeps its model. */
export function compareResults(a: ComparedResult, others: readonly ComparedResult[]): Pair[] {
  const bases = new Map(a.points.map((point) => [point.point.id, point]))
  return judged(
    others.flatMap((b) =>
      b.points.flatMap((point) => {
        const base = bases.get(point.point.id)
        return base === undefined ? [] : pointPairs(a, base, b, point)
      }),
    ),
  )
}

function pointPairs(a: ComparedResult, base: SimulatedPoint, b: ComparedResult, point: SimulatedPoint): RawPair[] {
  const flows = point.records.find((record) => record !== null)?.flows.map(({ flow }) => flow) ?? []
  return flows.flatMap((flow): RawPair[] => {
    const ofA = recordsOf(base, flow)
    const ofB = recordsOf(point, flow)
    const both = ofA.flatMap((one, i) => (one && ofB[i] ? [[one, ofB[i]] as const] : []))
    const isPaired = a.seed === b.seed && both.length >= 2
    const [ownA, ownB] = isPaired
      ? [both.map(([one]) => one), both.map(([, other]) => other)]
      : [ofA.filter((one) => one !== null), ofB.filter((one) => one !== null)]
    if (ownA.length < 2 || ownB.length < 2) return []
    const [sideA, sideB] = [sideOf(base, flow, ownA), sideOf(point, flow, ownB)]
    const calibration = calibrationOf(a.profile, sideA, b.profile, sideB)
    return comparedQuantitiesOf([...ownA, ...ownB]).map((quantity) => ({
      a: a.name,
      b: b.name,
      source: 'simulated',
      point: point.point.id,
      flow,
      metric: quantity.metric,
      statistic: quantity.statistic,
      unit: quantity.unit,
      ...(isPaired ? pairedFigures : sampleFigures)(ownA.map(quantity.value), ownB.map(quantity.value), (ratio) =>
        calibration(quantity, ratio),
      ),
      attribution: attributed(sideA, sideB, quantity, (part) =>
        (isPaired ? pairedContrast : sampleContrast)(ownA.map(part.value), ownB.map(part.value), calibration(part, 1)),
      ),
    }))
  })
}

const recordsOf = ({ records }: SimulatedPoint, flow: string): (FlowRecord | null)[] =>
  records.map((record) => record?.flows.find((one) => one.flow === flow) ?? null)

/** Coefficients of one profile move both sides together; those of two profiles were fitted to data of their own. */
function calibrationOf(a: Profile, ofA: Side, b: Profile, ofB: Side) {
  const isOne = canonicalJson([a.coefficients, a.covariance]) === canonicalJson([b.coefficients, b.covariance])
  return (part: Pick<Quantity, 'value' | 'gradient' | 'perNs'>, ratio: number): number => {
    const [countsA, countsB] = [movesOf(ofA, part), movesOf(ofB, part)]
    if (!isOne) return totalHalfWidth(calibrationHalfWidth(b, countsB), ratio * calibrationHalfWidth(a, countsA))
    const names = new Set([...Object.keys(countsA), ...Object.keys(countsB)])
    const moved = Object.fromEntries([...names].map((name) => [name, (countsB[name] ?? 0) - ratio * (countsA[name] ?? 0)]))
    return calibrationHalfWidth(b, moved)
  }
}

function sampleContrast(a: readonly number[], b: readonly number[], calibration: number) {
  const chance = totalHalfWidth(meanHalfWidth(a, confidence), meanHalfWidth(b, confidence))
  return { difference: mean(b) - mean(a), halfWidth: totalHalfWidth(chance, calibration) }
}

/** Two samples that nothing pairs: the half-widths of both means add as squares. */
function sampleFigures(a: readonly number[], b: readonly number[], calibration: (ratio: number) => number) {
  const [meanA, meanB] = [mean(a), mean(b)]
  const [halfA, halfB] = [meanHalfWidth(a, confidence), meanHalfWidth(b, confidence)]
  const ratio = meanB / meanA
  const effect = effectSize(b, a)
  return {
    ...sampleContrast(a, b, calibration(1)),
    ratio,
    ratioHalfWidth: totalHalfWidth(totalHalfWidth(ratio * halfA, halfB) / meanA, calibration(ratio) / meanA),
    effectSize: Number.isFinite(effect) ? effect : null,
    pairing: 'none' as const,
    pairs: Math.min(a.length, b.length),
    p: permutationTest(b, a, permutationStream()),
  }
}
