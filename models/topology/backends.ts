/** Which backend answers a connection to a service. */
import type { Flow, Scenario } from './scenario.js'

/** The containers that may answer a flow: its server, or every backend of its service. */
export function serversOf(scenario: Scenario, flow: Flow): readonly string[] {
  return flow.service === undefined ? [flow.to] : scenario.services![flow.service]!.backends
}

/** The scenario where a flow's connection is answered by this one of its servers: it is the flow's server, and first among the backends. */
export function answeredBy(scenario: Scenario, name: string, server: string): Scenario {
  const flow = scenario.flows[name]!
  const flows = { ...scenario.flows, [name]: { ...flow, to: server } }
  if (flow.service === undefined) return { ...scenario, flows }
  const { backends, ...service } = scenario.services![flow.service]!
  const ordered = [server, ...backends.filter((backend) => backend !== server)]
  return { ...scenario, flows, services: { ...scenario.services, [flow.service]: { ...service, backends: ordered } } }
}
