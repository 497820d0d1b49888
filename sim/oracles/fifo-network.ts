/**
 * Stations where customers wait in the order of their arrival, and the ways between them: one station is M/M/1 and its kin, several are
 * Jackson's and closed networks. Whole nanoseconds throughout, so that both sides of an operational law are exact.
 */
import { EventQueue } from '../event-queue.js'
import { createStream, exponential, type RandomStream } from '../random/index.js'
import { declareModel, run } from '../run-loop.js'
import { FifoServer, NOBODY } from '../servers/index.js'
import { type LawCheck, littlesLaw, MeanVariance, TimeWeighted, utilizationLaw } from '../statistics/index.js'

const ARRIVAL = 0
const SERVICE_END = 1

/** Where a customer goes who leaves the network. */
export const OUT = -1

export interface Station {
  readonly servers: number
  /** Places, those in service included; who finds all taken is lost. */
  readonly places?: number
  /** Draws a service time, ns. */
  readonly serviceNs: (stream: RandomStream) => number
  /** Mean time between arrivals from outside, ns; none where left out. */
  readonly interarrivalNs?: number
  /** Chance of going on to each station; the rest leave. Default: all leave. */
  readonly onward?: readonly number[]
}

/** One station while it runs. */
export interface StationState {
  readonly station: Station
  readonly inside: TimeWeighted
  readonly busy: TimeWeighted
  /** Per visit, ns: before service, and altogether. */
  readonly wait: MeanVariance
  readonly response: MeanVariance
  /** Visits of more than each limit, ns. */
  readonly longerThan: { readonly limitNs: number; count: number }[]
  /** Visits that began service at once, and all that began it. */
  atOnce: number
  begun: number
  offered: number
  lost: number
  readonly server: FifoServer
  readonly services: RandomStream
  readonly arrivals: RandomStream
  timesNs: number
  servedNs: number
}

export interface Network {
  readonly queue: EventQueue
  readonly stations: readonly StationState[]
  readonly routes: RandomStream
  /** By customer: its station (OUT while the row is free), when it came there and when its service began (-1 while it waits), ns. */
  readonly at: Int32Array
  readonly cameNs: Float64Array
  readonly beganNs: Float64Array
  readonly free: Int32Array
  freeCount: number
  /** Visits that ended, all stations together, and how many of them are warm-up. */
  visits: number
  readonly warmUp: number
  startNs: number
}

const CUSTOMERS = 2 ** 11

/** Every row, the last first: the first is taken first. */
const rows = Int32Array.from({ length: CUSTOMERS }, (_, i) => CUSTOMERS - 1 - i)

const model = declareModel<Network>('network of stations', [
  { kind: ARRIVAL, name: 'arrival', handle: arrive },
  { kind: SERVICE_END, name: 'service end', handle: endService },
])

/** @param limitsNs times whose excess is counted, by station */
export function createNetwork(
  stations: readonly Station[],
  seed: number,
  replication: number,
  warmUp: number,
  limitsNs: readonly (readonly number[])[] = [],
): Network {
  const queue = new EventQueue()
  return {
    queue,
    stations: stations.map((station, i) => ({
      station,
      inside: new TimeWeighted(),
      busy: new TimeWeighted(),
      wait: new MeanVariance(),
      response: new MeanVariance(),
      longerThan: (limitsNs[i] ?? []).map((limitNs) => ({ limitNs, count: 0 })),
      atOnce: 0,
      begun: 0,
      offered: 0,
      lost: 0,
      server: new FifoServer(queue, SERVICE_END, station.servers),
      services: createStream(seed, replication, 3 * i + 1),
      arrivals: createStream(seed, replication, 3 * i + 2),
      timesNs: 0,
      servedNs: 0,
    })),
    routes: createStream(seed, replication, 0),
    at: new Int32Array(CUSTOMERS).fill(OUT),
    cameNs: new Float64Array(CUSTOMERS),
    beganNs: new Float64Array(CUSTOMERS),
    free: rows.slice(),
    freeCount: CUSTOMERS,
    visits: 0,
    warmUp,
    startNs: 0,
  }
}

/** @param resident customers who start at station 0 and never leave: a closed network */
export function startNetwork(net: Network, resident = 0): void {
  net.stations.forEach(({ station }, i) => {
    if (station.interarrivalNs !== undefined) net.queue.push(0, 0, ARRIVAL, i)
  })
  for (let i = 0; i < resident; i++) enter(net, takeCustomer(net), 0, 0)
}

