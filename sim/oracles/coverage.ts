/**
 * Do 95 % intervals cover the truth 95 times in 100? Each case runs a small experiment again and again, every time with a seed of its own, and
 * counts how often its interval holds what theory knows. Too few means that results look surer than they are; too many, that work is wasted.
 */
import { createStream } from '../random/index.js'
import {
  batchMeans,
  bootstrapInterval,
  mean,
  meanInterval,
  pairedDifference,
  quantileInterval,
  type ShareInterval,
  shareInterval,
} from '../statistics/index.js'
import { createNetwork, type Network, runNetwork, startNetwork } from './fifo-network.js'
import type { Oracle } from './oracle.js'
import { markovianStation, SERVICE_NS } from './single-station.js'

export interface CoverageCase {
  /** What is estimated. */
  readonly estimate: string
  readonly interval: string
  /** One experiment: does its 95 % interval hold the truth? */
  readonly covers: (seed: number) => boolean
}

export interface Coverage extends ShareInterval {
  readonly estimate: string
  readonly interval: string
  readonly runs: number
  readonly covered: number
  /** Covered 93 to 97 times in 100. */
  readonly holds: boolean
}

const LEAST = 0.93
const MOST = 0.97
const REPLICATIONS = 10

/** Counts over seeds of their own, from `seed` on; `onRun` hears of each. */
export function coverageOf({ estimate, interval, covers }: CoverageCase, runs: number, seed: number, onRun?: () => void): Coverage {
  let covered = 0
  for (let run = 0; run < runs; run++) {
    if (covers(seed + run)) covered++
    onRun?.()
  }
  const share = shareInterval(covered, runs)
  return { estimate, interval, runs, covered, ...share, holds: share.value >= LEAST && share.value <= MOST }
}

/** An oracle's first quantity, by Student's interval over replications of so many customers. */
export function studentCoverage(oracle: Oracle, customers: number): CoverageCase {
  const { name, truth } = oracle.quantities[0]!
  return {
    estimate: `${oracle.name}: ${name}`,
    interval: `Student, ${REPLICATIONS} replications x ${customers} customers`,
    covers: (seed) => {
      const values = Array.from({ length: REPLICATIONS }, (_, replication) => oracle.replicate(seed, replication, customers).values[0]!)
      const { value, halfWidth } = meanInterval(values)
      return Math.abs(value - truth) <= halfWidth
    },
  }
}

/** An M/M/1 queue whose warm-up of 300 customers outlasts its memory (at load 0.5, some twelve services) many times. */
function queue(load: number, seed: number, replication: number): Network {
  const net = createNetwork([markovianStation(load)], seed, replication, 300)
  startNetwork(net)
  return net
}

const responseOf = (load: number) => SERVICE_NS / (1 - load)

/** Mean time in system of the next customers. */
function nextMean(net: Network, customers: number): number {
  const { response } = net.stations[0]!
  response.clear()
  runNetwork(net, customers)
  return response.mean
}

/** Every kind of interval on M/M/1. */
export const intervalCases: readonly CoverageCase[] = [
  {
    estimate: 'M/M/1: mean time in system',
    interval: 'batch means, one run, 32 batches x 500 customers',
    covers: (seed) => {
      const net = queue(0.5, seed, 0)
      nextMean(net, 1)
      const { value, halfWidth } = batchMeans(
        Float64Array.from({ length: 320 }, () => nextMean(net, 50)),
        32,
      )
      return Math.abs(value - responseOf(0.5)) <= halfWidth
    },
  },
  {
    estimate: 'M/M/1: median time in system',
    interval: 'order statistics, 60 independent customers',
    covers: (seed) => {
      const { low, high } = quantileInterval(
        Float64Array.from({ length: 60 }, (_, replication) => nextMean(queue(0.5, seed, replication), 1)),
        0.5,
      )!
      const median = Math.LN2 * responseOf(0.5)
      return low <= median && median <= high
    },
  },
  {
    estimate: 'M/M/1: mean time in system',
    interval: 'bootstrap (BCa), 40 replications x 300 customers',
    covers: (seed) => {
      const values = Float64Array.from({ length: 40 }, (_, replication) => nextMean(queue(0.5, seed, replication), 300))
      const { low, high } = bootstrapInterval(values, mean, createStream(seed, 0, 9), 0.95, 1000)
      return low <= responseOf(0.5) && responseOf(0.5) <= high
    },
  },
  {
    estimate: 'M/M/1: difference of loads 0.6 and 0.5',
    interval: 'paired differences, common random numbers, 10 pairs x 1500 customers',
    covers: (seed) => {
      const means = (load: number) =>
        Float64Array.from({ length: REPLICATIONS }, (_, replication) => nextMean(queue(load, seed, replication), 1500))
      const { value, halfWidth } = pairedDifference(means(0.6), means(0.5)).difference
      return Math.abs(value - (responseOf(0.6) - responseOf(0.5))) <= halfWidth
    },
  },
]
