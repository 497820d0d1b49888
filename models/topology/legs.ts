/** The legs of a flow: client to first proxy, proxy to proxy, last proxy to server; each is one connection with a route there and one back. */
import type { Layout, Process } from './devices.js'
import { layOut } from './layout.js'
import { addressOn, type Route, resolveConnection } from './resolve.js'
import type { Flow, Proxy, Scenario } from './scenario.js'

export interface LegEnd {
  readonly process: Process
  readonly batch: boolean
  readonly noDelay: boolean
  /** Present where this end is a relay. */
  readonly proxy?: Proxy
}

export interface Leg {
  readonly near: LegEnd
  readonly far: LegEnd
  readonly there: Route
  readonly back: Route
  /** The address that the near end connects to. */
  readonly dialled: string
}

/** @throws RangeError for names that the scenario doesn't have, or ends that no route joins. */
export function legsOf(scenario: Scenario, flow: Flow, layout: Layout = layOut(scenario)): Leg[] {
  const ends = [flow.from, ...flow.via, flow.to].map((name) => endNamed(scenario, layout, name))
  const filtered = scenario.tcp.bridgeNfCallIptables
  return ends.slice(1).map((far, i): Leg => {
    const near = ends[i]!
    const isLast = i === ends.length - 2
    const dialled = isLast ? addressOfServer(layout, flow, far.process) : addressOnOwn(far.process, flow.network)
    const { there, back } = resolveConnection(layout, near.process, far.process, dialled, filtered)
    return { near, far, there, back, dialled }
  })
}

/** The address by which a flow calls its server: its own, its host's (published), or its service's. */
export function addressOfServer(layout: Layout, flow: Flow, server: Process): string {
  if (flow.service !== undefined) {
    const address = layout.services[flow.service]
    if (address === undefined) throw new RangeError(`no service is named ${flow.service}`)
    return address
  }
  if (flow.published !== true) return addressOn(server, flow.network)
  if (server.published === undefined) throw new RangeError(`${server.name} publishes no port on its host`)
  return server.published
}

/** A relay's address on the flow's network, or on the only one that it has. */
export function addressOnOwn(process: Process, network: string): string {
  return process.addresses[network] ?? Object.values(process.addresses)[0] ?? addressOn(process, network)
}

function endNamed(scenario: Scenario, layout: Layout, name: string): LegEnd {
  const process = layout.processes.find((p) => p.name === name)
  if (process === undefined) throw new RangeError(`no container or proxy is named ${name}`)
  const proxy = scenario.proxies[name]
  const end = proxy ?? scenario.containers[name]!
  return { process, batch: end.policy === 'batch', noDelay: end.noDelay, ...(proxy !== undefined && { proxy }) }
}
