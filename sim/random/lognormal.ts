import { exp } from '../math.js'
import { normal } from './normal.js'
import type { RandomStream } from './stream.js'

/** A draw whose natural logarithm is normal with mean `mu` and standard deviation `sigma`: median exp(mu), mean exp(mu + sigma^2 / 2). */
export function lognormal(stream: RandomStream, mu: number, sigma: number): number {
  return exp(mu + sigma * normal(stream))
}
