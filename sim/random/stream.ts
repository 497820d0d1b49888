/**
 * Random streams, each addressed by (seed, replication, component): the same address always gives the same draws, whatever else draws,
 * and on whichever worker.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021): period
 * 2^128 - 1, passes BigCrush. An address is hashed to the 128-bit state, so streams start at random places of the period: for a million
 * streams of 2^40 draws the chance that any two overlap is below 2^-47 (the paper, section 10.1).
 *
 * Common random numbers are the same address under two alternatives: give each source of chance (the arrivals, the services of one station)
 * a component of its own, so that both alternatives meet the same customers, and compare them as pairs (`pairedDifference`).
 */

/** Uniform draws; state in a typed array, so that nothing is allocated and 32-bit words stay machine words. */
export class RandomStream {
  /** Four words: public for draws that step the generator themselves (exponential.ts). */
  readonly state: Int32Array

  /** @param words four 32-bit words, not all zero */
  constructor(words: ArrayLike<number>) {
    this.state = Int32Array.from(words)
    if (this.state.length !== 4 || this.state.every((word) => word === 0)) {
      throw new RangeError(`random stream: the state must be four words, not all zero, got ${this.state.join(', ')}`)
    }
  }

  /** The state, for a snapshot: a stream made of it, or set back to it, goes on with the same draws. */
  words(): Int32Array {
    return this.state.slice()
  }

  /** Sets the stream to a state that `words` gave. */
  restore(words: ArrayLike<number>): void {
    this.state.set(words)
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    return this.int32() >>> 0
  }

  /** A number in [0, 1) with 53 random bits: 27 of one word above 26 of the next. */
  uniform(): number {
    const high = this.int32() >>> 5
    return high * 7.450580596923828e-9 + (this.int32() >>> 6) * 1.1102230246251565e-16
  }

  /** Thirty-two random bits as a signed whole number. */
  int32(): number {
    const state = this.state
    const s1 = state[1]!
    const s2 = state[2]! ^ state[0]!
    const s3 = state[3]! ^ s1
    const scrambled = Math.imul(s1, 5)
    state[1] = s1 ^ s2
    state[0] = state[0]! ^ s3
    state[2] = s2 ^ (s1 << 9)
    state[3] = (s3 << 11) | (s3 >>> 21)
    return Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
  }
}

/**
 * The stream of one component in one replication.
 * @param seed, replication, component whole numbers from 0 to 2^53 - 1
 * @throws RangeError for anything else, naming it
 */
export function createStream(seed: number, replication: number, component: number): RandomStream {
  const address = [seed, replication, component]
  for (const part of address) {
    if (!Number.isSafeInteger(part) || part < 0) {
      throw new RangeError(`random stream: seed, replication and component must be whole numbers from 0, got ${address.join(', ')}`)
    }
  }
  return new RandomStream(addressHash(address))
}

/** Four words out of six: each is a chain over the address that starts from a number of its own, every step a full avalanche. */
function addressHash(address: readonly number[]): Int32Array {
  const words = new Int32Array(4)
  for (let lane = 0; lane < 4; lane++) {
    let hash = Math.imul(lane + 1, 0x9e3779b9)
    for (const part of address) {
      hash = avalanche(avalanche(hash ^ (part | 0)) + 0x6d2b79f5)
      hash = avalanche(avalanche(hash ^ Math.floor(part / 2 ** 32)) + 0x6d2b79f5)
    }
    words[lane] = hash
  }
  return words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] === 0 ? Int32Array.of(1, 0, 0, 0) : words
}

/** The finalizer of MurmurHash3 (Appleby, public domain): a bijection of 32 bits in which every bit flips every other half of the time. */
function avalanche(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
