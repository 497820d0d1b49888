import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createStream,
  declareModel,
  EventQueue,
  exponential,
  FifoServer,
  FiniteBuffer,
  type Interval,
  meanInterval,
  NOBODY,
  PreemptivePriorityServer,
  ProcessorSharingServer,
  RateLimitedLink,
  RoundRobinServer,
  run,
  SharedLock,
  TokenBucket,
} from '../../../sim/index.js'
import {
  erlangC,
  lossStation,
  meanValueAnalysis,
  pollaczekKhinchineWait,
  preemptivePriorityResponse,
} from '../../../sim/oracles/queueing-theory.js'
import { MEAN_SERVICE_NS, meanTimes, SERVED, type Station } from './poisson-station.js'

/** The oracle lies in the simulator's own 99.9 % interval, and the interval says something. */
function expectInside(interval: Interval, truth: number) {
  expect(interval.halfWidth).toBeLessThan(0.2 * truth)
  expect(Math.abs(interval.value - truth)).toBeLessThan(interval.halfWidth)
}

/** Offers (row, at, service) to a station, and tells who left when. */
function served(createStation: (queue: EventQueue) => Station, offers: readonly (readonly [number, number, number])[]): string[] {
  const queue = new EventQueue()
  const station = createStation(queue)
  const left: string[] = []
  for (const [i, [, atNs]] of offers.entries()) queue.push(atNs, 0, 0, i)
  while (queue.pop()) {
    if (queue.kind === 0) station.offer(offers[queue.row]![0], offers[queue.row]![2])
    else if (station.served(queue.row, queue.generation)) left.push(`${queue.row} at ${queue.timeNs}`)
  }
  return left
}

const fifo =
  (servers: number) =>
  (queue: EventQueue): Station => {
    const server = new FifoServer(queue, SERVED, servers)
    return {
      offer: (row, serviceNs) => server.offer(row, serviceNs),
      served: () => {
        server.complete()
        return true
      },
    }
  }

describe('FifoServer', () => {
  it('has the mean time in system of M/M/2 (Erlang C)', () => {
    const load = 0.8
    const [interval] = meanTimes(fifo(2), { rate: 2 * load }, 41)
    expectInside(interval!, 1 + erlangC(2, load) / (2 * (1 - load)))
  })

  it('serves in the order of coming, and keeps who waits when its ring grows', () => {
    const offers = Array.from({ length: 40 }, (_, row) => [row, 0, 10] as const)
    expect(served(fifo(1), offers)).toEqual(offers.map(([row]) => `${row} at ${10 * (row + 1)}`))
  })
})

const preemptive =
  (classes: number) =>
  (queue: EventQueue): Station => {
    const server = new PreemptivePriorityServer(queue, SERVED)
    return {
      offer: (row, serviceNs) => server.offer(row, row % classes, serviceNs),
      served: (_, generation) => server.complete(generation),
    }
  }

describe('PreemptivePriorityServer', () => {
  it('lets the urgent interrupt, and the interrupted go on, by hand', () => {
    expect(
      served(preemptive(2), [
        [1, 0, 100],
        [0, 10, 20],
        [2, 15, 5],
        [3, 40, 7],
      ]),
    ).toEqual(['0 at 30', '2 at 35', '1 at 125', '3 at 132'])
  })

  it('lets who was interrupted go on before those of its class who came later', () => {
    expect(
      served(preemptive(2), [
        [1, 0, 50],
        [3, 5, 50],
        [0, 10, 10],
        [2, 12, 10],
      ]),
    ).toEqual(['0 at 20', '2 at 30', '1 at 70', '3 at 120'])
  })

  it('has the mean time in system of each class (Cobham, preemptive resume)', () => {
    const truth = preemptivePriorityResponse([0, 1].map(() => ({ rate: 0.35, service: 1, squaredVariation: 1 })))
    const intervals = meanTimes(preemptive(2), { rate: 0.7, classes: 2 }, 42)
    expectInside(intervals[0]!, truth[0]!)
    expectInside(intervals[1]!, truth[1]!)
  })
})

const sharing = (queue: EventQueue): Station => {
  const server = new ProcessorSharingServer(queue, SERVED)
  return { offer: (row, serviceNs) => server.offer(row, serviceNs), served: (_, generation) => server.complete(generation) }
}

describe('ProcessorSharingServer', () => {
  it('has a mean time in system that depends on the mean service alone (M/G/1-PS)', () => {
    const deterministic = meanTimes(sharing, { rate: 0.7, drawServiceNs: () => MEAN_SERVICE_NS }, 43)
    expectInside(deterministic[0]!, 1 / (1 - 0.7))
    const spread = meanTimes(sharing, { rate: 0.7, drawServiceNs: (stream) => (stream.uniform() < 0.1 ? 5.5 : 0.5) * MEAN_SERVICE_NS }, 44)
    expectInside(spread[0]!, 1 / (1 - 0.7))
  })

  it('shares equally, by hand', () => {
    // Alone until 10, two until 30, three until the short one has had 10, and so on.
    expect(
      served(sharing, [
        [0, 0, 100],
        [1, 10, 40],
        [2, 30, 10],
      ]),
    ).toEqual(['2 at 60', '1 at 100', '0 at 150'])
  })
})

