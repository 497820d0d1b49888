import { hashText } from '../../sim/index.js'
import { coefficientNames, optionalCoefficients } from '../stages/index.js'
import type { LongerThan, Profile } from './profile.js'

/** The profile's content address: any changed number changes it. Held-out errors found later are not part of it. */
export function profileHash(profile: Profile): string {
  return hashText(JSON.stringify({ ...profile, validation: null }))
}

/**
 * Checks a parsed profile file.
 * @throws RangeError that names the first thing wrong with it
 */
export function readProfile(json: unknown): Profile {
  if (typeof json !== 'object' || json === null || (json as { schema?: unknown }).schema !== 'fairway/profile/1') {
    throw new RangeError('not a profile: its "schema" must be "fairway/profile/1"')
  }
  const profile = json as Profile
  if (!Array.isArray(profile.coefficients)) throw new RangeError('not a profile: it has no list "coefficients"')
  const names = new Set(profile.coefficients.map((c) => c.name))
  const missing = coefficientNames.filter((name) => !names.has(name) && !optionalCoefficients.has(name))
  if (missing.length > 0) throw new RangeError(`profile ${profile.name} lacks the coefficients ${missing.join(', ')}: calibrate it again`)
  for (const { name, value } of profile.coefficients) {
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`profile ${profile.name}: coefficient ${name} must be 0 or more, got ${value}`)
  }
  const deviation = profile.modelDeviation ?? 0
  if (!Number.isFinite(deviation) || deviation < 0)
    throw new RangeError(`profile ${profile.name}: modelDeviation must be 0 or more, got ${deviation}`)
  for (const { name, lengths } of profile.interruptions) {
    if (!isFalling(lengths))
      throw new RangeError(
        `profile ${profile.name}: interruption ${name} must have "lengths" [{ ns, share }], ns rising and share falling from 1: calibrate it again`,
      )
  }
  for (const { workload, points, medianError, worstError } of profile.validation?.byWorkload ?? []) {
    if (!(points > 0 && medianError >= 0 && worstError >= medianError))
      throw new RangeError(
        `profile ${profile.name}: validation of ${workload} must have points, and errors of 0 or more: validate it again`,
      )
  }
  if (profile.covariance.length !== profile.coefficients.length ** 2) {
    throw new RangeError(
      `profile ${profile.name}: the covariance of ${profile.coefficients.length} coefficients has ${profile.coefficients.length ** 2} entries, got ${profile.covariance.length}`,
    )
  }
  return profile
}

function isFalling(lengths: readonly LongerThan[] | undefined): boolean {
  if (!Array.isArray(lengths) || lengths.length === 0 || lengths[0]!.share !== 1) return false
  return lengths.every(({ ns, share }, i) => ns > 0 && share > 0 && (i === 0 || (ns > lengths[i - 1]!.ns && share < lengths[i - 1]!.share)))
}
