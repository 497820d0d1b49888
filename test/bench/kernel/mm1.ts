/**
 * M/M/1 on the public kernel, as its documentation shows it (sim/README.md): a declared model, an addressed stream a component, whole
 * nanoseconds; mean and variance of the time in system, and the time average of the number inside.
 */
import {
  createStream,
  declareModel,
  EventQueue,
  exponential,
  MeanVariance,
  type RandomStream,
  type RunOutcome,
  run,
  TimeWeighted,
} from '../../../sim/index.js'

const ARRIVAL = 0
const DEPARTURE = 1
const MEAN_SERVICE_NS = 1e6
/** Customers who can wait at once; a power of two. */
const PLACES = 2 ** 16

export interface World {
  readonly queue: EventQueue
  readonly arrivals: RandomStream
  readonly services: RandomStream
  readonly meanInterarrivalNs: number
  /** When each customer inside came, ns: a ring that starts at `head`. */
  readonly cameNs: Float64Array
  head: number
  inside: number
  left: number
  /** Time in system, ns. */
  readonly response: MeanVariance
  readonly numberInside: TimeWeighted
}

const model = declareModel<World>('M/M/1', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: DEPARTURE, name: 'departure', handle: depart },
])

export function createWorld(load: number, seed: number, replication: number): World {
  const queue = new EventQueue()
  queue.push(0, 0, ARRIVAL, 0)
  return {
    queue,
    arrivals: createStream(seed, replication, 0),
    services: createStream(seed, replication, 1),
    meanInterarrivalNs: MEAN_SERVICE_NS / load,
    cameNs: new Float64Array(PLACES),
    head: 0,
    inside: 0,
    left: 0,
    response: new MeanVariance(),
    numberInside: new TimeWeighted(),
  }
}

/** Serves this many customers more. */
export function serve(world: World, customers: number): RunOutcome {
  const enough = world.left + customers
  return run(model, world, { until: ({ left }) => left >= enough })
}

function arrive(world: World): void {
  const { queue } = world
  const nowNs = queue.timeNs
  queue.push(nowNs + Math.floor(exponential(world.arrivals, world.meanInterarrivalNs)), 0, ARRIVAL, 0)
  if (world.inside === PLACES) throw new Error(`more than ${PLACES} customers wait`)
  world.cameNs[(world.head + world.inside++) & (PLACES - 1)] = nowNs
  world.numberInside.set(nowNs, world.inside)
  if (world.inside === 1) startService(world)
}

function depart(world: World): void {
  const nowNs = world.queue.timeNs
  world.response.add(nowNs - world.cameNs[world.head]!)
  world.head = (world.head + 1) & (PLACES - 1)
  world.left++
  world.numberInside.set(nowNs, --world.inside)
  if (world.inside > 0) startService(world)
}

function startService({ queue, services }: World): void {
  queue.push(queue.timeNs + Math.floor(exponential(services, MEAN_SERVICE_NS)), 0, DEPARTURE, 0)
}