/** Runs until so many more visits have ended, the warm-up not counted. Returns the events handled. */
export function runNetwork(net: Network, visits: number): number {
  const enough = Math.max(net.visits, net.warmUp) + visits
  return run(model, net, { until: ({ visits: ended }) => ended >= enough }).events
}

/** Little's law and the utilization law at each station, from the end of the warm-up until now. */
export function networkLaws(net: Network): LawCheck[] {
  const nowNs = net.queue.timeNs
  return net.stations.flatMap((state, i) => {
    let timesNs = state.timesNs
    let servedNs = state.servedNs
    for (let customer = 0; customer < CUSTOMERS; customer++) {
      if (net.at[customer] !== i) continue
      timesNs += nowNs - Math.max(net.startNs, net.cameNs[customer]!)
      if (net.beganNs[customer]! >= 0) servedNs += nowNs - Math.max(net.startNs, net.beganNs[customer]!)
    }
    const additions = 2 * state.response.count + CUSTOMERS
    return [littlesLaw(state.inside.areaNs(nowNs), timesNs, additions), utilizationLaw(state.busy.areaNs(nowNs), servedNs, additions)]
  })
}

/** A customer from outside, and the next one after it. */
function arrive(net: Network, at: number): void {
  const { queue } = net
  const state = net.stations[at]!
  queue.push(queue.timeNs + Math.round(exponential(state.arrivals, state.station.interarrivalNs!)), 0, ARRIVAL, at)
  state.offered++
  if (state.station.places !== undefined && state.inside.value >= state.station.places) {
    state.lost++
    return
  }
  enter(net, takeCustomer(net), at, queue.timeNs)
}

function enter(net: Network, customer: number, at: number, nowNs: number): void {
  const state = net.stations[at]!
  net.at[customer] = at
  net.cameNs[customer] = nowNs
  net.beganNs[customer] = -1
  state.inside.change(nowNs, 1)
  // Whoever waits starts in the order of coming: the service times that are drawn here are in the order of service.
  if (state.server.offer(customer, Math.round(state.station.serviceNs(state.services)))) {
    state.busy.change(nowNs, 1)
    state.atOnce++
    beginService(net, state, customer, nowNs)
  }
}

function beginService(net: Network, state: StationState, customer: number, nowNs: number): void {
  state.begun++
  state.wait.add(nowNs - net.cameNs[customer]!)
  net.beganNs[customer] = nowNs
}

function endService(net: Network, customer: number): void {
  const nowNs = net.queue.timeNs
  const state = net.stations[net.at[customer]!]!
  state.inside.change(nowNs, -1)
  const responseNs = nowNs - net.cameNs[customer]!
  state.response.add(responseNs)
  for (const limit of state.longerThan) if (responseNs > limit.limitNs) limit.count++
  state.timesNs += nowNs - Math.max(net.startNs, net.cameNs[customer]!)
  state.servedNs += nowNs - Math.max(net.startNs, net.beganNs[customer]!)
  const next = state.server.complete()
  if (next === NOBODY) state.busy.change(nowNs, -1)
  else beginService(net, state, next, nowNs)
  goOn(net, customer, state.station.onward, nowNs)
  if (++net.visits === net.warmUp) restart(net, nowNs)
}

function goOn(net: Network, customer: number, onward: readonly number[] | undefined, nowNs: number): void {
  if (onward !== undefined) {
    let u = net.routes.uniform()
    for (let to = 0; to < onward.length; to++) {
      u -= onward[to]!
      if (u < 0) {
        enter(net, customer, to, nowNs)
        return
      }
    }
  }
  net.at[customer] = OUT
  net.free[net.freeCount++] = customer
}

function takeCustomer(net: Network): number {
  if (net.freeCount === 0) throw new RangeError(`more than ${CUSTOMERS} customers are in the network: is a station overloaded?`)
  return net.free[--net.freeCount]!
}

/** The warm-up ends: what was counted is forgotten, who is there stays. */
function restart(net: Network, nowNs: number): void {
  net.startNs = nowNs
  for (const state of net.stations) {
    state.inside.restart(nowNs)
    state.busy.restart(nowNs)
    state.wait.clear()
    state.response.clear()
    for (const limit of state.longerThan) limit.count = 0
    state.atOnce = 0
    state.begun = 0
    state.offered = 0
    state.lost = 0
    state.timesNs = 0
    state.servedNs = 0
  }
}
