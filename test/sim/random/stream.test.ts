import { describe, expect, it } from 'vitest'
import { createStream, RandomStream } from '../../../sim/random/stream.js'

describe('RandomStream', () => {
  it('draws what the reference implementation of xoshiro128** draws from the state 1, 2, 3, 4', () => {
    const stream = new RandomStream([1, 2, 3, 4])
    // Blackman and Vigna's C program, as rand_xoshiro (Rust) quotes it.
    const reference = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]
    expect(reference.map(() => stream.uint32())).toEqual(reference)
  })

  it('takes 27 bits of one word and 26 of the next for a uniform draw', () => {
    const words = new RandomStream([1, 2, 3, 4])
    const stream = new RandomStream([1, 2, 3, 4])
    for (let i = 0; i < 100; i++) {
      const high = Math.floor(words.uint32() / 32)
      const low = Math.floor(words.uint32() / 64)
      expect(stream.uniform()).toBe((high * 2 ** 26 + low) / 2 ** 53)
    }
  })

  it('refuses a state of zeros', () => {
    expect(() => new RandomStream([0, 0, 0, 0])).toThrow('the state must be four words, not all zero')
  })
})

describe('createStream', () => {
  it('gives the first draws that stand here', () => {
    const first = (seed: number, replication: number, component: number) => {
      const stream = createStream(seed, replication, component)
      return [stream.uint32(), stream.uint32(), stream.uniform()]
    }
    expect({
      '1/0/0': first(1, 0, 0),
      '1/1/0': first(1, 1, 0),
      '1/0/1': first(1, 0, 1),
      '2/0/0': first(2, 0, 0),
      big: first(2 ** 53 - 1, 9, 9),
    }).toMatchInlineSnapshot(`
      {
        "1/0/0": [
          2417109051,
          2078953926,
          0.2257057335709356,
        ],
        "1/0/1": [
          3268375944,
          4000152977,
          0.7880485194761948,
        ],
        "1/1/0": [
          2599930675,
          670523867,
          0.36586219509910434,
        ],
        "2/0/0": [
          2426255652,
          3288047429,
          0.8993328621034444,
        ],
        "big": [
          3051689816,
          2028526974,
          0.7288268238846481,
        ],
      }
    `)
  })

  it('gives every address a start of its own', () => {
    const starts = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      for (let replication = 0; replication < 40; replication++) {
        for (let component = 0; component < 40; component++) {
          const stream = createStream(seed, replication, component)
          starts.add(`${stream.uint32()} ${stream.uint32()}`)
        }
      }
    }
    // Two of 64,000 random pairs of words would be equal once in 9e9 such tests.
    expect(starts.size).toBe(64_000)
  })

  it('tells seeds apart that differ only above 32 bits', () => {
    expect(createStream(2 ** 32, 0, 0).uint32()).not.toBe(createStream(0, 0, 0).uint32())
  })

  it('refuses what is not a whole number from 0', () => {
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => createStream(1, wrong, 2)).toThrow(`whole numbers from 0, got 1, ${wrong}, 2`)
  })

  it('makes neighbouring streams that do not go together', () => {
    const n = 20_000
    const addresses = [
      [1, 0, 0],
      [1, 0, 1],
      [1, 1, 0],
      [2, 0, 0],
    ] as const
    const draws = addresses.map(([seed, replication, component]) => {
      const stream = createStream(seed, replication, component)
      return Array.from({ length: n }, () => stream.uniform() - 0.5)
    })
    // The correlation of independent uniforms is about normal with deviation 1 / sqrt(n); 4.3 deviations: 1e-4 over the six pairs.
    for (const [i, a] of draws.entries()) {
      for (const b of draws.slice(i + 1))
        expect(Math.abs(a.reduce((sum, x, k) => sum + x * b[k]!, 0) * 12) / n).toBeLessThan(4.3 / Math.sqrt(n))
    }
  })

  it('fills each value of each byte evenly', () => {
    const stream = createStream(4, 0, 0)
    const n = 256_000
    const counts = [0, 1, 2, 3].map(() => new Float64Array(256))
    for (let i = 0; i < n; i++) {
      const word = stream.uint32()
      for (let byte = 0; byte < 4; byte++) counts[byte]![(word >>> (8 * byte)) & 255]!++
    }
    // 99.9 % point of chi-square with 255 degrees of freedom (NIST/SEMATECH e-Handbook, Wilson-Hilferty): 330.5.
    for (const count of counts) expect(count.reduce((sum, seen) => sum + (seen - n / 256) ** 2 / (n / 256), 0)).toBeLessThan(330.5)
  })
})
