import { log } from '../math.js'
import { notAProbability, tooFewValues } from '../messages.js'

/**
 * Half of the width of a band that encloses the whole distribution function of independent values with this confidence, as a share:
 * sqrt(ln(2 / (1 - confidence)) / (2 n)) (Dvoretzky, Kiefer and Wolfowitz 1956, with the constant of Massart, "The tight constant in the
 * Dvoretzky-Kiefer-Wolfowitz inequality", Annals of Probability 18(3), 1990).
 */
export function dkwHalfWidth(count: number, confidence = 0.95): number {
  if (!(confidence > 0 && confidence < 1)) throw notAProbability('confidence', confidence)
  if (!(count >= 1)) throw tooFewValues('band of a distribution function', 1, count)
  return Math.sqrt(log(2 / (1 - confidence)) / (2 * count))
}
