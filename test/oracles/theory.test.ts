import { describe, expect, it } from 'vitest'
import {
  erlangC,
  lossStation,
  meanValueAnalysis,
  pollaczekKhinchineWait,
  preemptivePriorityResponse,
  trafficRates,
  waitAtMostMd1,
} from '../../sim/oracles/queueing-theory.js'

/** Stationary chances of a chain that goes up and down by one: births(n) out of n, deaths(n) out of n. */
function birthDeath(states: number, births: (n: number) => number, deaths: (n: number) => number): number[] {
  const weights = [1]
  for (let n = 1; n < states; n++) weights[n] = (weights[n - 1]! * births(n - 1)) / deaths(n)
  const sum = weights.reduce((a, b) => a + b)
  return weights.map((weight) => weight / sum)
}

const meanOf = (chances: readonly number[]) => chances.reduce((sum, chance, n) => sum + n * chance, 0)

describe('the formulas of the oracles', () => {
  it('Erlang C is the chance that a chain with c servers has all of them busy', () => {
    for (const [servers, load] of [
      [1, 0.8],
      [3, 0.75],
      [10, 0.9],
    ] as const) {
      const chances = birthDeath(
        3000,
        () => load * servers,
        (n) => Math.min(n, servers),
      )
      expect(erlangC(servers, load)).toBeCloseTo(1 - chances.slice(0, servers).reduce((a, b) => a + b), 10)
    }
  })

  it('a station with few places loses and holds what its chain does', () => {
    for (const load of [0.5, 0.9, 1, 1.7]) {
      const chances = birthDeath(
        6,
        () => load,
        () => 1,
      )
      const { lost, inside } = lossStation(5, load)
      expect(lost).toBeCloseTo(chances[5]!, 12)
      expect(inside).toBeCloseTo(meanOf(chances), 12)
    }
  })

  it('the wait of M/G/1 is that of M/M/1 for exponential service, and half of it for constant service', () => {
    const chances = birthDeath(
      3000,
      () => 0.8,
      () => 1,
    )
    expect(pollaczekKhinchineWait(0.8, 1, 1)).toBeCloseTo(meanOf(chances), 9)
    expect(pollaczekKhinchineWait(0.8, 1, 0)).toBeCloseTo(meanOf(chances) / 2, 9)
  })

  it('the distribution of M/D/1’s wait has its mean, and begins as it must', () => {
    const load = 0.5
    // Before the first service could end, only an empty system and one customer count: (1 - load) e^(load t).
    expect(waitAtMostMd1(load, 0, 1)).toBe(1 - load)
    expect(waitAtMostMd1(load, 0.9, 1)).toBeCloseTo((1 - load) * Math.exp(load * 0.9), 12)
    // Simpson's rule; what is left beyond ten services is below e^-12 (the decay rate solves x = load (e^x - 1)).
    const steps = 20_000
    const h = 10 / steps
    let area = 0
    for (let i = 0; i <= steps; i++) area += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * (1 - waitAtMostMd1(load, i * h, 1))
    expect((area * h) / 3).toBeCloseTo(pollaczekKhinchineWait(load, 1, 0), 4)
  })

  it('mean value analysis comes to what adding up every state of the closed network gives', () => {
    const visits = [1, 4, 1.8, 1.2]
    const service = [20, 1, 4, 6]
    const customers = 8
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
    let total = 0
    let busy = 0
    const inside = [0, 0, 0, 0]
    for (let a = 0; a <= customers; a++)
      for (let b = 0; a + b <= customers; b++)
        for (let c = 0; a + b + c <= customers; c++) {
          const state = [a, b, c, customers - a - b - c]
          const weight = state.reduce((product, n, i) => product * ((visits[i]! * service[i]!) ** n / (i === 0 ? factorial(n) : 1)), 1)
          total += weight
          if (b > 0) busy += weight
          state.forEach((n, i) => {
            inside[i]! += n * weight
          })
        }
    const found = meanValueAnalysis(customers, visits, service, [true, false, false, false])
    // The processor is busy for throughput times its service a cycle.
    expect(found.throughput * 4).toBeCloseTo(busy / total, 12)
    inside.forEach((sum, i) => {
      expect(found.inside[i]).toBeCloseTo(sum / total, 10)
      expect(found.response[i]! * found.throughput * visits[i]!).toBeCloseTo(sum / total, 10)
    })
  })

  it('the traffic equations hold, and what comes in goes out', () => {
    const outside = [0.35, 0.1, 0]
    const onward = [
      [0, 0.5, 0.3],
      [0.2, 0, 0.4],
      [0.1, 0, 0],
    ]
    const rates = trafficRates(outside, onward)
    rates.forEach((rate, j) => {
      expect(rate).toBeCloseTo(outside[j]! + rates.reduce((sum, r, i) => sum + r * onward[i]![j]!, 0), 12)
    })
    const out = rates.reduce((sum, rate, i) => sum + rate * (1 - onward[i]!.reduce((a, b) => a + b)), 0)
    expect(out).toBeCloseTo(0.45, 12)
  })

  it('priorities do not change how many equal customers are inside, and the first class sees nobody else', () => {
    const classes = [0.2, 0.3, 0.3].map((rate) => ({ rate, service: 1, squaredVariation: 1 }))
    const responses = preemptivePriorityResponse(classes)
    expect(responses[0]).toBeCloseTo(1 / (1 - 0.2), 12)
    expect(responses.reduce((sum, response, i) => sum + response * classes[i]!.rate, 0)).toBeCloseTo(0.8 / (1 - 0.8), 12)
  })
})
