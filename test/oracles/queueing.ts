/** The queues of the textbook on the kernel as its documentation shows it: one model for M/M/1, M/D/1 and M/M/c. */
import { EventQueue } from '../../sim/event-queue.js'
import { exponential } from '../../sim/random/exponential.js'
import { createStream, type RandomStream } from '../../sim/random/stream.js'
import { declareModel, run } from '../../sim/run-loop.js'
import { MeanVariance } from '../../sim/statistics/mean-variance.js'

const ARRIVAL = 0
const DEPARTURE = 1

export interface QueueingSystem {
  readonly servers: number
  readonly meanServiceNs: number
  readonly service: 'exponential' | 'deterministic'
  /** Offered load of each server. */
  readonly load: number
}

export interface World {
  readonly queue: EventQueue
  readonly system: QueueingSystem
  readonly arrivals: RandomStream
  readonly services: RandomStream
  /** Arrival time of each customer in the system that waits, a ring. */
  readonly waitingSinceNs: Float64Array
  /** Arrival time of the customer at each server. */
  readonly servingSinceNs: Float64Array
  readonly idleServers: Int32Array
  idle: number
  head: number
  waiting: number
  /** Time in system of each customer that left, ns, and the wait before service. */
  readonly response: MeanVariance
  readonly wait: MeanVariance
  /** Integral of the number in system over time since `startNs`, and when it was brought up to date. */
  area: number
  inSystem: number
  areaUpToNs: number
  startNs: number
  left: number
  warmUp: number
}

const RING = 2 ** 16

const model = declareModel<World>('queueing system', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: DEPARTURE, name: 'departure', handle: depart },
])

export function createWorld(system: QueueingSystem, seed: number, replication: number, warmUp = 0): World {
  const queue = new EventQueue()
  const idleServers = Int32Array.from({ length: system.servers }, (_, server) => server)
  return {
    queue,
    system,
    arrivals: createStream(seed, replication, 0),
    services: createStream(seed, replication, 1),
    waitingSinceNs: new Float64Array(RING),
    servingSinceNs: new Float64Array(system.servers),
    idleServers,
    idle: system.servers,
    head: 0,
    waiting: 0,
    response: new MeanVariance(),
    wait: new MeanVariance(),
    area: 0,
    inSystem: 0,
    areaUpToNs: 0,
    startNs: 0,
    left: 0,
    warmUp,
  }
}

/** Runs until this many customers have left after the warm-up; returns the events handled. */
export function serve(world: World, customers: number): number {
  const leave = world.left + world.warmUp + customers
  world.queue.push(0, 0, ARRIVAL, 0)
  return run(model, world, { until: ({ left }) => left >= leave }).events
}

/** Time spent so far by the customers who are still in the system, ns. */
export function timeInsideNs(world: World): number {
  const nowNs = world.queue.timeNs
  const idle = new Set(world.idleServers.subarray(0, world.idle))
  let sum = 0
  for (let i = 0; i < world.waiting; i++) sum += nowNs - world.waitingSinceNs[(world.head + i) & (RING - 1)]!
  for (let server = 0; server < world.system.servers; server++) if (!idle.has(server)) sum += nowNs - world.servingSinceNs[server]!
  return sum
}

function arrive(world: World): void {
  const { queue, system } = world
  const nowNs = queue.timeNs
  count(world, nowNs, 1)
  queue.push(nowNs + exponential(world.arrivals, system.meanServiceNs / (system.load * system.servers)), 0, ARRIVAL, 0)
  if (world.idle > 0) {
    startService(world, world.idleServers[--world.idle]!, nowNs, nowNs)
    return
  }
  if (world.waiting === RING) throw new Error(`more than ${RING} customers wait`)
  world.waitingSinceNs[(world.head + world.waiting++) & (RING - 1)] = nowNs
}

function depart(world: World, server: number): void {
  const nowNs = world.queue.timeNs
  count(world, nowNs, -1)
  if (++world.left > world.warmUp) world.response.add(nowNs - world.servingSinceNs[server]!)
  else if (world.left === world.warmUp) restart(world, nowNs)
  if (world.waiting === 0) {
    world.idleServers[world.idle++] = server
    return
  }
  const sinceNs = world.waitingSinceNs[world.head]!
  world.head = (world.head + 1) & (RING - 1)
  world.waiting--
  startService(world, server, sinceNs, nowNs)
}

function startService(world: World, server: number, sinceNs: number, nowNs: number): void {
  const { system } = world
  world.servingSinceNs[server] = sinceNs
  if (world.left >= world.warmUp) world.wait.add(nowNs - sinceNs)
  const serviceNs = system.service === 'deterministic' ? system.meanServiceNs : exponential(world.services, system.meanServiceNs)
  world.queue.push(nowNs + serviceNs, 0, DEPARTURE, server)
}

function count(world: World, nowNs: number, change: number): void {
  world.area += world.inSystem * (nowNs - world.areaUpToNs)
  world.areaUpToNs = nowNs
  world.inSystem += change
}

function restart(world: World, nowNs: number): void {
  world.area = 0
  world.startNs = nowNs
}
