/**
 * Two token buckets in a row, packets of one token each. How much leaves a bucket in any time, and how long anything waits in the second, is
 * bounded on every run (Cruz, "A calculus for network delay", IEEE Trans. Inf. Theory 37(1), 1991). And with Poisson arrivals what the first lacks of tokens
 * is the work of an M/D/1 queue, which gives the share of packets that pass at once.
 */
import { EventQueue } from '../event-queue.js'
import { createStream, exponential, type RandomStream } from '../random/index.js'
import { declareModel, run } from '../run-loop.js'
import { littlesLaw, MeanVariance, TimeWeighted, upperBound } from '../statistics/index.js'
import type { Oracle } from './oracle.js'
import { waitAtMostMd1 } from './queueing-theory.js'

const ARRIVAL = 0
const RELEASE = 1
const MS = 1e6
const PLACES = 2 ** 13

/** A bucket of `depth` tokens that gets one each `tokenNs`; packets wait in a ring for theirs. */
interface Bucket {
  readonly depth: number
  readonly tokenNs: number
  tokens: number
  upToNs: number
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
    depth,
    tokenNs,
    tokens: depth,
    upToNs: 0,
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

/** A packet passes at once if nobody waits and there is a token; else it waits in line. */
function offer(w: World, at: number, nowNs: number): void {
  const bucket = w.buckets[at]!
  if (bucket.waiting === PLACES) throw new RangeError(`more than ${PLACES} packets wait for a token`)
  bucket.cameNs[(bucket.head + bucket.waiting) & (PLACES - 1)] = nowNs
  bucket.waiting++
  bucket.line.change(nowNs, 1)
  if (bucket.waiting === 1) releaseOrWait(w, at, nowNs)
}

function release(w: World, at: number): void {
  releaseOrWait(w, at, w.queue.timeNs)
}

/** Lets packets go while there are tokens, and comes back when the next one has its own: a whole nanosecond, so up to one late. */
function releaseOrWait(w: World, at: number, nowNs: number): void {
  const bucket = w.buckets[at]!
  bucket.tokens = Math.min(bucket.depth, bucket.tokens + (nowNs - bucket.upToNs) / bucket.tokenNs)
  bucket.upToNs = nowNs
  while (bucket.waiting > 0 && bucket.tokens >= 1) {
    bucket.tokens--
    letGo(w, at, nowNs)
  }
  if (bucket.waiting > 0) w.queue.push(nowNs + Math.max(1, Math.ceil((1 - bucket.tokens) * bucket.tokenNs)), 0, RELEASE, at)
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
  const longestNs = (first.depth - second.depth) * second.tokenNs
  return [
    ...w.buckets.flatMap((bucket) => {
      let delaysNs = bucket.delaysNs
      for (let i = 0; i < bucket.waiting; i++) delaysNs += nowNs - bucket.cameNs[(bucket.head + i) & (PLACES - 1)]!
      // Levels are differences of numbers as large as the count.
      return [
        upperBound(bucket.burst, bucket.depth, bucket.left * 2 ** -50),
        littlesLaw(bucket.line.areaNs(nowNs), delaysNs, 2 * bucket.left),
      ]
    }),
    // Each of the packets that wait together is released up to a nanosecond late.
    upperBound(second.longestNs, longestNs, first.depth),
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
