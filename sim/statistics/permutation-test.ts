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
