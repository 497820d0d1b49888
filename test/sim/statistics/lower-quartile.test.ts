import { describe, expect, it } from 'vitest'
import { createStream } from '../../../sim/random/stream.js'
import { lowerQuartile } from '../../../sim/statistics/lower-quartile.js'

const stream = () => createStream(51, 0, 0)

describe('lowerQuartile', () => {
  it('is the quartile of the runs, which disturbed runs above it do not move, with their share', () => {
    const low = [10, 10.01, 10.02, 10.03]
    const found = lowerQuartile([...low, 10.5, 11, 11.2, 12, 13], stream())
    expect(found).toMatchObject({ value: 10.02, runs: 9, disturbedShare: 5 / 9, confidence: 0.95 })
    expect(lowerQuartile([...low, 15, 16, 17, 18, 19], stream()).value).toBe(10.02)
  })

  it('has the half-width of every possible resample of three runs', () => {
    const runs = [10, 11, 13]
    const all: number[] = []
    for (const x of runs) {
      for (const y of runs) {
        for (const z of runs) {
          const [first, second] = [x, y, z].sort((p, q) => p - q) as [number, number, number]
          all.push((first + second) / 2)
        }
      }
    }
    all.sort((p, q) => p - q)
    // The 2.5 % and 97.5 % points are atoms of probability 7 / 27 and 1 / 27: no chance of 2,000 resamples moves them.
    expect(lowerQuartile(runs, stream()).halfWidth).toBe((all.at(-1)! - all[0]!) / 2)
  })

  it('knows no half-width of a single run, and refuses none', () => {
    expect(lowerQuartile([7], stream())).toEqual({ value: 7, halfWidth: null, confidence: 0.95, runs: 1, disturbedShare: 0 })
    expect(() => lowerQuartile([], stream())).toThrow('lower quartile: needs at least 1 values, got 0')
  })

  it('has the same bytes for the same stream', () => {
    const runs = [10, 10.2, 10.4, 12, 12.5]
    expect(lowerQuartile(runs, stream())).toEqual(lowerQuartile(runs, stream()))
  })
})
