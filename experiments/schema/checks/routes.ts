/** Packets of every flow get to its server and back: asked of the very layout and routes that are simulated and built. */
import { layOut } from '../../../models/topology/layout.js'
import { legsOf } from '../../../models/topology/legs.js'
import type { Scenario } from '../../../models/topology/scenario.js'
import { isRouted, type Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { mistake } from './report.js'

/** @param scenario of the site, which has no other mistake */
export function checkRoutes(site: Site, scenario: Scenario): readonly ExperimentError[] {
  if (!isRouted(site.draft)) return []
  return Object.entries(scenario.flows).flatMap(([name, flow]) => {
    const reason = reasonOf(() => legsOf(scenario, flow, layOut(scenario)))
    const paths: Path[] = [
      ['flows', name, 'to'],
      ...[flow.to, flow.from].flatMap((end) => ['networks', 'host'].map((key) => ['containers', end, key])),
    ]
    return reason === null ? [] : [mistake(site, paths, messages.noRoute(reason))]
  })
}

function reasonOf(attempt: () => unknown): string | null {
  try {
    attempt()
    return null
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
