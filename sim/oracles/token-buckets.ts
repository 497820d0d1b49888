/**
 * Two token buckets in a row, packets of one token each. How much leaves a bucket in any time, and how long anything waits in the second, is
 * bounded on every run (Cruz, "A calculus for network delay", IEEE Trans. Inf. Theory 37(1), 1991). And with Poisson arrivals what the first lacks of tokens
 * is the work of an M/D/1 queue, which gives the share of packets that pass at once.
 */
import { EventQueue } from '../event-queue.js'
import { createStream, exponential, type RandomStream } from '../random/index.js'
import { declareModel, run } from '../run-loop.js'
import { TokenBucket } from '../servers/index.js'
import { littlesLaw, MeanVariance, TimeWeighted, upperBound } from '../statistics/index.js'
import type { Oracle } from './oracle.js'
import { waitAtMostMd1 } from './queueing-theory.js'

const ARRIVAL = 0
const RELEASE = 1
const MS = 1e6
const PLACES = 2 ** 13

/** A bucket and its line: a packet is a byte, and packets wait in a ring for the tokens that they were promised. */
interface Bucket {
  readonly tokens: TokenBucket
  readonly tokenNs: number
  readonly cameNs: Float64Array
  head: number
  waiting: number
  /** Packets that left; delays, ns; those that did not wait. */
  left: number
  readonly delay: MeanVariance
  longestNs: number
  atOnce: number
  readonly line: TimeWeighted
  delaysNs: number
  /** The most that left in any time beyond what the rate allows for it: never more than the depth. And its lowest level before a packet. */
  burst: number
  lowest: number
}

interface World {
  readonly queue: EventQueue
  readonly arrivals: RandomStream
  readonly interarrivalNs: number
  readonly buckets: readonly [Bucket, Bucket]
}

const model = declareModel<World>('token buckets', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: RELEASE, name: 'release', handle: release },
])

function createBucket(depth: number, tokenNs: number): Bucket {
  return {
    tokens: new TokenBucket(8e9 / tokenNs, depth),
    tokenNs,
    cameNs: new Float64Array(PLACES),
    head: 0,
    waiting: 0,
    left: 0,
    delay: new MeanVariance(),
    longestNs: 0,
    atOnce: 0,
    line: new TimeWeighted(),
    delaysNs: 0,
    burst: 0,
    lowest: 0,
  }
}

function arrive(w: World): void {
  const nowNs = w.queue.timeNs
  w.queue.push(nowNs + Math.round(exponential(w.arrivals, w.interarrivalNs)), 0, ARRIVAL, 0)
  offer(w, 0, nowNs)
}

/** A packet passes at once if there is a token; else it waits for its own, up to a whole nanosecond. */
function offer(w: World, at: number, nowNs: number): void {
  const bucket = w.buckets[at]!
  if (bucket.waiting === PLACES) throw new RangeError(`more than ${PLACES} packets wait for a token`)
  bucket.cameNs[(bucket.head + bucket.waiting) & (PLACES - 1)] = nowNs
  bucket.waiting++
  bucket.line.change(nowNs, 1)
  const delayNs = Math.ceil(bucket.tokens.delayNs(nowNs, 1))
  if (delayNs === 0) letGo(w, at, nowNs)
  else w.queue.push(nowNs + delayNs, 0, RELEASE, at)
}

function release(w: World, at: number): void {
  letGo(w, at, w.queue.timeNs)
}

function letGo(w: World, at: number, nowNs: number): void {
  const bucket = w.buckets[at]!
  const delayNs = nowNs - bucket.cameNs[bucket.head]!
  bucket.head = (bucket.head + 1) & (PLACES - 1)
  bucket.waiting--
  bucket.line.change(nowNs, -1)
  bucket.delay.add(delayNs)
  bucket.delaysNs += delayNs
  if (delayNs === 0) bucket.atOnce++
  if (delayNs > bucket.longestNs) bucket.longestNs = delayNs
  // Packets gone before, less what the rate allows up to now: the excess over its lowest level is the burst of the worst window that ends here.
  const level = bucket.left - nowNs / bucket.tokenNs
  if (level < bucket.lowest) bucket.lowest = level
  bucket.left++
  if (level + 1 - bucket.lowest > bucket.burst) bucket.burst = level + 1 - bucket.lowest
  if (at === 0) offer(w, 1, nowNs)
}

function laws(w: World) {
  const nowNs = w.queue.timeNs
  const [first, second] = w.buckets
  // A burst of the first's depth meets the second full: the last of it waits for the tokens that the second lacks.
  const longestNs = (first.tokens.burstBytes - second.tokens.burstBytes) * second.tokenNs
  return [
    ...w.buckets.flatMap((bucket) => {
      let delaysNs = bucket.delaysNs
      for (let i = 0; i < bucket.waiting; i++) delaysNs += nowNs - bucket.cameNs[(bucket.head + i) & (PLACES - 1)]!
      // Levels are differences of numbers as large as the count.
      return [
        upperBound(bucket.burst, bucket.tokens.burstBytes, bucket.left * 2 ** -50),
        littlesLaw(bucket.line.areaNs(nowNs), delaysNs, 2 * bucket.left),
      ]
    }),
    // Each of the packets that wait together is released up to a nanosecond late.
    upperBound(second.longestNs, longestNs, first.tokens.burstBytes),
  ]
}

export function tokenBuckets(load = 0.8): Oracle {
  const depths = [4, 2] as const
  const tokenNs = MS
  return {
    name: 'token buckets',
    system: `Poisson packets, load ${load}, a bucket of ${depths[0]} tokens, then one of ${depths[1]} tokens that fills faster`,
    source: 'Cruz, "A calculus for network delay", IEEE Trans. Inf. Theory 37(1), 1991; Erlang, 1909 (the wait of M/D/1)',
    quantities: [
      { name: 'share that passes the first at once', unit: 'share', truth: waitAtMostMd1(load, depths[0] - 1, 1) },
      { name: 'packets per second after the first', unit: '/s', truth: (1e9 / tokenNs) * load },
    ],
    replicate: (seed, replication, customers) => {
      const w: World = {
        queue: new EventQueue(),
        arrivals: createStream(seed, replication, 0),
        interarrivalNs: tokenNs / load,
        buckets: [createBucket(depths[0], tokenNs), createBucket(depths[1], tokenNs / 1.25)],
      }
      w.queue.push(0, 0, ARRIVAL, 0)
      const [first] = w.buckets
      const warmUp = Math.ceil(customers / 10)
      let { events } = run(model, w, { until: () => first.left >= warmUp })
      const before = { left: first.left, atOnce: first.atOnce, timeNs: w.queue.timeNs }
      events += run(model, w, { until: () => first.left >= warmUp + customers }).events
      return {
        values: [
          (first.atOnce - before.atOnce) / (first.left - before.left),
          ((first.left - before.left) / (w.queue.timeNs - before.timeNs)) * 1e9,
        ],
        laws: laws(w),
        events,
      }
    },
  }
}
