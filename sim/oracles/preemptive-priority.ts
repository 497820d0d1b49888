/**
 * One server and three classes: whoever comes with a higher priority takes the server at once, and who was interrupted goes on later where it
 * was (preemptive resume). The services differ in kind, so that the residual times of the formula count.
 */
import { EventQueue } from '../event-queue.js'
import { balancedHyperExponential, createStream, exponential, gamma, hyperExponential, type RandomStream } from '../random/index.js'
import { declareModel, run } from '../run-loop.js'
import { littlesLaw, MeanVariance, TimeWeighted, utilizationLaw } from '../statistics/index.js'
import type { Oracle } from './oracle.js'
import { preemptivePriorityResponse } from './queueing-theory.js'

const ARRIVAL = 0
const SERVICE_END = 1
const MS = 1e6
const PLACES = 2 ** 11
const NOBODY = -1

const phases = balancedHyperExponential(1.5 * MS, 3)

/** From the highest priority down: arrivals per millisecond, mean service in ms, its squared variation, and a draw in ns. */
const classes = [
  { rate: 0.2, service: 1, squaredVariation: 1, drawNs: (stream: RandomStream) => exponential(stream, MS) },
  { rate: 0.1, service: 2, squaredVariation: 0.25, drawNs: (stream: RandomStream) => gamma(stream, 4, MS / 2) },
  { rate: 0.2, service: 1.5, squaredVariation: 3, drawNs: (stream: RandomStream) => hyperExponential(stream, phases) },
] as const

interface World {
  readonly queue: EventQueue
  readonly arrivals: readonly RandomStream[]
  readonly services: readonly RandomStream[]
  /** Rings of arrival times and of services still to be given, by class; the head is served first, whether it waits or was interrupted. */
  readonly cameNs: readonly Float64Array[]
  readonly leftNs: readonly Float64Array[]
  readonly head: Int32Array
  readonly count: Int32Array
  /** Class in service, since when, and the generation of its end: an interruption makes the end stale. */
  serving: number
  sinceNs: number
  generation: number
  readonly inside: readonly TimeWeighted[]
  readonly busy: TimeWeighted
  readonly response: readonly MeanVariance[]
  readonly timesNs: Float64Array
  servedNs: number
  done: number
  readonly warmUp: number
  startNs: number
}

const model = declareModel<World>('preemptive priority', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: SERVICE_END, name: 'service end', handle: endService },
])

function arrive(w: World, of: number): void {
  const nowNs = w.queue.timeNs
  w.queue.push(nowNs + Math.round(exponential(w.arrivals[of]!, MS / classes[of]!.rate)), 0, ARRIVAL, of)
  if (w.count[of] === PLACES) throw new RangeError(`more than ${PLACES} customers of class ${of} are inside`)
  const place = (w.head[of]! + w.count[of]!) & (PLACES - 1)
  w.count[of]!++
  w.cameNs[of]![place] = nowNs
  w.leftNs[of]![place] = Math.round(classes[of]!.drawNs(w.services[of]!))
  w.inside[of]!.change(nowNs, 1)
  if (w.serving === NOBODY) w.busy.set(nowNs, 1)
  else if (w.serving > of) stopService(w, nowNs)
  else return
  serve(w, of, nowNs)
}

/** Takes the server away from whoever has it, and keeps what is left. */
function stopService(w: World, nowNs: number): void {
  const of = w.serving
  w.leftNs[of]![w.head[of]!]! -= nowNs - w.sinceNs
  w.servedNs += nowNs - w.sinceNs
}

function serve(w: World, of: number, nowNs: number): void {
  w.serving = of
  w.sinceNs = nowNs
  w.queue.push(nowNs + w.leftNs[of]![w.head[of]!]!, 0, SERVICE_END, of, ++w.generation)
}

