/**
 * Adds to a profile the coefficients that it lacks, from rows that another machine has measured (or this one on another day): what the profile has
 * stays as it is. How much faster that machine is, is told by its rows of paths that the profile knows, the references: each row is multiplied by
 * the median of predicted over measured there. That costs of one kind scale like those of all others is an assumption; the references' scatter
 * around their median is part of the new coefficients' variance.
 */
import { Matrix, solve } from 'ml-matrix'
import { quantiles } from '../../sim/index.js'
import type { Coefficient, Profile } from '../profiles/profile.js'
import { coefficientNames } from '../stages/index.js'
import { designRow, MODEL_DEVIATION, nonNegative, type Observation, withValues } from './fit.js'
import { priorBeliefs } from './prior.js'

export interface Extension {
  readonly profile: Profile
  /** Time of the profile's machine over time of the rows' machine. */
  readonly scale: number
  /** Rows that told the scale. */
  readonly references: number
  readonly added: readonly string[]
  /** In the rows' own time. */
  readonly residuals: readonly { readonly label: string; readonly measuredNs: number; readonly fittedNs: number }[]
}

const ITERATIONS = 4
/** A normal variable's median absolute value times this is its standard deviation. */
const MAD_IN_DEVIATIONS = 1.4826

/** @throws RangeError where no row is of a path that the profile knows, or none is of one that it doesn't */
export function extendProfile(profile: Profile, observations: readonly Observation[]): Extension {
  const known = new Map(profile.coefficients.map((coefficient) => [coefficient.name, coefficient]))
  const beliefs = priorBeliefs()
  const isNew = coefficientNames.map((name) => !known.has(name))
  let values = coefficientNames.map((name, i) => known.get(name)?.value ?? beliefs[i]!.mean)
  const designOf = () => observations.map((observation) => designRow(observation, withValues(profile, values)))
  let design = designOf()
  const addsTo = design.map(({ charges }) => charges.some((count, i) => isNew[i]! && count !== 0))
  const fitted = (row: number): number =>
    design[row]!.offsetNs + design[row]!.charges.reduce((sum, count, i) => sum + count * values[i]!, 0)
  const ratios = observations.flatMap(({ valueNs }, row) => (addsTo[row]! ? [] : [fitted(row) / valueNs]))
  if (ratios.length === 0) throw new RangeError('no row is of a path that the profile knows: nothing tells how its machine compares')
  const charged = coefficientNames.flatMap((_, i) => (isNew[i]! && design.some(({ charges }) => charges[i] !== 0) ? [i] : []))
  if (charged.length === 0) throw new RangeError(`profile ${profile.name} knows every stage of these rows already`)
  const scale = quantiles(ratios, [0.5])[0]!
  const scatter =
    (MAD_IN_DEVIATIONS *
      quantiles(
        ratios.map((ratio) => Math.abs(ratio - scale)),
        [0.5],
      )[0]!) /
    scale

  let covariance = Matrix.zeros(charged.length, charged.length)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    design = designOf()
    const normal = Matrix.zeros(charged.length, charged.length)
    const right = Matrix.zeros(charged.length, 1)
    charged.forEach((coefficient, i) => {
      const { mean, deviation } = beliefs[coefficient]!
      normal.set(i, i, 1 / deviation ** 2)
      right.set(i, 0, mean / deviation ** 2)
    })
    observations.forEach(({ valueNs, deviationNs }, row) => {
      if (!addsTo[row]!) return
      const { charges, offsetNs } = design[row]!
      const value = valueNs * scale
      const variance = (deviationNs * scale) ** 2 + (MODEL_DEVIATION ** 2 + scatter ** 2) * value ** 2
      const target = value - offsetNs - charges.reduce((sum, count, i) => sum + (isNew[i]! ? 0 : count * values[i]!), 0)
      charged.forEach((a, i) => {
        right.set(i, 0, right.get(i, 0) + (charges[a]! * target) / variance)
        charged.forEach((b, j) => {
          normal.set(i, j, normal.get(i, j) + (charges[a]! * charges[b]!) / variance)
        })
      })
    })
    const solution = nonNegative(normal, right)
    values = values.map((value, i) => (charged.includes(i) ? solution[charged.indexOf(i)]! : value))
    covariance = solve(normal, Matrix.eye(charged.length))
  }
  return {
    profile: extended(profile, charged, values, covariance, observations),
    scale,
    references: ratios.length,
    added: charged.map((i) => coefficientNames[i]!),
    residuals: observations.map(({ label, valueNs }, row) => ({ label, measuredNs: valueNs, fittedNs: fitted(row) / scale })),
  }
}

/** Coefficients in the order of the laws; nothing is known of how new ones vary with old ones. */
function extended(
  profile: Profile,
  charged: readonly number[],
  values: readonly number[],
  covariance: Matrix,
  observations: readonly Observation[],
): Profile {
  const size = profile.coefficients.length
  const kept = coefficientNames.flatMap((name, i) => {
    const old = profile.coefficients.findIndex((coefficient) => coefficient.name === name)
    const added = charged.indexOf(i)
    return old < 0 && added < 0 ? [] : [{ name, old, added }]
  })
  const coefficients = kept.map(
    ({ name, old, added }): Coefficient =>
      old >= 0
        ? profile.coefficients[old]!
        : { name, value: values[charged[added]!]!, unit: name.endsWith('perByteNs') ? 'ns/B' : 'ns', origin: 'transferred' },
  )
  return {
    ...profile,
    coefficients,
    covariance: kept.flatMap((a) =>
      kept.map((b) => {
        if (a.old >= 0 && b.old >= 0) return profile.covariance[a.old * size + b.old]!
        return a.added >= 0 && b.added >= 0 ? covariance.get(a.added, b.added) : 0
      }),
    ),
    fitRows: [...new Set([...profile.fitRows, ...observations.map(({ rowId }) => rowId)])].sort(),
  }
}
