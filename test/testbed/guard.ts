/** The tests that need root and the instruments: asked for by FAIRWAY_TESTBED=1, and required in continuous integration. */
import { missingForMeasuring } from '../../experiments/testbed/doctor.js'

export const testbedWanted = process.env['FAIRWAY_TESTBED'] === '1' || process.env['CI'] === 'true'

/** What enables the tests that are left out otherwise. */
export const testbedCommand = 'FAIRWAY_TESTBED=1 npx vitest run test/testbed   (as root, on Linux)'

/** @throws Error where the tests are wanted and this machine can't run them: they fail then, and are never left out in silence. */
export async function requireTestbed(): Promise<void> {
  const reason = await missingForMeasuring()
  if (reason !== null) throw new Error(`the testbed's tests are wanted here, but ${reason}`)
}
