/** A simulated value with its interval: chance over the replications, and what the profile's uncertainty adds to first order. */
import type { Profile } from '../models/profiles/profile.js'
import { meanHalfWidth } from '../sim/statistics/index.js'

export const confidence = 0.95

/** Quantile of the normal distribution for a two-sided 95 % interval; the profile's covariance is that of an asymptotically normal fit. */
const normalQuantile = 1.959963984540054

/** Half of Student's 95 % interval of the mean, 0 for a single value, which knows nothing of chance. */
export function chanceHalfWidth(values: readonly number[]): number {
  return values.length < 2 ? 0 : meanHalfWidth(values, confidence)
}

/**
 * Half of the 95 % interval that the profile gives a quantity, to first order: the normal quantile times sqrt(g' C g + (d g' c)^2). `gradient` g
 * holds the quantity's derivative by each coefficient (how often it is charged; coefficients that it lacks count as 0), C is their covariance, c
 * their values, and d the model's own deviation, by which a path as a whole is too dear or too cheap.
 */
export function calibrationHalfWidth(profile: Profile, gradient: Readonly<Record<string, number>>): number {
  const size = profile.coefficients.length
  const derivatives = profile.coefficients.map(({ name }) => gradient[name] ?? 0)
  let variance = 0
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) variance += derivatives[i]! * derivatives[j]! * (profile.covariance[i * size + j] ?? 0)
  }
  const cost = derivatives.reduce((sum, count, i) => sum + count * profile.coefficients[i]!.value, 0)
  return normalQuantile * Math.sqrt(Math.max(0, variance) + ((profile.modelDeviation ?? 0) * cost) ** 2)
}

/** Chance and calibration are independent, so their half-widths add as squares. */
export function totalHalfWidth(chance: number, calibration: number): number {
  return Math.sqrt(chance * chance + calibration * calibration)
}
