import quantile from '@stdlib/stats-base-dists-t-quantile'
import { notAProbability } from '../messages.js'

/** The number that Student's t with these degrees of freedom stays between, plus and minus, with probability `confidence`. */
export function studentT(confidence: number, degreesOfFreedom: number): number {
  if (!(confidence > 0 && confidence < 1)) throw notAProbability('confidence', confidence)
  return quantile((1 + confidence) / 2, degreesOfFreedom)
}
