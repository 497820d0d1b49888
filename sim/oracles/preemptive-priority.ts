/**
 * One server and three classes: whoever comes with a higher priority takes the server at once, and who was interrupted goes on later where it
 * was (preemptive resume). The services differ in kind, so that the residual times of the formula count.
 */
import { EventQueue } from '../event-queue.js'
import { balancedHyperExponential, createStream, exponential, gamma, hyperExponential, type RandomStream } from '../random/index.js'
import { declareModel, run } from '../run-loop.js'
import { NOBODY, PreemptivePriorityServer } from '../servers/index.js'
import { littlesLaw, MeanVariance, TimeWeighted, utilizationLaw } from '../statistics/index.js'
import type { Oracle } from './oracle.js'
import { preemptivePriorityResponse } from './queueing-theory.js'

const ARRIVAL = 0
const SERVICE_END = 1
const MS = 1e6
/** Customers of one class; a customer's row is its place times the number of classes, plus its class. */
const PLACES = 2 ** 11

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
  readonly server: PreemptivePriorityServer
  /** By row, of those who are inside: arrival, and service asked for, ns. */
  readonly cameNs: Float64Array
  readonly askedNs: Float64Array
  /** By class: places of those inside, a ring, since they leave in the order of coming. */
  readonly head: Int32Array
  readonly count: Int32Array
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
  const row = rowOf(w, of, w.count[of]!++)
  w.cameNs[row] = nowNs
  w.askedNs[row] = Math.round(classes[of]!.drawNs(w.services[of]!))
  w.inside[of]!.change(nowNs, 1)
  w.busy.set(nowNs, 1)
  w.server.offer(row, of, w.askedNs[row]!)
}

/** The row of the i-th customer of a class, in the order of coming. */
function rowOf({ head }: World, of: number, i: number): number {
  return ((head[of]! + i) & (PLACES - 1)) * classes.length + of
}

function endService(w: World, row: number, generation: number): void {
  if (!w.server.complete(generation)) return
  const nowNs = w.queue.timeNs
  const of = row % classes.length
  const cameNs = w.cameNs[row]!
  w.response[of]!.add(nowNs - cameNs)
  w.timesNs[of]! += nowNs - Math.max(w.startNs, cameNs)
  w.servedNs += w.askedNs[row]!
  w.inside[of]!.change(nowNs, -1)
  w.head[of] = (w.head[of]! + 1) & (PLACES - 1)
  w.count[of]!--
  if (w.server.serving === NOBODY) w.busy.set(nowNs, 0)
  if (++w.done === w.warmUp) restart(w, nowNs)
}

/** Service that those who are inside have been given so far. */
function givenNs(w: World): number {
  let sum = 0
  for (let of = 0; of < classes.length; of++) {
    for (let i = 0; i < w.count[of]!; i++) {
      const row = rowOf(w, of, i)
      sum += w.askedNs[row]! - w.server.remainingNs(row)
    }
  }
  return sum
}

function restart(w: World, nowNs: number): void {
  w.startNs = nowNs
  w.busy.restart(nowNs)
  for (const inside of w.inside) inside.restart(nowNs)
  for (const response of w.response) response.clear()
  w.timesNs.fill(0)
  w.servedNs = -givenNs(w)
}

function laws(w: World) {
  const nowNs = w.queue.timeNs
  return [
    ...classes.map((_, of) => {
      let timesNs = w.timesNs[of]!
      for (let i = 0; i < w.count[of]!; i++) timesNs += nowNs - Math.max(w.startNs, w.cameNs[rowOf(w, of, i)]!)
      return littlesLaw(w.inside[of]!.areaNs(nowNs), timesNs, 2 * w.response[of]!.count + PLACES)
    }),
    utilizationLaw(w.busy.areaNs(nowNs), w.servedNs + givenNs(w), 2 * w.done + PLACES),
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
      const queue = new EventQueue()
      const w: World = {
        queue,
        arrivals: each((of) => createStream(seed, replication, 2 * of)),
        services: each((of) => createStream(seed, replication, 2 * of + 1)),
        server: new PreemptivePriorityServer(queue, SERVICE_END),
        cameNs: new Float64Array(PLACES * classes.length),
        askedNs: new Float64Array(PLACES * classes.length),
        head: new Int32Array(classes.length),
        count: new Int32Array(classes.length),
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
