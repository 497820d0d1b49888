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
import { ProcessorSharingServer } from '../servers/index.js'
import { littlesLaw, TimeWeighted, utilizationLaw } from '../statistics/index.js'
import type { Oracle } from './oracle.js'

const ARRIVAL = 0
const COMPLETION = 1
const SERVICE_NS = 1e6
const MS = 1e6
/** Customers who can be inside. */
const PLACES = 2 ** 11
const NEVER = Number.POSITIVE_INFINITY

interface World {
  readonly queue: EventQueue
  readonly arrivals: RandomStream
  readonly services: RandomStream
  readonly phases: HyperExponential
  readonly interarrivalNs: number
  readonly server: ProcessorSharingServer
  /** By row: arrival (NEVER while nobody has the row) and service asked for, ns. */
  readonly cameNs: Float64Array
  readonly askedNs: Float64Array
  /** Rows that nobody has: the first so many. */
  readonly vacant: Int32Array
  vacancies: number
  readonly inside: TimeWeighted
  readonly busy: TimeWeighted
  done: number
  readonly warmUp: number
  startNs: number
  /** Times in system and services asked for, added up, of those who asked for up to the mean and for more. */
  readonly timeNs: [number, number]
  readonly serviceNs: [number, number]
  readonly counts: [number, number]
  /** For the laws, since `startNs`: times inside of those who left, and what was asked for, with what was still to be given then. */
  timesNs: number
  demandedNs: number
}

const model = declareModel<World>('processor sharing', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: COMPLETION, name: 'completion', handle: complete },
])

function arrive(w: World): void {
  const nowNs = w.queue.timeNs
  w.queue.push(nowNs + Math.round(exponential(w.arrivals, w.interarrivalNs)), 0, ARRIVAL, 0)
  if (w.vacancies === 0) throw new RangeError(`more than ${PLACES} customers share the processor`)
  const row = w.vacant[--w.vacancies]!
  w.cameNs[row] = nowNs
  w.askedNs[row] = hyperExponential(w.services, w.phases)
  w.demandedNs += w.askedNs[row]!
  w.inside.change(nowNs, 1)
  w.busy.set(nowNs, 1)
  w.server.offer(row, w.askedNs[row]!)
}

function complete(w: World, row: number, generation: number): void {
  if (!w.server.complete(generation)) return
  const nowNs = w.queue.timeNs
  const asked = w.askedNs[row]!
  const size = asked > SERVICE_NS ? 1 : 0
  w.timeNs[size] += nowNs - w.cameNs[row]!
  w.serviceNs[size] += asked
  w.counts[size]++
  w.timesNs += nowNs - Math.max(w.startNs, w.cameNs[row]!)
  w.inside.change(nowNs, -1)
  w.cameNs[row] = NEVER
  w.vacant[w.vacancies++] = row
  w.busy.set(nowNs, w.server.size > 0 ? 1 : 0)
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
  w.demandedNs = w.server.remainingNs()
}

function laws(w: World) {
  const nowNs = w.queue.timeNs
  let timesNs = w.timesNs
  for (const cameNs of w.cameNs) if (cameNs < NEVER) timesNs += nowNs - Math.max(w.startNs, cameNs)
  const done = w.counts[0] + w.counts[1]
  return [
    littlesLaw(w.inside.areaNs(nowNs), timesNs, 2 * done + PLACES),
    // The clock and the server's virtual clock are rounded at each arrival and departure, to 2^-53 of the whole time.
    utilizationLaw(w.busy.areaNs(nowNs), w.demandedNs - w.server.remainingNs(), 4 * done, 4 * done * nowNs * 2 ** -53),
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
      const queue = new EventQueue()
      const w: World = {
        queue,
        arrivals: createStream(seed, replication, 0),
        services: createStream(seed, replication, 1),
        phases,
        interarrivalNs: SERVICE_NS / load,
        server: new ProcessorSharingServer(queue, COMPLETION),
        cameNs: new Float64Array(PLACES).fill(NEVER),
        askedNs: new Float64Array(PLACES),
        vacant: Int32Array.from({ length: PLACES }, (_, row) => row),
        vacancies: PLACES,
        inside: new TimeWeighted(),
        busy: new TimeWeighted(),
        done: 0,
        warmUp: Math.ceil(customers / 10),
        startNs: 0,
        timeNs: [0, 0],
        serviceNs: [0, 0],
        counts: [0, 0],
        timesNs: 0,
        demandedNs: 0,
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
