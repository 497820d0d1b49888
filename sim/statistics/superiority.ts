import { requireValues, type Sample } from './sample.js'

/**
 * The chance that a value of a exceeds one of b, a tie counting half: an effect size that needs no normal values and no unit; 0.5 where neither
 * tends to be larger (Vargha and Delaney, "A critique and improvement of the CL common language effect size statistics", J. Educ. Behav.
 * Stat. 25(2), 2000: their A). 2 A - 1 is Cliff's delta. In n log n.
 */
export function probabilityOfSuperiority(a: Sample, b: Sample): number {
  requireValues('probability of superiority', a, 1)
  requireValues('probability of superiority', b, 1)
  const sorted = Float64Array.from(b).sort()
  let wins = 0
  for (let i = 0; i < a.length; i++) {
    wins += (countWhile(sorted, (value) => value < a[i]!) + countWhile(sorted, (value) => value <= a[i]!)) / 2
  }
  return wins / (a.length * b.length)
}

/** How many values at the start of an ascending array have a property that the later ones lack. */
function countWhile(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
