/** What a validation found, a line a metric and statistic (FORMATS, `validate`), and what it means in words. */

import type { ProfileValidation, WorkloadValidation } from '../../models/index.js'
import { mean, quantile } from '../../sim/index.js'
import type { Metric } from '../rows.js'
import { formatBytes } from '../schema/index.js'
import type { Comparison } from './comparison.js'

/** Errors are absolute, relative to the measured value; only held-out points count. */
export interface ValidationSummary {
  readonly metric: Metric
  readonly statistic: string
  readonly points: number
  readonly medianError: number
  readonly worstError: number
  readonly worstPoint: string
  /** Median of how far the same measurements lie from themselves: the floor of any error; null where all had one run. */
  readonly repeatability: number | null
  /** Share of the points that lie inside the 95 % interval (of prediction and measurement together). */
  readonly coverage: number
  /** Median half-width of the predictions, relative. */
  readonly medianHalfWidth: number
  /** Median absolute errors of the baselines, over the points that each applies to; null where that is none. */
  readonly baselines: { readonly nearest: number | null; readonly linear: number | null; readonly queue: null }
  /** How many points that is, and the simulation's own median error over the same ones: what the baseline is to be compared with. */
  readonly beside: Readonly<Record<'nearest' | 'linear', { readonly points: number; readonly medianError: number } | null>>
  /** The same errors without the points whose latency a timer decides: their error says nothing of a path's cost. */
  readonly withoutStalls: { readonly points: number; readonly medianError: number; readonly worstError: number } | null
}

export function summarize(comparisons: readonly Comparison[]): ValidationSummary[] {
  const groups = new Map<string, Comparison[]>()
  for (const one of comparisons.filter(({ standing }) => standing === 'held-out')) {
    const key = `${one.metric} ${one.statistic}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map(summarizeOne)
}

function summarizeOne(points: readonly Comparison[]): ValidationSummary {
  const [first] = points as [Comparison]
  const worst = points.reduce((a, b) => (Math.abs(b.error) > Math.abs(a.error) ? b : a))
  const moving = points.filter(({ stalls }) => !stalls)
  const repeats = points.flatMap((one) => (one.measuredHalfWidth === null ? [] : [one.measuredHalfWidth / one.measured]))
  const nearest = baselineOver(points, 'nearest')
  const linear = baselineOver(points, 'linear')
  return {
    metric: first.metric,
    statistic: first.statistic,
    points: points.length,
    medianError: median(points.map(absoluteError)),
    worstError: Math.abs(worst.error),
    worstPoint: nameOf(worst),
    repeatability: repeats.length === 0 ? null : median(repeats),
    coverage: mean(points.map(({ inside }) => (inside ? 1 : 0))),
    medianHalfWidth: median(points.map(({ predicted, predictedHalfWidth }) => predictedHalfWidth / predicted)),
    baselines: { nearest: nearest?.baselineError ?? null, linear: linear?.baselineError ?? null, queue: null },
    beside: { nearest: besideOf(nearest), linear: besideOf(linear) },
    withoutStalls:
      moving.length === 0
        ? null
        : { points: moving.length, medianError: median(moving.map(absoluteError)), worstError: Math.max(...moving.map(absoluteError)) },
  }
}

interface BaselineOver {
  readonly points: number
  readonly baselineError: number
  readonly medianError: number
}

function baselineOver(points: readonly Comparison[], name: 'nearest' | 'linear'): BaselineOver | null {
  const applies = points.filter(({ baselines }) => baselines[name] !== null)
  if (applies.length === 0) return null
  return {
    points: applies.length,
    baselineError: median(applies.map(({ baselines }) => Math.abs(baselines[name]!.error))),
    medianError: median(applies.map(absoluteError)),
  }
}

const besideOf = (over: BaselineOver | null) => (over === null ? null : { points: over.points, medianError: over.medianError })

const absoluteError = ({ error }: Comparison) => Math.abs(error)
const median = (values: readonly number[]) => quantile(values, 0.5)

export function nameOf({ path, messageBytes }: Comparison): string {
  return `${path}, ${formatBytes(messageBytes)}`
}

/** Whether the simulation was needed, a sentence a statistic and baseline: on the points that the baseline applies to. */
export function baselineWords({ metric, statistic, points, baselines, beside }: ValidationSummary): string[] {
  const named = { nearest: 'the nearest fitted path', linear: 'a linear sum' } as const
  return (['nearest', 'linear'] as const).map((name) => {
    const [error, own] = [baselines[name], beside[name]]
    if (error === null || own === null) return `${metric} ${statistic}: ${named[name]} applies to no point`
    const among = own.points === points ? '' : ` on the ${own.points} of ${points} points that it applies to`
    const verdict = error <= own.medianError ? 'is as good as the simulation' : 'is worse than the simulation'
    return `${metric} ${statistic}: ${named[name]} ${verdict}${among} (median error ${inPercent(error)} against ${inPercent(own.medianError)})`
  })
}

const inPercent = (share: number) => `${(100 * share).toFixed(1)} %`

/** A set of measurements with what was found of it. */
export interface ComparedSet {
  readonly name: string
  readonly comparisons: readonly Comparison[]
}

/** What a profile keeps of a validation: the errors of p50, and of every kind of workload those of what is measured of it; null where no latency was compared. */
export function profileValidation(sets: readonly ComparedSet[]): ProfileValidation | null {
  const comparisons = sets.flatMap((set) => set.comparisons)
  const byWorkload = [...new Set(comparisons.map(({ workload }) => workload))].flatMap((workload): WorkloadValidation[] => {
    const isOne = (one: Comparison): boolean =>
      one.standing === 'held-out' && one.workload === workload && one.statistic === headStatisticOf(one)
    const [line] = summarize(comparisons.filter(isOne))
    if (line === undefined) return []
    const { points, medianError, worstError, worstPoint, repeatability, baselines } = line
    return [
      {
        workload,
        metric: line.metric as WorkloadValidation['metric'],
        statistic: line.statistic as WorkloadValidation['statistic'],
        points,
        medianError,
        worstError,
        worstPoint,
        repeatability,
        baselines: { linear: baselines.linear, nearest: baselines.nearest },
        dataSet: sets.flatMap(({ name, comparisons: own }) => (own.some(isOne) ? [name] : [])).join(', '),
      },
    ]
  })
  const head = byWorkload.find(({ workload }) => workload === 'ping-pong')
  if (head === undefined || head.repeatability === null) return null
  const { workload: _, metric: __, statistic: ___, ...errors } = head
  return { ...errors, repeatability: head.repeatability, byWorkload }
}

/** What carries has no median. */
const headStatisticOf = ({ metric }: Comparison): string => (metric === 'throughput' ? 'mean' : 'p50')
