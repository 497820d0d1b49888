import { describe, expect, it } from 'vitest'
import { gamma } from '../../../sim/random/gamma.js'
import { balancedHyperExponential, hyperExponential, prepareHyperExponential } from '../../../sim/random/hyper-exponential.js'
import { pareto } from '../../../sim/random/pareto.js'
import { createStream } from '../../../sim/random/stream.js'
import { weibull } from '../../../sim/random/weibull.js'
import { meanInterval } from '../../../sim/statistics/confidence-interval.js'

describe('a parameter that no distribution has', () => {
  const stream = createStream(1, 0, 0)

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('(%f) is refused by name', (wrong) => {
    expect(() => gamma(stream, wrong, 1)).toThrow(`gamma: shape must be positive and finite, got ${wrong}`)
    expect(() => gamma(stream, 1, wrong)).toThrow(`gamma: scale must be positive and finite, got ${wrong}`)
    expect(() => weibull(stream, wrong, 1)).toThrow(`Weibull: shape must be positive and finite, got ${wrong}`)
    expect(() => pareto(stream, 2, wrong)).toThrow(`Pareto: minimum must be positive and finite, got ${wrong}`)
    expect(() => prepareHyperExponential([1, 1], [1, wrong])).toThrow(`hyper-exponential: mean 1 must be positive and finite, got ${wrong}`)
  })

  it('draws nothing from the stream', () => {
    const fresh = createStream(1, 0, 1)
    expect(() => gamma(fresh, -1, 1)).toThrow('shape')
    expect(fresh.uniform()).toBe(createStream(1, 0, 1).uniform())
  })
})

describe('the hyper-exponential distribution', () => {
  it('has the mean and the variation that it was asked for', () => {
    const phases = balancedHyperExponential(5, 4)
    const means: number[] = []
    const squares: number[] = []
    for (let replication = 0; replication < 200; replication++) {
      const stream = createStream(3, replication, 0)
      const draws = Float64Array.from({ length: 2000 }, () => hyperExponential(stream, phases))
      means.push(draws.reduce((a, b) => a + b) / 2000)
      squares.push(draws.reduce((a, b) => a + b * b, 0) / 2000)
    }
    for (const [found, truth] of [
      [means, 5],
      [squares, 25 * 5], // variance 4 * 5^2, and the mean's square
    ] as const) {
      const { value, halfWidth } = meanInterval(found, 0.999)
      expect(halfWidth).toBeLessThan(0.05 * truth)
      expect(Math.abs(value - truth)).toBeLessThan(halfWidth)
    }
  })

  it('refuses a variation below the exponential’s, and phases without weights', () => {
    expect(() => balancedHyperExponential(1, 0.5)).toThrow('must be finite and at least 1, got 0.5')
    expect(() => prepareHyperExponential([1], [1, 2])).toThrow('2 means need as many weights, got 1')
    expect(() => prepareHyperExponential([], [])).toThrow('the weights must have a positive, finite sum, got 0')
  })
})
