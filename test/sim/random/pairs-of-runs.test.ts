import { describe, expect, it } from 'vitest'
import { createAntitheticStream } from '../../../sim/random/antithetic.js'
import { exponentialByInversion, normalByInversion, openUniform } from '../../../sim/random/inversion.js'
import { createStream, type RandomStream } from '../../../sim/random/stream.js'
import { meanInterval } from '../../../sim/statistics/confidence-interval.js'
import { meanVariance } from '../../../sim/statistics/mean-variance.js'

const CUSTOMERS = 100
const PAIRS = 1000

/** Mean wait of an M/M/1 queue's first customers, by Lindley's recursion; each purpose draws from a stream of its own. */
function meanWait(arrivals: RandomStream, services: RandomStream, meanService: number): number {
  let wait = 0
  let sum = 0
  for (let i = 0; i < CUSTOMERS; i++) {
    wait = Math.max(0, wait + exponentialByInversion(services, meanService) - exponentialByInversion(arrivals, 1))
    sum += wait
  }
  return sum / CUSTOMERS
}

const plain = (replication: number, meanService = 0.7) =>
  meanWait(createStream(23, replication, 0), createStream(23, replication, 1), meanService)
const opposite = (replication: number) =>
  meanWait(createAntitheticStream(23, replication, 0), createAntitheticStream(23, replication, 1), 0.7)
const replications = Array.from({ length: PAIRS }, (_, i) => i)

/** 99.9 % point of F with 999 and 999 degrees of freedom (scipy.stats.f.ppf 1.17): a ratio of equal variances is below it. */
const F_999 = 1.2162

describe('antithetic streams', () => {
  it('draw 1 - 2^-53 - u where the plain stream draws u, and 1 - u on the open interval', () => {
    const [a, b] = [createStream(5, 6, 7), createAntitheticStream(5, 6, 7)]
    for (let i = 0; i < 1000; i++) expect(b.uniform()).toBe(1 - 2 ** -53 - a.uniform())
    for (let i = 0; i < 1000; i++) expect(b.uniform() + a.uniform()).toBe(1 - 2 ** -53)
    for (let i = 0; i < 1000; i++) expect(openUniform(b)).toBe(1 - openUniform(a))
  })

  it('mirror a normal draw exactly', () => {
    const [a, b] = [createStream(5, 6, 8), createAntitheticStream(5, 6, 8)]
    for (let i = 0; i < 1000; i++) expect(normalByInversion(b) + normalByInversion(a)).toBe(0)
  })

  it('make the mean of a pair vary less than that of two independent runs, and leave it unbiased', () => {
    const pairs = replications.map((r) => (plain(r) + opposite(r)) / 2)
    const independent = replications.map((r) => (plain(2 * r + PAIRS) + plain(2 * r + 1 + PAIRS)) / 2)
    expect(meanVariance(independent).variance / meanVariance(pairs).variance).toBeGreaterThan(F_999)
    const a = meanInterval(pairs, 0.999)
    const b = meanInterval(independent, 0.999)
    expect(Math.abs(a.value - b.value)).toBeLessThan(Math.hypot(a.halfWidth, b.halfWidth))
  })
})

describe('common random numbers', () => {
  it('make a difference vary less than that of independent runs', () => {
    const paired = replications.map((r) => plain(r, 0.7) - plain(r, 0.69))
    const unpaired = replications.map((r) => plain(r, 0.7) - plain(r + PAIRS, 0.69))
    expect(meanVariance(unpaired).variance / meanVariance(paired).variance).toBeGreaterThan(100)
  })

  it('keep the draws of each component, whatever another component draws', () => {
    const alone = createStream(29, 4, 1)
    const expected = Array.from({ length: 10 }, () => exponentialByInversion(alone, 1))
    const beside = createStream(29, 4, 1)
    const other = createStream(29, 4, 2)
    const found = Array.from({ length: 10 }, () => {
      other.uniform()
      return exponentialByInversion(beside, 1)
    })
    expect(found).toEqual(expected)
  })
})
