/** How far predictions lay from measurements that the fit never saw. */

import { medianSorted } from 'simple-statistics'
import type { Experiment } from '../experiments/experiment.js'
import { isMessageTime, type Metric } from '../experiments/rows.js'
import type { Profile, WorkloadValidation } from '../models/profiles/profile.js'
import type { Workload } from '../models/topology/scenario.js'
import { placeOf } from './axes.js'
import { type Cell, relativeError, relativeSpread } from './cells.js'
import { isStalled } from './stalled.js'

export interface ErrorFigures {
  readonly metric: Metric
  readonly statistic: string
  readonly points: number
  /** Held-out points outside the region of trust, which count in nothing here. */
  readonly apart: ErrorsApart | null
  /** Of the absolute relative errors. */
  readonly medianError: number
  readonly worstError: number
  /** `overlay, 4 KiB`. */
  readonly worstPoint: string
  /** Median relative half-width of the same measurements; null where none has one. */
  readonly repeatability: number | null
  /** Share of the points whose total interval, widened by the measurement's own, holds the measured value; null without intervals. */
  readonly coverage: number | null
  /** Median relative half-width of the predictions. */
  readonly medianHalfWidth: number | null
}

export interface ErrorsApart {
  readonly points: number
  /** The largest of their absolute errors, and where it is: `socks, 8 KiB`. */
  readonly worstError: number
  readonly worstPoint: string
  /** Messages of one run there where the two differ, because a timer takes all of a measurement's time; null where they are alike. */
  readonly messages: { readonly simulated: number; readonly measured: number } | null
}

function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianSorted([...values].sort((a, b) => a - b))
}

/**
 * Over the held-out cells of one statistic, by default the times of messages, that lie inside the region of trust (what lies outside is a warning);
 * null where there are none. Streams all lie outside: of them every one counts.
 */
export function heldOutErrors(
  experiment: Experiment,
  cells: readonly Cell[],
  statistic = 'p50',
  isMetric: (metric: Metric) => boolean = isMessageTime,
): ErrorFigures | null {
  const all = cells.filter((cell) => cell.heldOut && isMetric(cell.metric) && cell.statistic === statistic && relativeError(cell) !== null)
  const counts = (cell: Cell): boolean => cell.metric === 'throughput' || isTrusted(cell)
  const held = all.filter(counts)
  const errors = held.map((cell) => ({ cell, error: Math.abs(relativeError(cell)!) }))
  if (errors.length === 0) return null
  const worst = errors.reduce((a, b) => (b.error > a.error ? b : a))
  const widths = held.flatMap((cell) => (cell.simulated!.halfWidth === null ? [] : [cell]))
  const covered = widths.filter((cell) => {
    const reach = Math.hypot(cell.simulated!.halfWidth!, cell.measured!.halfWidth ?? 0)
    return Math.abs(cell.simulated!.value - cell.measured!.value) <= reach
  })
  return {
    metric: worst.cell.metric,
    statistic,
    points: errors.length,
    apart: errorsApart(
      experiment,
      all.filter((cell) => !counts(cell)),
    ),
    medianError: median(errors.map(({ error }) => error))!,
    worstError: worst.error,
    worstPoint: pointName(experiment, worst.cell),
    repeatability: median(held.flatMap((cell) => relativeSpread(cell) ?? [])),
    coverage: widths.length === 0 ? null : covered.length / widths.length,
    medianHalfWidth: median(widths.map((cell) => cell.simulated!.halfWidth! / cell.simulated!.value)),
  }
}

function pointName(experiment: Experiment, { model, flow, values }: Cell): string {
  return [model, placeOf(experiment, flow, values)].filter((part) => part !== '').join(', ')
}

/** A connection ages: how often it stalls depends on how many messages it has carried. */
function errorsApart(experiment: Experiment, cells: readonly Cell[]): ErrorsApart | null {
  if (cells.length === 0) return null
  const errorOf = (cell: Cell): number => Math.abs(relativeError(cell)!)
  const worst = cells.reduce((a, b) => (errorOf(b) > errorOf(a) ? b : a))
  const [simulated, measured] = [worst.simulated!, worst.measured!].map(({ messages, runs }) => Math.round(messages / runs)) as [
    number,
    number,
  ]
  const areAlike = Math.max(simulated, measured) < 2 * Math.min(simulated, measured)
  return {
    points: cells.length,
    worstError: errorOf(worst),
    worstPoint: pointName(experiment, worst),
    messages: areAlike || !isStalled(worst) ? null : { simulated, measured },
  }
}

function isTrusted({ simulated }: Cell): boolean {
  return simulated !== null && simulated !== undefined && (simulated.trust === null || simulated.trust === 'inside')
}

/** How well the measurements in these cells repeat: the median relative half-width over all that have one. */
export function repeatabilityOf(
  cells: readonly Cell[],
  statistic = 'p50',
  isMetric: (metric: Metric) => boolean = isMessageTime,
): number | null {
  return median(cells.filter((cell) => cell.statistic === statistic && isMetric(cell.metric)).flatMap((cell) => relativeSpread(cell) ?? []))
}

/** What a report's predictions of one kind of workload were held beside: measurements among its own rows, and all that the profile was. */
export interface WorkloadEvidence {
  readonly workload: WorkloadKind
  /** The cells of it. */
  readonly cells: readonly Cell[]
  readonly own: ErrorFigures | null
  readonly ofProfile: HeldOutErrors | null
}

type WorkloadKind = Workload['kind']
type HeldOutErrors = Omit<WorkloadValidation, 'workload' | 'metric' | 'statistic'>

/** Of every kind of workload that the experiment has, in its order. */
export function evidenceOf(experiment: Experiment, cells: readonly Cell[], profile: Profile | null, statistic: string): WorkloadEvidence[] {
  const kinds = new Map(
    experiment.points.flatMap(({ id, scenario }) =>
      Object.entries(scenario.flows).map(([flow, { workload }]) => [`${id}\n${flow}`, workload.kind] as const),
    ),
  )
  return [...new Set(kinds.values())].map((workload) => {
    const own = cells.filter(({ point, flow }) => kinds.get(`${point}\n${flow}`) === workload)
    const errors = workload === 'stream' ? heldOutErrors(experiment, own, 'mean', isThroughput) : heldOutErrors(experiment, own, statistic)
    return { workload, cells: own, own: errors, ofProfile: validationOf(profile, workload) }
  })
}

export const isThroughput = (metric: Metric): boolean => metric === 'throughput'

/** What the profile was held beside of this kind; before they were told apart, a profile knew messages one at a time alone. */
function validationOf(profile: Profile | null, workload: WorkloadKind): HeldOutErrors | null {
  const validation = profile?.validation ?? null
  const found = validation?.byWorkload?.find((one) => one.workload === workload)
  return found ?? (workload === 'ping-pong' ? validation : null)
}
