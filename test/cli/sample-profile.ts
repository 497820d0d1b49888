import { writeFileSync } from 'node:fs'
import { coefficientNames, type Profile } from '../../models/index.js'

/** A profile in which every charge costs 100 ns (0.01 ns a byte), so that what the command prints can be checked by hand. */
export function hundred(changes: Partial<Profile> = {}): Profile {
  const size = coefficientNames.length
  return {
    schema: 'fairway/profile/1',
    name: 'hundred',
    machine: 'no machine, beside rows of an AMD EPYC: numbers for tests',
    dataSet: 'none',
    fitRows: [],
    kernel: { release: '6.18', hz: 250, baseSliceNs: 1_400_000 },
    coefficients: coefficientNames.map((name) =>
      name.endsWith('perByteNs')
        ? { name, value: 0.01, unit: 'ns/B', origin: 'assumed' }
        : { name, value: 100, unit: 'ns', origin: 'assumed' },
    ),
    covariance: Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? variance(coefficientNames[i % size]!) : 0)),
    burstSigma: 0.02,
    interruptions: [],
    validation: null,
    ...changes,
  }
}

export function writeSampleProfile(file: string, changes: Partial<Profile> = {}): void {
  writeFileSync(file, JSON.stringify(hundred(changes)))
}

/** Known to 1 %: 1 ns, and 0.0001 ns a byte. */
const variance = (name: string) => (name.endsWith('perByteNs') ? 1e-8 : 1)
