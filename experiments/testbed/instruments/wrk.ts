/**
 * wrk 4.1.0, the field's instrument for HTTP/1.1: one thread, one connection, one request at a time. It stamps with gettimeofday(), in whole microseconds,
 * and keeps a histogram of the differences, which a script of ours prints whole. The quantiles are made from it (latencyQuantile), finer than its steps.
 */
import { LatencySketch } from '../../../sim/statistics/latency-sketch.js'
import type { InstrumentResult } from './result.js'
import { TIMELINE } from './sockperf.js'

export interface WrkCall {
  readonly address: string
  readonly port: number
  /** Whole seconds only; wrk looks at its clock every 100 ms, and stops at the first look after them. */
  readonly seconds: number
  /** Path of a file for its script, free of others'. */
  readonly file: string
  /** Headers beside Host. */
  readonly headers?: readonly string[]
}

/** After the last reply the connection stays for so long, as sockperf's does: relays are asked meanwhile what they have received. */
const HOLDS_MS = 200

/** Traffic begins when sockperf's does: wrk waits before it starts its thread. Its Lua is LuaJIT, which calls poll(2) by itself. */
export function wrkScript(): string {
  return [
    "local ffi = require('ffi')",
    "ffi.cdef('int poll(void *fds, unsigned long count, int timeout);')",
    `function setup(thread) ffi.C.poll(nil, 0, ${TIMELINE.trafficS * 1000}) end`,
    'function done(summary, latency, requests)',
    `  ffi.C.poll(nil, 0, ${HOLDS_MS})`,
    '  local e = summary.errors',
    '  local counts = {}',
    "  for i = 1, #latency do local us, count = latency(i); counts[i] = string.format('[%d,%d]', us, count) end",
    '  io.write(string.format(\'{"requests":%d,"durationUs":%d,"errors":%d,"histogram":[%s]}\\n\', summary.requests, summary.duration,',
    "    e.connect + e.read + e.write + e.status + e.timeout, table.concat(counts, ',')))",
    'end',
    '',
  ].join('\n')
}

export function wrkArguments({ address, port, seconds, file, headers = [] }: WrkCall): string[] {
  const more = headers.flatMap((header) => ['--header', header])
  return [
    'wrk',
    '--threads',
    '1',
    '--connections',
    '1',
    '--duration',
    `${seconds}s`,
    '--script',
    file,
    ...more,
    `http://${address}:${port}/`,
  ]
}

/** Whole microseconds, and how many requests took so long. */
export type Histogram = readonly (readonly [us: number, count: number])[]

interface Report {
  readonly requests: number
  readonly durationUs: number
  readonly errors: number
  readonly histogram: Histogram
}

/** @throws Error where it answered with something else, a request failed, or the histogram does not hold the requests */
export function parseWrk(output: string): InstrumentResult {
  const { requests, durationUs, errors } = reportIn(output)
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`)
  const histogram = wrkHistogram(output)
  const at = (share: number): number => latencyQuantile(histogram, share)
  const sumUs = histogram.reduce((sum, [us, count]) => sum + us * count, 0)
  return {
    total: { seconds: durationUs / 1e6, sent: requests, received: requests },
    messages: requests,
    seconds: durationUs / 1e6,
    latencyNs: {
      p50: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      'p99.9': at(0.999),
      mean: Math.round((1000 * sumUs) / requests),
      min: 1000 * histogram[0]![0],
      max: 1000 * histogram.at(-1)![0],
    },
    dropped: 0,
    duplicated: 0,
    outOfOrder: 0,
  }
}

function reportIn(output: string): Report {
  const line = output.split('\n').find((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(output.trim().split('\n').at(-1) || 'wrk wrote nothing')
  return JSON.parse(line) as Report
}

/** The times of all requests as they were, shortest first. @throws Error where there are more or fewer than requests */
export function wrkHistogram(output: string): Histogram {
  const { requests, durationUs, histogram } = reportIn(output)
  const times = uncorrected(histogram, Math.trunc(durationUs / requests))
  const counted = times.reduce((sum, [, count]) => sum + count, 0)
  if (requests === 0 || counted !== requests) throw new Error(`${requests} requests were answered, and ${counted} timed`)
  return times
}

/**
 * wrk adds to its histogram what it believes that a constant rate would have seen (stats_correct(), src/stats.c): of each time of at least twice the
 * mean interval, the time less once, twice, ... the interval, as long as more than one is left. From the longest on, what was added is taken away again.
 */
export function uncorrected(histogram: Histogram, intervalUs: number): Histogram {
  const left = new Map(histogram)
  for (const [us] of [...histogram].reverse()) {
    const count = left.get(us)!
    if (us < 2 * intervalUs || count === 0) continue
    for (let added = us - intervalUs; added > intervalUs; added -= intervalUs) left.set(added, (left.get(added) ?? 0) - count)
  }
  return [...left].filter(([, count]) => count !== 0)
}

/**
 * The quantile in ns. A time of x lies between two stamps that are cut to whole microseconds: their difference is the whole number below x or the one above, above
 * with the probability of x's fraction. So the share of differences of at most k is the mean of the times' distribution from k to k + 1, and stands for its value
 * at k + 1/2; between those it is taken as straight.
 */
export function latencyQuantile(histogram: Histogram, share: number): number {
  const wanted = share * histogram.reduce((sum, [, count]) => sum + count, 0)
  let below = 0
  for (const [us, count] of histogram) {
    if (below + count >= wanted) return Math.round(1000 * (us - 0.5 + (wanted - below) / count))
    below += count
  }
  return 1000 * histogram.at(-1)![0]
}

/** The times' sketch: those of one microsecond spread evenly over it, as the quantiles take them. */
export function wrkSketch(output: string): string {
  const sketch = new LatencySketch()
  for (const [us, count] of wrkHistogram(output))
    for (let i = 0; i < count; i++) sketch.record(Math.max(0, 1000 * (us - 0.5 + (i + 0.5) / count)))
  return sketch.encode()
}
