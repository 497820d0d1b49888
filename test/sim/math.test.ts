import { describe, expect, it } from 'vitest'
import { exp, log, pow, sin } from '../../sim/math.js'
import { createStream } from '../../sim/random/stream.js'
import { exactExp, exactLog, exactPow, exactSin, fixed, ulps } from './exact-functions.js'

const COUNT = 1000

/** Largest error over seeded arguments, in ulps. */
function worst(
  component: number,
  argument: (uniform: () => number) => number,
  found: (x: number) => number,
  exact: (x: bigint) => bigint,
): number {
  const stream = createStream(11, 0, component)
  let largest = 0
  for (let i = 0; i < COUNT; i++) {
    const x = argument(() => stream.uniform())
    largest = Math.max(largest, ulps(found(x), exact(fixed(x))))
  }
  return largest
}

describe('log, exp, sin and pow against 1,200 exact binary digits', () => {
  it('log errs by less than an ulp, near 1 and over the whole range', () => {
    expect(worst(1, (u) => 0.5 + 1.5 * u(), log, exactLog)).toBeLessThan(1)
    expect(worst(2, (u) => 2 ** (2000 * u() - 1000), log, exactLog)).toBeLessThan(1)
  })

  it('exp errs by less than an ulp', () => {
    expect(worst(3, (u) => 2 * u() - 1, exp, exactExp)).toBeLessThan(1)
    expect(worst(4, (u) => 1400 * u() - 700, exp, exactExp)).toBeLessThan(1)
  })

  it('sin errs by less than an ulp', () => {
    expect(worst(5, (u) => 10 * u() - 5, sin, exactSin)).toBeLessThan(1)
    expect(worst(6, (u) => 3e6 * u() - 1.5e6, sin, exactSin)).toBeLessThan(1)
  })

  it('pow errs by less than an ulp', () => {
    const bases = createStream(11, 0, 7)
    for (const [lowest, highest] of [
      [-3, 3],
      [-150, 150],
    ] as const) {
      let largest = 0
      for (let i = 0; i < COUNT; i++) {
        const x = 10 * bases.uniform() + 0.01
        const y = lowest + (highest - lowest) * bases.uniform()
        largest = Math.max(largest, ulps(pow(x, y), exactPow(fixed(x), fixed(y))))
      }
      expect(largest).toBeLessThan(1)
    }
  })

  it('agrees with the engine to 2 ulps, whose functions err by less than one too', () => {
    const stream = createStream(11, 0, 8)
    const apart = (a: number, b: number) => ulps(a, fixed(b))
    for (let i = 0; i < COUNT; i++) {
      const x = 100 * stream.uniform() + 1e-9
      const y = 20 * stream.uniform() - 10
      expect(apart(log(x), Math.log(x))).toBeLessThanOrEqual(2)
      expect(apart(exp(y), Math.exp(y))).toBeLessThanOrEqual(2)
      expect(apart(sin(y), Math.sin(y))).toBeLessThanOrEqual(2)
      expect(apart(pow(x, y), x ** y)).toBeLessThanOrEqual(2)
    }
  })
})

describe('the edges', () => {
  it('log', () => {
    expect([log(1), log(0), log(-1), log(Number.POSITIVE_INFINITY), log(Number.NaN)]).toEqual([
      0,
      -Infinity,
      Number.NaN,
      Infinity,
      Number.NaN,
    ])
    expect(ulps(log(5e-324), exactLog(fixed(5e-324)))).toBeLessThan(1)
    expect(ulps(log(Number.MAX_VALUE), exactLog(fixed(Number.MAX_VALUE)))).toBeLessThan(1)
  })

  it('exp', () => {
    expect([exp(0), exp(-0), exp(710), exp(-746), exp(Infinity), exp(-Infinity), exp(Number.NaN)]).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
      Number.NaN,
    ])
    for (const x of [709.78, -708.5, -740.25]) expect(ulps(exp(x), exactExp(fixed(x)))).toBeLessThan(1)
  })

  it('pow', () => {
    const bases = [0, 0.5, 1, 2, Infinity, Number.NaN]
    const powers = [-Infinity, -2, -0, 0, 3, Infinity, Number.NaN]
    // ECMAScript makes 1 to the power of infinity or NaN a NaN; IEEE 754-2019 makes it 1.
    for (const x of bases) for (const y of powers) if (x !== 1) expect([x, y, pow(x, y)]).toEqual([x, y, x ** y])
    expect([pow(-8, 2), pow(2, 10), pow(2, 5000), pow(2, -5000), pow(2, -1074)]).toEqual([Number.NaN, 1024, Infinity, 0, 5e-324])
  })

  it('sin', () => {
    expect([sin(0), sin(Number.NaN), sin(Infinity)]).toEqual([0, Number.NaN, Number.NaN])
    expect(() => sin(2e6)).toThrow('sin: |x| must be at most 1647099, got 2000000')
  })
})
