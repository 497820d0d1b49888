/** How far predictions lay from measurements that the fit never saw. */

import { medianSorted } from 'simple-statistics'
import type { Experiment } from '../experiments/experiment.js'
import { isMessageTime } from '../experiments/rows.js'
import { placeOf } from './axes.js'
import { type Cell, relativeError, relativeSpread } from './cells.js'

export interface ErrorFigures {
  readonly statistic: string
  readonly points: number
  /** Held-out points outside the region of trust, which count in nothing here, and the largest of their absolute errors. */
  readonly apart: { readonly points: number; readonly worstError: number } | null
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

function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianSorted([...values].sort((a, b) => a - b))
}

/** Over the held-out latency cells of one statistic that lie inside the region of trust (what lies outside is a warning); null where there are none. */
export function heldOutErrors(experiment: Experiment, cells: readonly Cell[], statistic = 'p50'): ErrorFigures | null {
  const all = cells.filter(
    (cell) => cell.heldOut && isMessageTime(cell.metric) && cell.statistic === statistic && relativeError(cell) !== null,
  )
  const held = all.filter(isTrusted)
  const apart = all.filter((cell) => !isTrusted(cell)).map((cell) => Math.abs(relativeError(cell)!))
  const errors = held.map((cell) => ({ cell, error: Math.abs(relativeError(cell)!) }))
  if (errors.length === 0) return null
  const worst = errors.reduce((a, b) => (b.error > a.error ? b : a))
  const place = placeOf(experiment, worst.cell.flow, worst.cell.values)
  const widths = held.flatMap((cell) => (cell.simulated!.halfWidth === null ? [] : [cell]))
  const covered = widths.filter((cell) => {
    const reach = Math.hypot(cell.simulated!.halfWidth!, cell.measured!.halfWidth ?? 0)
    return Math.abs(cell.simulated!.value - cell.measured!.value) <= reach
  })
  return {
    statistic,
    points: errors.length,
    apart: apart.length === 0 ? null : { points: apart.length, worstError: Math.max(...apart) },
    medianError: median(errors.map(({ error }) => error))!,
    worstError: worst.error,
    worstPoint: place === '' ? worst.cell.model : `${worst.cell.model}, ${place}`,
    repeatability: median(held.flatMap((cell) => relativeSpread(cell) ?? [])),
    coverage: widths.length === 0 ? null : covered.length / widths.length,
    medianHalfWidth: median(widths.map((cell) => cell.simulated!.halfWidth! / cell.simulated!.value)),
  }
}

function isTrusted({ simulated }: Cell): boolean {
  return simulated !== null && simulated !== undefined && (simulated.trust === null || simulated.trust === 'inside')
}

/** How well the measurements in these cells repeat: the median relative half-width over all that have one. */
export function repeatabilityOf(cells: readonly Cell[], statistic = 'p50'): number | null {
  return median(
    cells.filter((cell) => cell.statistic === statistic && isMessageTime(cell.metric)).flatMap((cell) => relativeSpread(cell) ?? []),
  )
}
