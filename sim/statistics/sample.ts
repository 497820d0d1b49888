import { tooFewValues } from '../messages.js'

/** Values of one quantity, in the order in which they were observed. */
export type Sample = ArrayLike<number>

/** @throws RangeError for fewer values than `needed`, or one that is not finite; `what` names the statistic in the message */
export function requireValues(what: string, values: Sample, needed: number): void {
  if (values.length < needed) throw tooFewValues(what, needed, values.length)
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`${what}: value ${i} is ${values[i]}, expected a finite number`)
  }
}
