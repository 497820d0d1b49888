import { permutationTest as shareAsExtreme } from 'simple-statistics'
import type { RandomStream } from '../random/stream.js'
import { requireValues, type Sample } from './sample.js'

/**
 * Two-sided permutation test of equal distributions, by the difference of means: the probability of one at least as large when the labels
 * mean nothing. The observed labelling counts as one of the permutations, so that p is never 0
 * (Phipson and Smyth, "Permutation p-values should never be zero", Stat. Appl. Genet. Mol. Biol. 9(1), 2010).
 */
export function permutationTest(a: Sample, b: Sample, stream: RandomStream, permutations = 10_000): number {
  requireValues('permutation test', a, 1)
  requireValues('permutation test', b, 1)
  const share = shareAsExtreme(Array.from(a), Array.from(b), 'two_side', permutations, () => stream.uniform())
  return (Math.round(share * permutations) + 1) / (permutations + 1)
}

/**
 * Two-sided permutation test of paired values, by the mean difference: the probability of one at least as large when in each pair it means
 * nothing which value is whose, so that every difference may have either sign (Fisher, "The Design of Experiments", section 21). Of all 2^n ways where
 * they are no more than `permutations`: then p is exact, and at least 2 / 2^n, so that fewer than six pairs can't come below 5 %.
 */
export function pairedPermutationTest(a: Sample, b: Sample, stream: RandomStream, permutations = 10_000): number {
  requireValues('paired permutation test', a, 1)
  requireValues('paired permutation test', b, 1)
  if (a.length !== b.length) throw new RangeError(`paired permutation test: ${a.length} values can't be paired with ${b.length}`)
  const differences = Float64Array.from(a, (value, i) => value - b[i]!)
  const count = differences.length
  // A sum in another order may round to just below the one observed, which it equals.
  const rounding = count * 2 ** -52 * differences.reduce((sum, difference) => sum + Math.abs(difference), 0)
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0)) - rounding
  const ways = 2 ** count
  if (ways <= permutations) {
    let extreme = 0
    for (let way = 0; way < ways; way++) {
      if (Math.abs(differences.reduce((sum, difference, i) => sum + ((way >>> i) & 1 ? -difference : difference), 0)) >= observed) extreme++
    }
    return extreme / ways
  }
  let extreme = 0
  for (let i = 0; i < permutations; i++) {
    if (Math.abs(differences.reduce((sum, difference) => sum + (stream.int32() < 0 ? -difference : difference), 0)) >= observed) extreme++
  }
  return (extreme + 1) / (permutations + 1)
}
