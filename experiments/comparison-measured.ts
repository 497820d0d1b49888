/**
 * Measured runs compared: those of one campaign's block are neighbours in time and stand in pairs. A point's value is the lower quartile of its
 * runs (of a throughput, of what a bit takes: a disturbed run carries less), so that the difference is that of two quartiles, and its interval that
 * of resampled blocks.
 */
import {
  effectSize,
  lowerQuartile,
  pairedEffectSize,
  pairedPermutationTest,
  permutationTest,
  quantileSorted,
} from '../sim/statistics/index.js'
import { canonicalJson } from './canonical-json.js'
import { judged, type Pair, permutationStream, type RawPair } from './comparison.js'
import { confidence, totalHalfWidth } from './estimate.js'
import type { PointValue } from './experiment.js'
import type { Metric, Row } from './rows.js'

const RESAMPLES = 2000

/** Each network model against the baseline, at every point that was measured for both. */
export function compareMeasuredModels(rows: readonly Row[], baseline: string): Pair[] {
  const groups = groupsOf(rows, withoutModel)
  return judged(
    [...groups.values()].flatMap((models) => {
      const base = models.get(baseline)
      if (base === undefined) return []
      return [...models].flatMap(([model, own]) => (model === baseline ? [] : pairOf(baseline, base, model, own, withoutModel(own[0]!))))
    }),
  )
}

/** The measured rows of other results against those of the first, at every point that both measured. */
export function compareMeasuredResults(a: { readonly name: string; readonly rows: readonly Row[] }, others: readonly (typeof a)[]): Pair[] {
  const bases = groupsOf(a.rows, ({ point }) => point)
  return judged(
    others.flatMap((b) =>
      [...groupsOf(b.rows, ({ point }) => point)].flatMap(([key, models]) =>
        [...models].flatMap(([model, own]) => {
          const base = bases.get(key)?.get(model)
          return base === undefined ? [] : pairOf(a.name, base, b.name, own, own[0]!.point)
        }),
      ),
    ),
  )
}

function withoutModel({ point }: Row): string {
  const { model: _, ...others } = JSON.parse(point) as Record<string, PointValue>
  return canonicalJson(others)
}

/** Runs by place (with flow, metric and statistic), then by model. */
function groupsOf(rows: readonly Row[], placeOf: (row: Row) => string): Map<string, Map<string, Row[]>> {
  const groups = new Map<string, Map<string, Row[]>>()
  for (const row of rows) {
    if (row.source !== 'measured' || row.level !== 'run' || !isCompared(row)) continue
    const key = canonicalJson([placeOf(row), row.flow, row.metric, row.statistic])
    const models = groups.get(key) ?? new Map<string, Row[]>()
    groups.set(key, models)
    models.set(row.model, [...(models.get(row.model) ?? []), row])
  }
  return groups
}

const isCompared = ({ metric, statistic }: Row): boolean => statistic === 'p50' || statistic === 'p99' || metric === 'throughput'

function pairOf(a: string, ofA: readonly Row[], b: string, ofB: readonly Row[], point: string): RawPair[] {
  const blockOf = (row: Row): string => canonicalJson([row.campaign, row.block, row.repeat])
  const inB = new Map(ofB.map((row) => [blockOf(row), row.value]))
  const both = ofA.flatMap((row): [number, number][] => {
    const other = row.block === null ? undefined : inB.get(blockOf(row))
    return other === undefined ? [] : [[row.value, other]]
  })
  const isPaired = both.length >= 2
  if (!isPaired && (ofA.length < 2 || ofB.length < 2)) return []
  const { flow, metric, statistic, unit } = ofB[0]!
  const figures = isPaired
    ? pairedRuns(metric, both)
    : twoSamples(
        metric,
        ofA.map(({ value }) => value),
        ofB.map(({ value }) => value),
      )
  return [{ a, b, source: 'measured', point, flow, metric, statistic, unit, ...figures, attribution: null }]
}

/** The value of a measured point; of a throughput by its inverse, as the campaign's own rows have it. */
function quartile(metric: Metric, values: readonly number[]): number {
  if (metric === 'throughput')
    return (
      1 /
      quartile(
        'latency',
        values.map((bps) => 1 / bps),
      )
    )
  return quantileSorted(Float64Array.from(values).sort(), 0.25)
}

function pairedRuns(metric: Metric, both: readonly (readonly [number, number])[]) {
  const [a, b] = [both.map(([value]) => value), both.map(([, value]) => value)]
  const stream = permutationStream()
  const differences: number[] = []
  const ratios: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = both.map(() => both[Math.floor(stream.uniform() * both.length)]!)
    const [baseline, other] = [
      quartile(
        metric,
        drawn.map(([value]) => value),
      ),
      quartile(
        metric,
        drawn.map(([, value]) => value),
      ),
    ]
    differences.push(other - baseline)
    ratios.push(other / baseline)
  }
  const effect = pairedEffectSize(b, a)
  return {
    difference: quartile(metric, b) - quartile(metric, a),
    halfWidth: halfOf(differences),
    ratio: quartile(metric, b) / quartile(metric, a),
    ratioHalfWidth: halfOf(ratios),
    effectSize: Number.isFinite(effect) ? effect : null,
    pairing: 'blocks' as const,
    pairs: both.length,
    p: pairedPermutationTest(b, a, permutationStream()),
  }
}

/** Half of the percentile interval (Efron and Tibshirani, "An Introduction to the Bootstrap", section 13.3). */
function halfOf(replicates: number[]): number {
  const sorted = Float64Array.from(replicates).sort()
  return (quantileSorted(sorted, (1 + confidence) / 2) - quantileSorted(sorted, (1 - confidence) / 2)) / 2
}

/** The value of a measured point with its half-width. */
function estimated(metric: Metric, values: readonly number[]) {
  if (metric !== 'throughput') return lowerQuartile(values, permutationStream())
  const takes = lowerQuartile(
    values.map((bps) => 1 / bps),
    permutationStream(),
  )
  return { value: 1 / takes.value, halfWidth: takes.halfWidth === null ? null : takes.halfWidth / takes.value ** 2 }
}

function twoSamples(metric: Metric, a: readonly number[], b: readonly number[]) {
  const [ofA, ofB] = [estimated(metric, a), estimated(metric, b)]
  const ratio = ofB.value / ofA.value
  const effect = effectSize(b, a)
  return {
    difference: ofB.value - ofA.value,
    halfWidth: totalHalfWidth(ofA.halfWidth ?? 0, ofB.halfWidth ?? 0),
    ratio,
    ratioHalfWidth: totalHalfWidth(ratio * (ofA.halfWidth ?? 0), ofB.halfWidth ?? 0) / ofA.value,
    effectSize: Number.isFinite(effect) ? effect : null,
    pairing: 'none' as const,
    pairs: Math.min(a.length, b.length),
    p: permutationTest(b, a, permutationStream()),
  }
}
