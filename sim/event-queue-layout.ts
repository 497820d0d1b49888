/** How the buckets are laid out over the times that are pending: their width and their number. */
import type { EventColumns } from './event-queue-records.js'

/** Events that a bucket should hold when it is opened: fewer cost a bucket each, more are sorted (measured: 2 to 6 differ by less than the noise). */
export const PER_BUCKET = 4
const FEWEST_BUCKETS = 32
/** The heads of this many buckets take 64 KiB; beyond, the records in them leave the second cache. */
const MOST_BUCKETS = 16384
/** With more events than this, most buckets would only keep the caches busy: what is not due soon waits in blocks. */
const FEW_EVENTS = 32768
const BUCKETS_OF_MANY = 2048
const SAMPLE = 256
/** A bucket is between 2^-10 ns and 2^48 ns (3 days) wide, and never so narrow that a time plus its width is the time. */
const NARROWEST_NS = 2 ** -10
const NARROWEST_OF_TIME = 2 ** -48
const WIDEST_NS = 2 ** 48

export interface Layout {
  readonly buckets: number
  /** A power of two, so that a time's bucket, floor(time / width), is exact. */
  readonly widthNs: number
}

/** @param widthNs the width wanted, or 0 to choose one by the first quarter of the pending times */
export function layOutBuckets(pending: EventColumns, firstNs: number, widthNs: number): Layout {
  const size = pending.timesNs.length
  const wanted = widthNs > 0 ? widthNs : (PER_BUCKET * (firstQuartile(pending.timesNs) - firstNs)) / (size / 4)
  const most = size > FEW_EVENTS ? BUCKETS_OF_MANY : MOST_BUCKETS
  let buckets = FEWEST_BUCKETS
  while (buckets < size && buckets < most) buckets *= 2
  return { buckets, widthNs: nearestPowerOfTwo(Math.min(Math.max(wanted, NARROWEST_NS, firstNs * NARROWEST_OF_TIME), WIDEST_NS)) }
}

function firstQuartile(times: Float64Array): number {
  const count = Math.min(SAMPLE, times.length)
  const sample = Float64Array.from({ length: count }, (_, i) => times[Math.floor((i * times.length) / count)]!).sort()
  return sample[count >> 2]!
}

function nearestPowerOfTwo(x: number): number {
  let power = 1
  while (power * Math.SQRT2 < x) power *= 2
  while (power > x * Math.SQRT2) power /= 2
  return power
}