function endService(w: World, of: number, generation: number): void {
  if (generation !== w.generation) return
  const nowNs = w.queue.timeNs
  stopService(w, nowNs)
  const cameNs = w.cameNs[of]![w.head[of]!]!
  w.response[of]!.add(nowNs - cameNs)
  w.timesNs[of]! += nowNs - Math.max(w.startNs, cameNs)
  w.inside[of]!.change(nowNs, -1)
  w.head[of] = (w.head[of]! + 1) & (PLACES - 1)
  w.count[of]!--
  let next = 0
  while (next < classes.length && w.count[next] === 0) next++
  if (next < classes.length) serve(w, next, nowNs)
  else {
    w.serving = NOBODY
    w.busy.set(nowNs, 0)
  }
  if (++w.done === w.warmUp) restart(w, nowNs)
}

function restart(w: World, nowNs: number): void {
  w.startNs = nowNs
  w.busy.restart(nowNs)
  for (const inside of w.inside) inside.restart(nowNs)
  for (const response of w.response) response.clear()
  w.timesNs.fill(0)
  w.servedNs = 0
}

function laws(w: World) {
  const nowNs = w.queue.timeNs
  const underWayNs = w.serving === NOBODY ? 0 : nowNs - w.sinceNs
  return [
    ...classes.map((_, of) => {
      let timesNs = w.timesNs[of]!
      for (let i = 0; i < w.count[of]!; i++) timesNs += nowNs - Math.max(w.startNs, w.cameNs[of]![(w.head[of]! + i) & (PLACES - 1)]!)
      return littlesLaw(w.inside[of]!.areaNs(nowNs), timesNs, 2 * w.response[of]!.count + PLACES)
    }),
    utilizationLaw(w.busy.areaNs(nowNs), w.servedNs + underWayNs, 2 * w.done),
  ]
}

export function preemptivePriority(): Oracle {
  const truths = preemptivePriorityResponse(classes)
  const load = classes.reduce((sum, { rate, service }) => sum + rate * service, 0)
  return {
    name: 'preemptive priority',
    system: `three classes of Poisson arrivals, exponential, gamma and hyper-exponential service, load ${load.toFixed(1)}, preemptive resume`,
    source: 'Conway, Maxwell and Miller, "Theory of Scheduling", section 8.6; Kleinrock, "Queueing Systems", volume 2, section 3.4',
    quantities: [
      ...truths.map((truth, i) => ({ name: `mean time in system, class ${i + 1}`, unit: 'ms' as const, truth })),
      { name: 'mean number in system', unit: 'customers', truth: truths.reduce((sum, truth, i) => sum + truth * classes[i]!.rate, 0) },
      { name: 'share of time busy', unit: 'share', truth: load },
    ],
    replicate: (seed, replication, customers) => {
      const each = <T>(make: (of: number) => T) => classes.map((_, of) => make(of))
      const w: World = {
        queue: new EventQueue(),
        arrivals: each((of) => createStream(seed, replication, 2 * of)),
        services: each((of) => createStream(seed, replication, 2 * of + 1)),
        cameNs: each(() => new Float64Array(PLACES)),
        leftNs: each(() => new Float64Array(PLACES)),
        head: new Int32Array(classes.length),
        count: new Int32Array(classes.length),
        serving: NOBODY,
        sinceNs: 0,
        generation: 0,
        inside: each(() => new TimeWeighted()),
        busy: new TimeWeighted(),
        response: each(() => new MeanVariance()),
        timesNs: new Float64Array(classes.length),
        servedNs: 0,
        done: 0,
        warmUp: Math.ceil(customers / 10),
        startNs: 0,
      }
      classes.forEach((_, of) => {
        w.queue.push(0, 0, ARRIVAL, of)
      })
      const enough = w.warmUp + customers
      const { events } = run(model, w, { until: ({ done }) => done >= enough })
      const nowNs = w.queue.timeNs
      return {
        values: [
          ...w.response.map((response) => response.mean / MS),
          w.inside.reduce((sum, inside) => sum + inside.mean(nowNs), 0),
          w.busy.mean(nowNs),
        ],
        laws: laws(w),
        events,
      }
    },
  }
}
