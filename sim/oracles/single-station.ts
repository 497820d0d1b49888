/** One station of the textbook: M/M/1, M/D/1, M/G/1, M/M/c, M/M/1/K. */
import { balancedHyperExponential, exponential, gamma, hyperExponential, type RandomStream } from '../random/index.js'
import { createNetwork, networkLaws, runNetwork, type Station, startNetwork } from './fifo-network.js'
import type { Observation, Oracle, Quantity } from './oracle.js'
import { erlangC, lossStation, pollaczekKhinchineWait } from './queueing-theory.js'

/** Mean service time. */
export const SERVICE_NS = 1e6
const MS = 1e6

type Draw = (stream: RandomStream) => number
const exponentialService: Draw = (stream) => exponential(stream, SERVICE_NS)

/** Mean interarrival time that loads each server so much. */
const interarrivalNs = (load: number, servers = 1) => SERVICE_NS / (load * servers)

/** The station of M/M/1. */
export function markovianStation(load: number): Station {
  return { servers: 1, serviceNs: exponentialService, interarrivalNs: interarrivalNs(load) }
}

function observe(
  station: Station,
  seed: number,
  replication: number,
  customers: number,
  limitsNs: readonly number[],
  values: (net: ReturnType<typeof createNetwork>) => number[],
): Observation {
  const net = createNetwork([station], seed, replication, Math.ceil(customers / 10), [limitsNs])
  startNetwork(net)
  const events = runNetwork(net, customers)
  return { values: values(net), laws: networkLaws(net), events }
}

/** Wait, response and number inside of a station that loses nobody; in this order. */
function waitAndResponse(waitMs: number, load: number, servers = 1): Quantity[] {
  const responseMs = waitMs + SERVICE_NS / MS
  return [
    { name: 'mean wait', unit: 'ms', truth: waitMs },
    { name: 'mean time in system', unit: 'ms', truth: responseMs },
    { name: 'mean number in system', unit: 'customers', truth: (responseMs * load * servers * MS) / SERVICE_NS },
  ]
}

function meansOf(net: ReturnType<typeof createNetwork>): number[] {
  const { wait, response, inside } = net.stations[0]!
  return [wait.mean / MS, response.mean / MS, inside.mean(net.queue.timeNs)]
}

export function mm1(load = 0.8): Oracle {
  const station = markovianStation(load)
  const responseNs = SERVICE_NS / (1 - load)
  const multiples = [0.5, 1, 2, 4]
  return {
    name: 'M/M/1',
    system: `Poisson arrivals, exponential service, load ${load}, first come first served`,
    source: 'Kleinrock, "Queueing Systems", volume 1, section 3.2 and equation 5.119',
    quantities: [
      ...waitAndResponse((responseNs * load) / MS, load),
      { name: 'share served at once', unit: 'share', truth: 1 - load },
      { name: 'share of time busy', unit: 'share', truth: load },
      // The time in system is exponential.
      ...multiples.map((k): Quantity => ({ name: `share longer than ${k} means`, unit: 'share', truth: Math.exp(-k) })),
    ],
    replicate: (seed, replication, customers) =>
      observe(
        station,
        seed,
        replication,
        customers,
        multiples.map((k) => k * responseNs),
        (net) => {
          const { atOnce, begun, busy, longerThan, response } = net.stations[0]!
          return [...meansOf(net), atOnce / begun, busy.mean(net.queue.timeNs), ...longerThan.map(({ count }) => count / response.count)]
        },
      ),
  }
}

/** M/G/1 with one of three services, by their squared coefficient of variation. */
function mg1(name: string, service: string, serviceNs: Draw, squaredVariation: number, load: number): Oracle {
  const station: Station = { servers: 1, serviceNs, interarrivalNs: interarrivalNs(load) }
  return {
    name,
    system: `Poisson arrivals, ${service}, load ${load}, first come first served`,
    source: 'Pollaczek and Khinchine; Kleinrock, "Queueing Systems", volume 1, equation 5.72',
    quantities: waitAndResponse(pollaczekKhinchineWait(load, SERVICE_NS / MS, squaredVariation), load),
    replicate: (seed, replication, customers) => observe(station, seed, replication, customers, [], meansOf),
  }
}

export const md1 = () => mg1('M/D/1', 'constant service', () => SERVICE_NS, 0, 0.7)

export function mg1Gamma(): Oracle {
  const shape = 2.5
  return mg1('M/G/1, gamma', `gamma service of shape ${shape}`, (stream) => gamma(stream, shape, SERVICE_NS / shape), 1 / shape, 0.75)
}

export function mg1HyperExponential(): Oracle {
  const phases = balancedHyperExponential(SERVICE_NS, 4)
  return mg1(
    'M/G/1, hyper-exponential',
    'hyper-exponential service, squared variation 4',
    (stream) => hyperExponential(stream, phases),
    4,
    0.6,
  )
}

export function mmc(servers = 3, load = 0.75): Oracle {
  const station: Station = { servers, serviceNs: exponentialService, interarrivalNs: interarrivalNs(load, servers) }
  const waiting = erlangC(servers, load)
  return {
    name: `M/M/${servers}`,
    system: `Poisson arrivals, exponential service, ${servers} servers, load ${load}, one line`,
    source: 'Cooper, "Introduction to Queueing Theory", 2nd edition, section 3.4 (Erlang C)',
    quantities: [
      ...waitAndResponse((waiting * SERVICE_NS) / MS / (servers * (1 - load)), load, servers),
      { name: 'share served at once', unit: 'share', truth: 1 - waiting },
      { name: 'mean number of busy servers', unit: 'customers', truth: servers * load },
    ],
    replicate: (seed, replication, customers) =>
      observe(station, seed, replication, customers, [], (net) => {
        const { atOnce, begun, busy } = net.stations[0]!
        return [...meansOf(net), atOnce / begun, busy.mean(net.queue.timeNs)]
      }),
  }
}

export function mm1k(places = 5, load = 0.9): Oracle {
  const station: Station = { servers: 1, places, serviceNs: exponentialService, interarrivalNs: interarrivalNs(load) }
  const { lost, inside } = lossStation(places, load)
  const accepted = load * (1 - lost)
  return {
    name: `M/M/1/${places}`,
    system: `Poisson arrivals, exponential service, load ${load} offered, ${places} places`,
    source: 'Kleinrock, "Queueing Systems", volume 1, section 3.6',
    quantities: [
      { name: 'share lost', unit: 'share', truth: lost },
      { name: 'mean number in system', unit: 'customers', truth: inside },
      { name: 'mean time in system', unit: 'ms', truth: ((inside / accepted) * SERVICE_NS) / MS },
      { name: 'share of time busy', unit: 'share', truth: accepted },
    ],
    replicate: (seed, replication, customers) =>
      observe(station, seed, replication, customers, [], (net) => {
        const { lost: refused, offered, inside: number, response, busy } = net.stations[0]!
        const nowNs = net.queue.timeNs
        return [refused / offered, number.mean(nowNs), response.mean / MS, busy.mean(nowNs)]
      }),
  }
}
