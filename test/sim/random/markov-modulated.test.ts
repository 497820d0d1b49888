import { describe, expect, it } from 'vitest'
import { MarkovModulated } from '../../../sim/random/markov-modulated.js'
import { createStream } from '../../../sim/random/stream.js'
import { autocorrelation } from '../../../sim/statistics/autocorrelation.js'
import { meanInterval } from '../../../sim/statistics/confidence-interval.js'

const states = [
  { arrivalRate: 9, moveRates: [0, 0.2] },
  { arrivalRate: 1, moveRates: [0.3, 0] },
]

/**
 * Moments of the stationary intervals out of matrices (Fischer and Meier-Hellstern, equations 8 to 11), two states written out:
 * with M = (rates of all that happens - moves)^-1, an interval is M e on average, and M L carries the state from one arrival to the next.
 */
function theory() {
  const [fast, slow] = [9, 1]
  const [away, back] = [0.2, 0.3]
  const determinant = (fast + away) * (slow + back) - away * back
  const M = [
    [(slow + back) / determinant, away / determinant],
    [back / determinant, (fast + away) / determinant],
  ] as const
  const times = (v: readonly [number, number]): [number, number] => [M[0][0] * v[0] + M[0][1] * v[1], M[1][0] * v[0] + M[1][1] * v[1]]
  const inFast = back / (away + back)
  const rate = inFast * fast + (1 - inFast) * slow
  const atArrival = (v: readonly [number, number]) => (inFast * fast * v[0] + (1 - inFast) * slow * v[1]) / rate
  const once = times([1, 1])
  const variance = 2 * atArrival(times(once)) - 1 / rate ** 2
  const product = atArrival(times(times([fast * once[0], slow * once[1]])))
  return { mean: 1 / rate, variance, lagOne: (product - 1 / rate ** 2) / variance }
}

describe('Markov-modulated arrivals', () => {
  it('have the mean, variance and autocorrelation of the matrices', () => {
    const { mean, variance, lagOne } = theory()
    const found = Array.from({ length: 60 }, (_, replication) => {
      const stream = createStream(15, replication, 0)
      const source = new MarkovModulated(states)
      for (let i = 0; i < 200; i++) source.interval(stream)
      return Float64Array.from({ length: 20_000 }, () => source.interval(stream))
    })
    const average = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length
    const expectTruth = (values: readonly number[], truth: number) => {
      const { value, halfWidth } = meanInterval(values, 0.999)
      expect(halfWidth).toBeLessThan(0.05 * truth)
      expect(Math.abs(value - truth)).toBeLessThan(halfWidth)
    }
    expectTruth(found.map(average), mean)
    expectTruth(
      found.map((values) => average(values.map((x) => x * x))),
      variance + mean ** 2,
    )
    expectTruth(
      found.map((values) => autocorrelation(values, 1)),
      lagOne,
    )
  })

  it('go round three states one way, and through one that is silent', () => {
    // Equal times in each state: the rate is the mean of 6, 0 and 3.
    const round = [
      { arrivalRate: 6, moveRates: [0, 1, 0] },
      { arrivalRate: 0, moveRates: [0, 0, 1] },
      { arrivalRate: 3, moveRates: [1, 0, 0] },
    ]
    const rates = Array.from({ length: 40 }, (_, replication) => {
      const stream = createStream(16, replication, 0)
      const source = new MarkovModulated(round, 1)
      let elapsed = 0
      let arrivals = 0
      for (; elapsed < 2000; arrivals++) elapsed += source.interval(stream)
      return arrivals / elapsed
    })
    const { value, halfWidth } = meanInterval(rates, 0.999)
    expect(Math.abs(value - 3)).toBeLessThan(halfWidth)
  })

  it('go on from a state that was kept, draw by draw', () => {
    const stream = createStream(17, 0, 0)
    const source = new MarkovModulated(states)
    for (let i = 0; i < 100; i++) source.interval(stream)
    const words = stream.words()
    const copy = new MarkovModulated(states, source.state)
    const next = Array.from({ length: 50 }, () => source.interval(stream))
    stream.restore(words)
    expect(Array.from({ length: 50 }, () => copy.interval(stream))).toEqual(next)
  })

  it('refuse rates that can’t be, and a chain in which waiting never ends', () => {
    expect(() => new MarkovModulated([{ arrivalRate: -1, moveRates: [0] }])).toThrow(
      'the rate of arrivals in state 0 must be a finite number from 0, got -1',
    )
    expect(() => new MarkovModulated([{ arrivalRate: 1, moveRates: [] }])).toThrow('state 0 needs a rate to each of 1 states, got 0')
    expect(() => new MarkovModulated([{ arrivalRate: 1, moveRates: [0] }], 1)).toThrow('the first state must be one of 1, got 1')
    const trap = [
      { arrivalRate: 1, moveRates: [0, 1] },
      { arrivalRate: 0, moveRates: [0, 0] },
    ]
    expect(() => new MarkovModulated(trap)).toThrow('Markov-modulated: state 1 never leads to an arrival')
  })
})
