/**
 * A profile for tests, INVENTED: its numbers describe no machine. Each follows from its coefficient's name alone, so that a new coefficient
 * changes no other; all are whole nanoseconds, or whole 64ths of one per byte, so that sums can be made by hand without rounding.
 */
import type { Profile } from '../../models/profiles/profile.js'
import { coefficientNames } from '../../models/stages/index.js'

/** 100 to 1099 ns, or 1/64 to 8/64 ns per byte. */
export function inventedValue(name: string): number {
  let sum = 0
  for (const letter of name) sum += letter.charCodeAt(0)
  return name.endsWith('perByteNs') ? ((sum % 8) + 1) / 64 : (sum % 1000) + 100
}

/** Without noise and interruptions, unless they are asked for. */
export function inventedProfile(changes: Partial<Profile> = {}, values: Readonly<Record<string, number>> = {}): Profile {
  return {
    schema: 'fairway/profile/1',
    name: 'invented',
    machine: 'no machine: numbers for tests',
    dataSet: 'none',
    fitRows: [],
    kernel: { release: 'invented', hz: 250, baseSliceNs: 1_400_000 },
    coefficients: coefficientNames.map((name) => ({
      name,
      value: values[name] ?? inventedValue(name),
      unit: name.endsWith('perByteNs') ? 'ns/B' : 'ns',
      origin: 'assumed',
    })),
    covariance: new Array(coefficientNames.length ** 2).fill(0),
    burstSigma: 0,
    interruptions: [],
    validation: null,
    ...changes,
  }
}

/** A profile in which nothing costs anything: time passes by timers alone. */
export function freeProfile(hz = 250): Profile {
  const profile = inventedProfile({ kernel: { release: 'invented', hz, baseSliceNs: 1_400_000 } })
  return { ...profile, coefficients: profile.coefficients.map((coefficient) => ({ ...coefficient, value: 0 })) }
}