describe('RoundRobinServer', () => {
  const roundRobin =
    (quantumNs: number) =>
    (queue: EventQueue): Station => {
      const server = new RoundRobinServer(queue, SERVED, quantumNs)
      return { offer: (row, serviceNs) => server.offer(row, serviceNs), served: () => server.turnEnds() }
    }

  it('takes turns of a quantum, by hand', () => {
    expect(
      served(roundRobin(10), [
        [0, 0, 25],
        [1, 0, 10],
        [2, 12, 15],
      ]),
    ).toEqual(['1 at 20', '0 at 45', '2 at 50'])
  })

  it('has the mean of M/M/1 whatever the quantum, because what is left of an exponential service is exponential', () => {
    for (const quantum of [0.1, 1]) {
      const [interval] = meanTimes(roundRobin(quantum * MEAN_SERVICE_NS), { rate: 0.7 }, 45)
      expectInside(interval!, 1 / (1 - 0.7))
    }
  })

  it('refuses a quantum of nothing', () => {
    expect(() => new RoundRobinServer(new EventQueue(), 0, 0)).toThrow('the quantum must be more than 0 ns, got 0')
  })
})

describe('RateLimitedLink', () => {
  it('makes Poisson packets wait as M/D/1 (Pollaczek and Khinchine)', () => {
    const bytes = 1250
    const sendNs = 10_000
    const link = (queue: EventQueue): Station => {
      const wire = new RateLimitedLink(queue, SERVED, 1e9, 5000)
      return { offer: (row) => wire.send(row, bytes), served: () => true }
    }
    const load = 0.75
    // Arrivals are per mean service of the harness, 1 ms.
    const [interval] = meanTimes(link, { rate: (load * MEAN_SERVICE_NS) / sendNs }, 46)
    expectInside(interval!, (pollaczekKhinchineWait(load, sendNs, 0) + sendNs + 5000) / MEAN_SERVICE_NS)
  })

  it('keeps the fraction of a nanosecond, so that the rate holds', () => {
    const queue = new EventQueue()
    const wire = new RateLimitedLink(queue, 0, 3e9, 0)
    for (let row = 0; row < 3000; row++) wire.send(row, 1)
    expect(wire.waitNs).toBeCloseTo(8000, 6)
    while (queue.pop());
    expect(queue.timeNs).toBe(8000)
  })
})

