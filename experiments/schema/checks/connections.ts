/** What connections that are opened one after the other can be measured and modelled for: a single flow over TCP, to one container. */
import type { DraftFlow, Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { mistake } from './report.js'

export function checkConnections(site: Site): readonly ExperimentError[] {
  const flows = Object.entries(site.draft.flows ?? {})
  return flows.flatMap(([name, flow]) => (flow?.workload?.kind === 'connect' ? flowErrors(site, ['flows', name], flow, flows.length) : []))
}

function flowErrors(site: Site, here: Path, { transport, to }: DraftFlow, flows: number): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const refuse = (path: Path, expected: string, found: string): void => {
    errors.push(mistake(site, [path, [...here, 'workload', 'kind']], messages.connectNot(expected, found)))
  }
  if (flows > 1) refuse(here, 'the only flow of the experiment', `${flows} flows`)
  if (transport !== undefined && transport !== 'tcp') refuse([...here, 'transport'], 'transport tcp', transport)
  // Its connections would be spread over the backends one by one.
  if (to !== undefined && Object.hasOwn(site.draft.services ?? {}, to))
    refuse([...here, 'to'], 'a container as the server', `service ${to}`)
  return errors
}
