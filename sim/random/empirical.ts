import { shares } from './parameters.js'
import type { RandomStream } from './stream.js'

/** Values with the chance of each, laid out so that a draw costs the same for two of them as for a million. */
export interface Empirical {
  readonly values: Float64Array
  /** A draw that lands on cell i takes value i where the fraction of its uniform number is below `keep[i]`, else that of `alias[i]`. */
  readonly keep: Float64Array
  readonly alias: Int32Array
}

/**
 * Prepares a discrete distribution by the alias method (Walker, ACM TOMS 3(3), 1977), in linear time and without the loss of digits
 * (Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE Trans. Softw. Eng. 17(9), 1991).
 * @param values what is drawn
 * @param weights how often each is, in any unit; default: all alike, as for observations drawn again
 * @throws RangeError for no values, a value that is not finite, weights that don't match or can't be
 */
export function prepareEmpirical(values: ArrayLike<number>, weights?: ArrayLike<number>): Empirical {
  const count = values.length
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`empirical: value ${i} must be finite, got ${values[i]}`)
  }
  if (weights !== undefined && weights.length !== count) {
    throw new RangeError(`empirical: ${count} values need as many weights, got ${weights.length}`)
  }
  const scaled = shares('empirical', weights ?? new Float64Array(count).fill(1)).map((share) => share * count)
  const keep = new Float64Array(count).fill(1)
  const alias = Int32Array.from({ length: count }, (_, i) => i)
  const small: number[] = []
  const large: number[] = []
  for (let i = 0; i < count; i++) (scaled[i]! < 1 ? small : large).push(i)
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop()!
    const rich = large.pop()!
    keep[poor] = scaled[poor]!
    alias[poor] = rich
    scaled[rich] = scaled[rich]! + scaled[poor]! - 1
    if (scaled[rich]! < 1) small.push(rich)
    else large.push(rich)
  }
  return { values: Float64Array.from(values), keep, alias }
}

/** A draw from a prepared distribution: one uniform number, whose whole part is the cell and whose fraction chooses in it. */
export function empirical(stream: RandomStream, { values, keep, alias }: Empirical): number {
  const at = stream.uniform() * values.length
  const cell = Math.floor(at)
  return values[at - cell < keep[cell]! ? cell : alias[cell]!]!
}
