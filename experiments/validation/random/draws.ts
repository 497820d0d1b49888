/** Draws that the compositions share. */
import { exp, log, type RandomStream } from '../../../sim/index.js'

export const chance = (stream: RandomStream, p: number): boolean => stream.uniform() < p
export const pick = <T>(stream: RandomStream, values: readonly T[]): T => values[Math.floor(stream.uniform() * values.length)]!
/** A whole number from `least` to `most`, both included. */
export const between = (stream: RandomStream, least: number, most: number): number =>
  least + Math.floor(stream.uniform() * (most - least + 1))
export const logBetween = (stream: RandomStream, least: number, most: number): number =>
  Math.round(exp(log(least) + stream.uniform() * (log(most) - log(least))))
