/**
 * M/M/4 at load 0.8 whose customers give up after forty services, which all but never happens: a timer is set as each comes and cancelled as
 * each leaves. Three events a customer, as in the C reference: its arrival, its departure, and its timer.
 */
import {
  createStream,
  declareModel,
  EventQueue,
  exponential,
  MeanVariance,
  type RandomStream,
  run,
  Timers,
  TimeWeighted,
} from '../../../sim/index.js'

const ARRIVAL = 0
const DEPARTURE = 1
const GIVES_UP = 2
const SERVERS = 4
const LOAD = 0.8
const MEAN_SERVICE_NS = 1e6
const PATIENCE_NS = 40 * MEAN_SERVICE_NS
const PLACES = 4096

export interface World {
  readonly queue: EventQueue
  readonly patience: Timers
  readonly arrivals: RandomStream
  readonly services: RandomStream
  /** By place: when its customer came, ns. Vacant places are a stack, waiting ones a ring. */
  readonly cameNs: Float64Array
  readonly vacant: Int32Array
  vacancies: number
  readonly waiting: Int32Array
  head: number
  queued: number
  idle: number
  left: number
  gaveUp: number
  readonly response: MeanVariance
  readonly numberInside: TimeWeighted
}

const model = declareModel<World>('M/M/4 with patience', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: DEPARTURE, name: 'departure', handle: depart },
  { kind: GIVES_UP, name: 'gives up', handle: giveUp },
])

export function createWorld(seed: number, replication: number): World {
  const queue = new EventQueue()
  queue.push(0, 0, ARRIVAL, 0)
  return {
    queue,
    patience: new Timers(queue, GIVES_UP, PLACES),
    arrivals: createStream(seed, replication, 0),
    services: createStream(seed, replication, 1),
    cameNs: new Float64Array(PLACES),
    vacant: Int32Array.from({ length: PLACES }, (_, place) => place),
    vacancies: PLACES,
    waiting: new Int32Array(PLACES),
    head: 0,
    queued: 0,
    idle: SERVERS,
    left: 0,
    gaveUp: 0,
    response: new MeanVariance(),
    numberInside: new TimeWeighted(),
  }
}

export function serve(world: World, customers: number): void {
  const enough = world.left + customers
  run(model, world, { until: ({ left }) => left >= enough })
}

function arrive(world: World): void {
  const { queue } = world
  const nowNs = queue.timeNs
  queue.push(nowNs + Math.floor(exponential(world.arrivals, MEAN_SERVICE_NS / LOAD / SERVERS)), 0, ARRIVAL, 0)
  if (world.vacancies === 0) throw new Error(`more than ${PLACES} customers inside`)
  const place = world.vacant[--world.vacancies]!
  world.cameNs[place] = nowNs
  world.numberInside.set(nowNs, PLACES - world.vacancies)
  world.patience.set(place, nowNs + PATIENCE_NS)
  if (world.idle > 0) {
    world.idle--
    startService(world, place)
  } else world.waiting[(world.head + world.queued++) & (PLACES - 1)] = place
}

function depart(world: World, place: number): void {
  const nowNs = world.queue.timeNs
  world.response.add(nowNs - world.cameNs[place]!)
  world.patience.cancel(place)
  world.vacant[world.vacancies++] = place
  world.left++
  world.numberInside.set(nowNs, PLACES - world.vacancies)
  if (world.queued === 0) {
    world.idle++
    return
  }
  const next = world.waiting[world.head++ & (PLACES - 1)]!
  world.queued--
  startService(world, next)
}

function startService({ queue, services }: World, place: number): void {
  queue.push(queue.timeNs + Math.floor(exponential(services, MEAN_SERVICE_NS)), 0, DEPARTURE, place)
}

/** Counted only: he stays, as in the reference. */
function giveUp(world: World, place: number, generation: number): void {
  if (world.patience.fires(place, generation)) world.gaveUp++
}
