/** Networks of stations whose truth has a product form: Jackson's open one and a closed one. */
import { exponential, type RandomStream } from '../random/index.js'
import { createNetwork, networkLaws, runNetwork, type Station, startNetwork } from './fifo-network.js'
import type { Oracle, Quantity } from './oracle.js'
import { erlangC, meanValueAnalysis, trafficRates } from './queueing-theory.js'

const MS = 1e6
const service = (meanMs: number) => (stream: RandomStream) => exponential(stream, meanMs * MS)

/** Three stations, one with two servers; customers come back. */
export function jacksonNetwork(): Oracle {
  const servers = [1, 2, 1]
  const meanMs = [1, 3, 1.5]
  const outside = [0.35, 0.1, 0] // per millisecond
  const onward = [
    [0, 0.5, 0.3],
    [0.2, 0, 0.4],
    [0.1, 0, 0],
  ]
  const rates = trafficRates(outside, onward)
  // Each station as if it stood alone (Jackson's theorem).
  const inside = rates.map((rate, i) => {
    const load = (rate * meanMs[i]!) / servers[i]!
    return rate * meanMs[i]! + (erlangC(servers[i]!, load) * load) / (1 - load)
  })
  const stations = servers.map((count, i): Station => {
    const station = { servers: count, serviceNs: service(meanMs[i]!), onward: onward[i]! }
    return outside[i]! > 0 ? { ...station, interarrivalNs: MS / outside[i]! } : station
  })
  return {
    name: 'Jackson network',
    system: `three stations (1, 2 and 1 servers), exponential services, customers who come back, loads ${rates.map((rate, i) => ((rate * meanMs[i]!) / servers[i]!).toFixed(2)).join(', ')}`,
    source: 'Jackson, "Networks of waiting lines", Operations Research 5(4), 1957',
    quantities: [
      ...inside.map((truth, i): Quantity => ({ name: `mean number at station ${i + 1}`, unit: 'customers', truth })),
      ...inside.map((number, i): Quantity => ({ name: `mean time at station ${i + 1}`, unit: 'ms', truth: number / rates[i]! })),
    ],
    replicate: (seed, replication, customers) => {
      const net = createNetwork(stations, seed, replication, Math.ceil(customers / 10))
      startNetwork(net)
      const events = runNetwork(net, customers)
      return {
        values: [
          ...net.stations.map((state) => state.inside.mean(net.queue.timeNs)),
          ...net.stations.map((state) => state.response.mean / MS),
        ],
        laws: networkLaws(net),
        events,
      }
    },
  }
}

/** Terminals that think, a processor and two disks (the central server model of Buzen, 1971). */
export function closedNetwork(customers = 8): Oracle {
  const meanMs = [20, 1, 4, 6]
  const onward = [
    [0, 1, 0, 0],
    [0.25, 0, 0.45, 0.3],
    [0, 1, 0, 0],
    [0, 1, 0, 0],
  ]
  // A cycle begins at the terminals: the processor is visited 4 times, the disks 1.8 and 1.2 times.
  const visits = [1, 4, 1.8, 1.2]
  const truth = meanValueAnalysis(customers, visits, meanMs, [true, false, false, false])
  const stations = meanMs.map((mean, i): Station => ({ servers: i === 0 ? customers : 1, serviceNs: service(mean), onward: onward[i]! }))
  return {
    name: 'closed network',
    system: `${customers} customers circulate between terminals (think 20 ms), a processor and two disks`,
    source: 'Reiser and Lavenberg, "Mean-value analysis of closed multichain queueing networks", J. ACM 27(2), 1980',
    quantities: [
      { name: 'cycles per second', unit: '/s', truth: truth.throughput * 1000 },
      ...['processor', 'first disk', 'second disk'].map(
        (name, i): Quantity => ({ name: `mean time at the ${name}`, unit: 'ms', truth: truth.response[i + 1]! }),
      ),
      { name: 'mean number at the processor', unit: 'customers', truth: truth.inside[1]! },
    ],
    replicate: (seed, replication, count) => {
      const net = createNetwork(stations, seed, replication, Math.ceil(count / 10))
      startNetwork(net, customers)
      const events = runNetwork(net, count)
      const [terminals, processor, first, second] = net.stations as [(typeof net.stations)[0], ...typeof net.stations]
      const nowNs = net.queue.timeNs
      return {
        values: [
          (terminals.response.count / (nowNs - net.startNs)) * 1e9,
          ...[processor, first, second].map((state) => state!.response.mean / MS),
          processor!.inside.mean(nowNs),
        ],
        laws: networkLaws(net),
        events,
      }
    },
  }
}
