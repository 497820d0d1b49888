import type { Profile } from '../../models/profiles/profile.js'

/**
 * The profile with some coefficients set to what the reader chose; unchanged (the same object) where nothing differs. Its held-out errors
 * are dropped, because nobody measured such a machine; the covariance stays, which says how well the others are known.
 */
export function changedProfile(profile: Profile, costs: Readonly<Record<string, number>>): Profile {
  if (Object.keys(costs).length === 0) return profile
  return {
    ...profile,
    name: `${profile.name}-what-if`,
    coefficients: profile.coefficients.map((one) =>
      one.name in costs ? { ...one, value: costs[one.name]!, origin: 'assumed' as const } : one,
    ),
    validation: null,
  }
}
