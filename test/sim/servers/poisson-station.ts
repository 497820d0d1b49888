/** Poisson arrivals at a server of sim/servers: the mean time in system over replications, with the interval that an oracle must lie in. */
import { createStream, declareModel, EventQueue, exponential, meanInterval, type RandomStream, run } from '../../../sim/index.js'

const ARRIVAL = 0
export const SERVED = 1
export const MEAN_SERVICE_NS = 1e6
const PLACES = 2 ** 12

/** What a station does with a customer, and what it says when one of its events comes: whether the event's customer leaves. */
export interface Station {
  readonly offer: (row: number, serviceNs: number) => void
  readonly served: (row: number, generation: number) => boolean
}

interface World {
  readonly queue: EventQueue
  readonly station: Station
  readonly arrivals: RandomStream
  readonly services: RandomStream
  readonly cameNs: Float64Array
  readonly choices: RandomStream
  /** Rows of each class that nobody has. */
  readonly vacant: readonly number[][]
  readonly meanInterarrivalNs: number
  readonly drawServiceNs: (stream: RandomStream) => number
  readonly timesNs: Float64Array
  readonly counts: Float64Array
  readonly classOf: (row: number) => number
  left: number
}

const model = declareModel<World>('station', [
  {
    kind: ARRIVAL,
    name: 'arrival',
    handle: (w) => {
      w.queue.push(w.queue.timeNs + exponential(w.arrivals, w.meanInterarrivalNs), 0, ARRIVAL, 0)
      const row = w.vacant[Math.floor(w.choices.uniform() * w.vacant.length)]!.pop()!
      w.cameNs[row] = w.queue.timeNs
      w.station.offer(row, w.drawServiceNs(w.services))
    },
  },
  {
    kind: SERVED,
    name: 'served',
    handle: (w, row, generation) => {
      if (!w.station.served(row, generation)) return
      if (++w.left > 2000) {
        w.timesNs[w.classOf(row)]! += w.queue.timeNs - w.cameNs[row]!
        w.counts[w.classOf(row)]!++
      }
      w.vacant[w.classOf(row)]!.push(row)
    },
  },
])

export interface Traffic {
  /** Arrivals per mean service time. */
  readonly rate: number
  readonly drawServiceNs?: (stream: RandomStream) => number
  /** Equally likely classes: a customer's is its row modulo their number. */
  readonly classes?: number
}

/** 99.9 % intervals of the mean time in system of each class, in mean service times, over 12 replications of 20,000 customers. */
export function meanTimes(createStation: (queue: EventQueue) => Station, { rate, drawServiceNs, classes = 1 }: Traffic, seed: number) {
  const means: number[][] = Array.from({ length: classes }, () => [])
  for (let replication = 0; replication < 12; replication++) {
    const queue = new EventQueue()
    const w: World = {
      queue,
      station: createStation(queue),
      arrivals: createStream(seed, replication, 0),
      services: createStream(seed, replication, 1),
      cameNs: new Float64Array(PLACES * classes),
      choices: createStream(seed, replication, 2),
      vacant: Array.from({ length: classes }, (_, of) => Array.from({ length: PLACES }, (_, i) => i * classes + of)),
      meanInterarrivalNs: MEAN_SERVICE_NS / rate,
      drawServiceNs: drawServiceNs ?? ((stream) => exponential(stream, MEAN_SERVICE_NS)),
      timesNs: new Float64Array(classes),
      counts: new Float64Array(classes),
      classOf: (row) => row % classes,
      left: 0,
    }
    queue.push(0, 0, ARRIVAL, 0)
    run(model, w, { until: ({ left }) => left >= 22_000 })
    for (let of = 0; of < classes; of++) means[of]!.push(w.timesNs[of]! / w.counts[of]! / MEAN_SERVICE_NS)
  }
  return means.map((values) => meanInterval(values, 0.999))
}
