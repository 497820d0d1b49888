/** Every distribution once, with parameters: what the golden draws, the hashes in Node and in a browser, and the tests of fit are taken of. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import {
  balancedHyperExponential,
  createAntitheticStream,
  createStream,
  empirical,
  exponential,
  exponentialByInversion,
  gamma,
  hyperExponential,
  lognormal,
  lognormalByInversion,
  MarkovModulated,
  normal,
  normalByInversion,
  openUniform,
  pareto,
  paretoByInversion,
  prepareEmpirical,
  type RandomStream,
  weibull,
  weibullByInversion,
} from '../../../sim/index.js'

export type Draw = (stream: RandomStream) => number

/** A fresh draw for each use, since what is Markov-modulated has a state. */
export const draws: Readonly<Record<string, () => Draw>> = {
  uniform: () => (s) => s.uniform(),
  exponential: () => (s) => exponential(s, 3),
  normal: () => normal,
  lognormal: () => (s) => lognormal(s, 1, 0.5),
  'gamma, shape 2.5': () => (s) => gamma(s, 2.5, 4),
  'gamma, shape 0.4': () => (s) => gamma(s, 0.4, 2),
  'Weibull, shape 0.7': () => (s) => weibull(s, 0.7, 5),
  'Weibull, shape 3': () => (s) => weibull(s, 3, 5),
  Pareto: () => (s) => pareto(s, 1.5, 2),
  empirical: () => {
    const prepared = prepareEmpirical([64, 128, 256, 512, 1024, 1400], [5, 0, 3, 1, 0.5, 4])
    return (s) => empirical(s, prepared)
  },
  'hyper-exponential': () => {
    const phases = balancedHyperExponential(2, 6)
    return (s) => hyperExponential(s, phases)
  },
  'Markov-modulated': () => {
    const source = new MarkovModulated([
      { arrivalRate: 4, moveRates: [0, 0.5] },
      { arrivalRate: 0, moveRates: [0.25, 0] },
    ])
    return (s) => source.interval(s)
  },
  'open uniform': () => openUniform,
  'exponential by inversion': () => (s) => exponentialByInversion(s, 3),
  'normal by inversion': () => normalByInversion,
  'lognormal by inversion': () => (s) => lognormalByInversion(s, 1, 0.5),
  'Weibull by inversion': () => (s) => weibullByInversion(s, 0.7, 5),
  'Pareto by inversion': () => (s) => paretoByInversion(s, 1.5, 2),
}

/** SHA-256 of the bytes of this many draws of each distribution, and of uniform ones from an antithetic stream. */
export function hashes(count: number): Record<string, string> {
  const hashOf = (stream: RandomStream, draw: Draw) => {
    const values = Float64Array.from({ length: count }, () => draw(stream))
    return bytesToHex(sha256(new Uint8Array(values.buffer)))
  }
  return {
    ...Object.fromEntries(Object.entries(draws).map(([name, draw]) => [name, hashOf(createStream(1, 2, 3), draw())])),
    antithetic: hashOf(createAntitheticStream(1, 2, 3), (s) => s.uniform()),
  }
}
