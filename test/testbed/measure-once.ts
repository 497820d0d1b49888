/** One measurement of a second in a layout of its own, taken again, as a campaign would, where an instrument failed. */
import { expect } from 'vitest'
import { type BuiltLayout, buildLayout } from '../../experiments/testbed/build.js'
import type { Measurement } from '../../experiments/testbed/measurement.js'
import { beginRun } from '../../experiments/testbed/run.js'
import { measureSeries } from '../../experiments/testbed/series.js'
import { layOut } from '../../models/topology/layout.js'
import type { Scenario } from '../../models/topology/scenario.js'

/** A campaign gives a point that an instrument failed on one more, a busy machine a few; what was measured and refuted gets none. */
const MOST_ATTEMPTS = 4

/** @param meddle changes what was built before the traffic */
export async function measureOnce(
  scenario: Scenario,
  meddle?: (built: BuiltLayout) => Promise<unknown>,
  { keepLogs = false }: { readonly keepLogs?: boolean } = {},
): Promise<Measurement> {
  const run = await beginRun({ waitSeconds: 120 })
  try {
    const built = await buildLayout(run, scenario, layOut(scenario))
    expect(built.unsettled).toEqual({})
    await meddle?.(built)
    const reasons: string[] = []
    let found: Measurement | undefined
    while (found === undefined && reasons.length < MOST_ATTEMPTS)
      await measureSeries(run, built, [{ scenario, seconds: 1, keepLogs }], (_, outcome) => {
        if ('reason' in outcome) reasons.push(outcome.reason)
        else found = outcome.measurement
      })
    if (found === undefined) throw new Error(reasons.join('\n'))
    return found
  } finally {
    await run.end()
  }
}