describe('TokenBucket', () => {
  it('never lets more than burst + rate x time through, shaping or policing', () => {
    const packets = fc.array(fc.record({ gapNs: fc.nat(5000), bytes: fc.integer({ min: 1, max: 1500 }) }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(packets, fc.boolean(), (sent, shaping) => {
        const bucket = new TokenBucket(4e9, 2000)
        let nowNs = 0
        const out: { atNs: number; bytes: number }[] = []
        for (const { gapNs, bytes } of sent) {
          nowNs += gapNs
          if (shaping) out.push({ atNs: nowNs + bucket.delayNs(nowNs, bytes), bytes })
          else if (bucket.conforms(nowNs, bytes)) out.push({ atNs: nowNs, bytes })
        }
        for (let from = 0; from < out.length; from++) {
          let sum = 0
          for (let to = from; to < out.length; to++) {
            sum += out[to]!.bytes
            expect(sum).toBeLessThanOrEqual(2000 + (out[to]!.atNs - out[from]!.atNs) * 0.5 + 1e-6)
          }
        }
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('delays by what is missing, by hand', () => {
    const bucket = new TokenBucket(8e9, 1000)
    expect([bucket.delayNs(0, 800), bucket.delayNs(0, 500), bucket.delayNs(100, 100)]).toEqual([0, 300, 300])
    expect(() => bucket.delayNs(200, 1001)).toThrow('1001 B never fit a burst of 1000 B')
  })
})

describe('FiniteBuffer', () => {
  it('loses what M/M/1/K loses', () => {
    const [places, load] = [5, 0.9]
    const losses = Array.from({ length: 12 }, (_, replication) => {
      const queue = new EventQueue()
      const buffer = new FiniteBuffer(places)
      const server = new FifoServer(queue, 1)
      const arrivals = createStream(47, replication, 0)
      const services = createStream(47, replication, 1)
      const model = declareModel<{ readonly queue: EventQueue }>('M/M/1/K', [
        {
          kind: 0,
          name: 'arrival',
          handle: () => {
            queue.push(queue.timeNs + exponential(arrivals, 1000 / load), 0, 0, 0)
            if (buffer.enter()) server.offer(0, exponential(services, 1000))
          },
        },
        {
          kind: 1,
          name: 'departure',
          handle: () => {
            buffer.leave()
            server.complete()
          },
        },
      ])
      queue.push(0, 0, 0, 0)
      run(model, { queue }, { mostEvents: 40_000 })
      expect(buffer.peak).toBe(places)
      return buffer.lost / (buffer.lost + buffer.taken)
    })
    expectInside(meanInterval(losses, 0.999), lossStation(places, load).lost)
  })

  it('counts sizes, and refuses to give what it has not', () => {
    const buffer = new FiniteBuffer(1000)
    expect([buffer.enter(600), buffer.enter(500), buffer.enter(400)]).toEqual([true, false, true])
    expect([buffer.filled, buffer.takenSize, buffer.lost, buffer.lostSize]).toEqual([1000, 1000, 1, 500])
    expect(() => buffer.leave(1001)).toThrow("1001 can't leave, 1000 are there")
  })
})

describe('SharedLock', () => {
  const users = 6
  const thinkNs = 4000
  const holdNs = 1000

  /** Cycles per mean holding time of users who think, take the lock, hold it and let it go. */
  function throughput(alone: boolean): readonly number[] {
    return Array.from({ length: 12 }, (_, replication) => {
      const queue = new EventQueue()
      const stream = createStream(48, replication, alone ? 1 : 0)
      let cycles = 0
      const hold = (row: number) => queue.push(queue.timeNs + exponential(stream, holdNs), 0, 1, row)
      const lock = new SharedLock(hold)
      const model = declareModel<{ readonly queue: EventQueue }>('lock', [
        {
          kind: 0,
          name: 'asks',
          handle: (_, row) => {
            if (lock.acquire(row, alone)) hold(row)
          },
        },
        {
          kind: 1,
          name: 'lets go',
          handle: (_, row) => {
            lock.release(alone)
            cycles++
            queue.push(queue.timeNs + exponential(stream, thinkNs), 0, 0, row)
          },
        },
      ])
      for (let row = 0; row < users; row++) queue.push(0, 0, 0, row)
      run(model, { queue }, { mostEvents: 40_000 })
      return (cycles / queue.timeNs) * holdNs
    })
  }

  it('held alone is the single server of a closed network (mean value analysis)', () => {
    const truth = meanValueAnalysis(users, [1, 1], [thinkNs / holdNs, 1], [true, false]).throughput
    expectInside(meanInterval(throughput(true), 0.999), truth)
  })

  it('shared delays nobody', () => {
    expectInside(meanInterval(throughput(false), 0.999), users / (thinkNs / holdNs + 1))
  })

  it('is granted in the order of asking: a share waits behind one who waits to be alone', () => {
    const granted: number[] = []
    const lock = new SharedLock((row) => granted.push(row))
    expect([lock.acquire(1, false), lock.acquire(2, false), lock.acquire(3, true), lock.acquire(4, false), lock.acquire(5, false)]).toEqual(
      [true, true, false, false, false],
    )
    lock.release(false)
    expect(granted).toEqual([])
    lock.release(false)
    expect(granted).toEqual([3])
    lock.release(true)
    expect(granted).toEqual([3, 4, 5])
    expect(() => lock.release(true)).toThrow('nobody holds it alone')
  })
})

describe('what a server says of its customers', () => {
  it('first come, first served: who starts, at once or when another is done', () => {
    const queue = new EventQueue()
    const server = new FifoServer(queue, SERVED, 2)
    expect([7, 8, 9].map((row) => server.offer(row, 10 * row))).toEqual([true, true, false])
    queue.pop()
    expect([queue.row, server.complete()]).toEqual([7, 9])
    queue.pop()
    expect([queue.row, server.complete(), server.busy]).toEqual([8, NOBODY, 1])
  })

  it('preemptive priority: what each has yet to get, interrupted or in service', () => {
    const queue = new EventQueue()
    const server = new PreemptivePriorityServer(queue, SERVED)
    server.offer(0, 1, 100)
    queue.advanceTo(30)
    server.offer(1, 0, 50)
    server.offer(2, 1, 5)
    queue.advanceTo(40)
    expect([0, 1, 2].map((row) => server.remainingNs(row))).toEqual([70, 40, 5])
  })

  it('processor sharing: what all together have yet to get, one nanosecond less each nanosecond', () => {
    const queue = new EventQueue()
    const server = new ProcessorSharingServer(queue, SERVED)
    server.offer(0, 100)
    queue.advanceTo(40)
    server.offer(1, 80)
    queue.advanceTo(60)
    expect(server.remainingNs()).toBe(60 + 80 - 20)
    // Row 0 has 60 left at 40, at half speed until 160; then row 1 has 20 alone.
    while (queue.pop() && !server.complete(queue.generation));
    expect([queue.timeNs, queue.row, server.remainingNs()]).toEqual([160, 0, 20])
    while (queue.pop() && !server.complete(queue.generation));
    expect([queue.timeNs, server.size, server.remainingNs()]).toEqual([180, 0, 0])
  })
})
