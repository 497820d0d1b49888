import { describe, expect, it } from 'vitest'
import { meanInterval } from '../../sim/statistics/confidence-interval.js'
import { createWorld, type QueueingSystem, serve, timeInsideNs } from './queueing.js'

const SEED = 61
const REPLICATIONS = 30
const CUSTOMERS = 60_000
const WARM_UP = 5_000
const MEAN_SERVICE_NS = 1_000

interface Replication {
  readonly response: number
  readonly wait: number
  readonly inSystem: number
}

function replicate(system: QueueingSystem): Replication[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) => {
    const world = createWorld(system, SEED, replication, WARM_UP)
    serve(world, CUSTOMERS)
    const durationNs = world.queue.timeNs - world.startNs
    return {
      response: world.response.mean,
      wait: world.wait.mean,
      inSystem: world.area / durationNs,
    }
  })
}

/** The truth lies in the simulator's own 99.9 % interval. */
function expectTheory(found: readonly number[], theory: number): void {
  const { value, halfWidth } = meanInterval(found, 0.999)
  expect(halfWidth / value).toBeLessThan(0.05)
  expect(Math.abs(value - theory)).toBeLessThan(halfWidth)
}

/** Probability of waiting, by Erlang's recursion (Cooper, "Introduction to Queueing Theory", 2nd edition, section 3.4). */
function erlangC(servers: number, load: number): number {
  const offered = servers * load
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked)
  return blocked / (1 - load * (1 - blocked))
}

const cases: readonly { readonly name: string; readonly system: QueueingSystem; readonly waitNs: number }[] = [
  {
    name: 'M/M/1 at load 0.8',
    system: { servers: 1, meanServiceNs: MEAN_SERVICE_NS, service: 'exponential', load: 0.8 },
    waitNs: (MEAN_SERVICE_NS * 0.8) / (1 - 0.8),
  },
  {
    // Half of M/M/1's wait (Pollaczek and Khinchine).
    name: 'M/D/1 at load 0.7',
    system: { servers: 1, meanServiceNs: MEAN_SERVICE_NS, service: 'deterministic', load: 0.7 },
    waitNs: (MEAN_SERVICE_NS * 0.7) / (2 * (1 - 0.7)),
  },
  {
    name: 'M/M/3 at load 0.75',
    system: { servers: 3, meanServiceNs: MEAN_SERVICE_NS, service: 'exponential', load: 0.75 },
    waitNs: (erlangC(3, 0.75) * MEAN_SERVICE_NS) / (3 * (1 - 0.75)),
  },
]

describe.each(cases)('$name', ({ system, waitNs }) => {
  const replications = replicate(system)

  it('waits as long as theory says', () => {
    expectTheory(
      replications.map(({ wait }) => wait),
      waitNs,
    )
  })

  it('stays in the system as long as theory says', () => {
    expectTheory(
      replications.map(({ response }) => response),
      waitNs + MEAN_SERVICE_NS,
    )
  })

  it('holds as many customers as theory says', () => {
    expectTheory(
      replications.map(({ inSystem }) => inSystem),
      ((waitNs + MEAN_SERVICE_NS) * system.load * system.servers) / MEAN_SERVICE_NS,
    )
  })

  it("obeys Little's law on every run: customers inside, added up over time, are their times inside, added up", () => {
    for (let replication = 0; replication < REPLICATIONS; replication++) {
      const world = createWorld(system, SEED + 2, replication)
      serve(world, 5000)
      const times = world.response.mean * world.response.count + timeInsideNs(world)
      // Twenty thousand additions, each rounded to 2^-53 of the sum.
      expect(Math.abs(world.area / times - 1)).toBeLessThan(20_000 * 2 ** -53)
    }
  })
})

describe('M/M/1', () => {
  it('has an exponential time in system', () => {
    // Standard deviation = mean: the two estimates agree within the interval of their difference.
    const system = cases[0]!.system
    const differences = Array.from({ length: REPLICATIONS }, (_, replication) => {
      const world = createWorld(system, SEED + 1, replication, WARM_UP)
      serve(world, CUSTOMERS)
      return world.response.standardDeviation - world.response.mean
    })
    const { value, halfWidth } = meanInterval(differences, 0.999)
    expect(Math.abs(value)).toBeLessThan(halfWidth)
  })

  it('gives the same bytes for the same address', () => {
    const twice = [0, 1].map(() => {
      const world = createWorld(cases[0]!.system, SEED, 3)
      return [serve(world, 1000), world.queue.timeNs, world.response.mean]
    })
    expect(twice[0]).toEqual(twice[1])
  })
})
