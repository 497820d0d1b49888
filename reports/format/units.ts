/** Base units (bytes, nanoseconds, bit/s) in the units that a reader expects. */
import type { Metric } from '../../experiments/rows.js'
import { formatDuration, formatMessageRate } from '../../experiments/schema/units.js'
import { estimate, significant } from './estimate.js'

/** `64 B`, `1400 B`, `1 KiB`: the largest unit that leaves a whole number. */
export function bytes(count: number): string {
  if (count >= 1 << 20 && count % (1 << 20) === 0) return `${count / (1 << 20)} MiB`
  if (count >= 1 << 10 && count % (1 << 10) === 0) return `${count / (1 << 10)} KiB`
  return `${count} B`
}

export interface DisplayUnit {
  /** As it is printed in text and on axes. */
  readonly name: string
  /** The same in ASCII, for terminals and CSV headers. */
  readonly ascii: string
  /** How many base units one of it is. */
  readonly perUnit: number
}

const milliseconds: DisplayUnit = { name: 'ms', ascii: 'ms', perUnit: 1e6 }
const microseconds: DisplayUnit = { name: 'µs', ascii: 'us', perUnit: 1000 }

export function displayUnit(metric: Metric): DisplayUnit {
  switch (metric) {
    case 'latency':
    case 'response-time':
    case 'cpu-per-message':
    case 'call-duration':
      return microseconds
    case 'start-up':
      return milliseconds
    case 'throughput':
      return { name: 'Gbit/s', ascii: 'Gbit/s', perUnit: 1e9 }
    case 'rate':
      return { name: '1000/s', ascii: '1000/s', perUnit: 1000 }
  }
}

/** A duration in the largest unit that leaves at least 1: `44 ms`, `8.7 us`. */
export function duration(ns: number): string {
  if (ns >= 1e9) return `${significant(ns / 1e9, 3)} s`
  if (ns >= 1e6) return `${significant(ns / 1e6, 3)} ms`
  if (ns >= 1e3) return `${significant(ns / 1e3, 3)} us`
  return `${significant(ns, 3)} ns`
}

/** From here on a time is said in milliseconds, µs. */
const MILLISECONDS_FROM_US = 900

/** A time that is known in µs with its half-width: `8.7 ± 0.1 us`, `21 ± 1 ms`. `unit` is `us` on a terminal and `µs` elsewhere. */
export function timeInWords(us: number, halfUs: number | null, unit: string, leastDigits?: number): string {
  if (Math.abs(us) < MILLISECONDS_FROM_US) return `${estimate(us, halfUs, leastDigits)} ${unit}`
  return `${estimate(us / 1000, halfUs === null ? null : halfUs / 1000, leastDigits)} ms`
}

/** A swept value in words: sizes get their unit, everything else stands as it is. */
export function pointValue(key: string, value: string | number | boolean): string {
  if (typeof value !== 'number') return String(value)
  if (/\.(message|write|read|buffer|send-buffer|receive-buffer)$/.test(key)) return bytes(value)
  if (/\.cpu-(quota|period)$/.test(key)) return formatDuration(value)
  return key.endsWith('.workload.rate') ? formatMessageRate(value) : String(value)
}
