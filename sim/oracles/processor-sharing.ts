/**
 * M/G/1 with processor sharing: everybody is served at once, each at an equal share. Its mean depends on the service's mean alone, and a customer's
 * mean time is in proportion to what it asks for.
 */
import { EventQueue } from '../event-queue.js'
import {
  balancedHyperExponential,
  createStream,
  exponential,
  type HyperExponential,
  hyperExponential,
  type RandomStream,
} from '../random/index.js'
import { declareModel, run } from '../run-loop.js'
import { littlesLaw, TimeWeighted, utilizationLaw } from '../statistics/index.js'
import type { Oracle } from './oracle.js'

const ARRIVAL = 0
const COMPLETION = 1
const SERVICE_NS = 1e6
const MS = 1e6
const PLACES = 2 ** 11

interface World {
  readonly queue: EventQueue
  readonly arrivals: RandomStream
  readonly services: RandomStream
  readonly phases: HyperExponential
  readonly interarrivalNs: number
  /** By row, the first `inside.value` of them taken: arrival, ns; service asked for and what is left of it, ns. */
  readonly cameNs: Float64Array
  readonly askedNs: Float64Array
  readonly leftNs: Float64Array
  readonly inside: TimeWeighted
  readonly busy: TimeWeighted
  /** What was left was brought up to date then. */
  upToNs: number
  /** Bumped when the next completion moves: the event scheduled before is stale. */
  generation: number
  done: number
  readonly warmUp: number
  startNs: number
  /** Times in system and services asked for, added up, of those who asked for up to the mean and for more. */
  readonly timeNs: [number, number]
  readonly serviceNs: [number, number]
  readonly counts: [number, number]
  /** For the laws, since `startNs`: times inside of those who left, and what they asked for, less what they had been given before. */
  timesNs: number
  servedNs: number
}

const model = declareModel<World>('processor sharing', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: COMPLETION, name: 'completion', handle: complete },
])

/** Gives everybody the share of the time that has passed. */
function serve(w: World, nowNs: number): void {
  const inside = w.inside.value
  const each = (nowNs - w.upToNs) / inside
  w.upToNs = nowNs
  for (let i = 0; i < inside; i++) w.leftNs[i]! -= each
}

/** Whole nanoseconds: a completion comes up to one late. */
function scheduleNext(w: World): void {
  w.generation++
  const inside = w.inside.value
  if (inside === 0) return
  let least = w.leftNs[0]!
  for (let i = 1; i < inside; i++) if (w.leftNs[i]! < least) least = w.leftNs[i]!
  w.queue.push(w.queue.timeNs + Math.max(0, Math.ceil(least * inside)), 0, COMPLETION, 0, w.generation)
}

function arrive(w: World): void {
  const nowNs = w.queue.timeNs
  w.queue.push(nowNs + Math.round(exponential(w.arrivals, w.interarrivalNs)), 0, ARRIVAL, 0)
  serve(w, nowNs)
  const row = w.inside.value
  if (row === PLACES) throw new RangeError(`more than ${PLACES} customers share the processor`)
  w.cameNs[row] = nowNs
  w.askedNs[row] = hyperExponential(w.services, w.phases)
  w.leftNs[row] = w.askedNs[row]!
  w.inside.change(nowNs, 1)
  w.busy.set(nowNs, 1)
  scheduleNext(w)
}

function complete(w: World, _row: number, generation: number): void {
  if (generation !== w.generation) return
  const nowNs = w.queue.timeNs
  serve(w, nowNs)
  for (let i = w.inside.value - 1; i >= 0; i--) if (w.leftNs[i]! <= 0) leave(w, i, nowNs)
  w.busy.set(nowNs, w.inside.value > 0 ? 1 : 0)
  scheduleNext(w)
}

function leave(w: World, row: number, nowNs: number): void {
  const asked = w.askedNs[row]!
  const size = asked > SERVICE_NS ? 1 : 0
  w.timeNs[size] += nowNs - w.cameNs[row]!
  w.serviceNs[size] += asked
  w.counts[size]++
  w.timesNs += nowNs - Math.max(w.startNs, w.cameNs[row]!)
  w.servedNs += asked
  w.inside.change(nowNs, -1)
  const last = w.inside.value
  w.cameNs[row] = w.cameNs[last]!
  w.askedNs[row] = w.askedNs[last]!
  w.leftNs[row] = w.leftNs[last]!
  if (++w.done === w.warmUp) restart(w, nowNs)
}

function restart(w: World, nowNs: number): void {
  w.startNs = nowNs
  w.inside.restart(nowNs)
  w.busy.restart(nowNs)
  w.timeNs.fill(0)
  w.serviceNs.fill(0)
  w.counts.fill(0)
  w.timesNs = 0
  w.servedNs = -givenNs(w)
}

/** Service that those who are inside have been given so far. */
function givenNs(w: World): number {
  let sum = 0
  for (let i = 0; i < w.inside.value; i++) sum += w.askedNs[i]! - w.leftNs[i]!
  return sum
}

function laws(w: World) {
  const nowNs = w.queue.timeNs
  let timesNs = w.timesNs
  for (let i = 0; i < w.inside.value; i++) timesNs += nowNs - Math.max(w.startNs, w.cameNs[i]!)
  const done = w.counts[0] + w.counts[1]
  return [
    littlesLaw(w.inside.areaNs(nowNs), timesNs, 2 * done + PLACES),
    // Each completion comes up to a nanosecond late; what is left is worn down by as many subtractions as there are events.
    utilizationLaw(w.busy.areaNs(nowNs), w.servedNs + givenNs(w), 4 * done + PLACES, done),
  ]
}

export function processorSharing(load = 0.7): Oracle {
  const squaredVariation = 4
  const phases = balancedHyperExponential(SERVICE_NS, squaredVariation)
  return {
    name: 'M/G/1-PS',
    system: `Poisson arrivals, hyper-exponential service of squared variation ${squaredVariation}, load ${load}, processor shared equally`,
    source: 'Kleinrock, "Queueing Systems", volume 2, section 4.4 (equations 4.17 and 4.18)',
    quantities: [
      { name: 'mean time in system', unit: 'ms', truth: SERVICE_NS / MS / (1 - load) },
      { name: 'mean number in system', unit: 'customers', truth: load / (1 - load) },
      { name: 'share of time busy', unit: 'share', truth: load },
      { name: 'time over service, short ones', unit: 'ratio', truth: 1 / (1 - load) },
      { name: 'time over service, long ones', unit: 'ratio', truth: 1 / (1 - load) },
    ],
    replicate: (seed, replication, customers) => {
      const w: World = {
        queue: new EventQueue(),
        arrivals: createStream(seed, replication, 0),
        services: createStream(seed, replication, 1),
        phases,
        interarrivalNs: SERVICE_NS / load,
        cameNs: new Float64Array(PLACES),
        askedNs: new Float64Array(PLACES),
        leftNs: new Float64Array(PLACES),
        inside: new TimeWeighted(),
        busy: new TimeWeighted(),
        upToNs: 0,
        generation: 0,
        done: 0,
        warmUp: Math.ceil(customers / 10),
        startNs: 0,
        timeNs: [0, 0],
        serviceNs: [0, 0],
        counts: [0, 0],
        timesNs: 0,
        servedNs: 0,
      }
      w.queue.push(0, 0, ARRIVAL, 0)
      const enough = w.warmUp + customers
      const { events } = run(model, w, { until: ({ done }) => done >= enough })
      const nowNs = w.queue.timeNs
      return {
        values: [
          (w.timeNs[0] + w.timeNs[1]) / (w.counts[0] + w.counts[1]) / MS,
          w.inside.mean(nowNs),
          w.busy.mean(nowNs),
          w.timeNs[0] / w.serviceNs[0],
          w.timeNs[1] / w.serviceNs[1],
        ],
        laws: laws(w),
        events,
      }
    },
  }
}
