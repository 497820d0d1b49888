/** The legs of a flow: client to first proxy, proxy to proxy, last proxy to server; each is one connection with a route there and one back. */
import type { Layout, Process } from './devices.js'
import { isConfined } from './engine.js'
import { layOut } from './layout.js'
import { addressOn, type Route, resolveConnection } from './resolve.js'
import { type CpuQuota, type Flow, isUnix, type Proxy, type Scenario, type SeccompChoice } from './scenario.js'

export interface LegEnd {
  readonly process: Process
  readonly batch: boolean
  readonly noDelay: boolean
  /** In a control group of its own: an engine's container, or one with a quota. */
  readonly isGrouped: boolean
  readonly quota?: CpuQuota
  /** The seccomp filter of its container, with the rules that read arguments; absent where it has none. */
  readonly filter?: { readonly rules: number }
  /** Present where this end is a relay. */
  readonly proxy?: Proxy
}

export interface Leg {
  readonly near: LegEnd
  readonly far: LegEnd
  readonly there: Route
  readonly back: Route
  /** The address that the near end connects to; of a Unix-domain socket, its volume. */
  readonly dialled: string
}

/** From socket to socket: no device, no packet, and no limit to the length of one. */
const WITHIN_KERNEL: Route = { crossings: [], mtuBytes: Number.MAX_SAFE_INTEGER }

/** @throws RangeError for names that the scenario doesn't have, or ends that no route joins. */
export function legsOf(scenario: Scenario, flow: Flow, layout: Layout = layOut(scenario)): Leg[] {
  const names = [flow.from, ...flow.via, flow.to]
  // A relay is the far end of the leg that comes to it, and the near end of the next one.
  const ends = names.map((name) => endNamed(scenario, layout, name, 'far'))
  const filtered = scenario.tcp.bridgeNfCallIptables
  return ends.slice(1).map((far, i): Leg => {
    const near = endNamed(scenario, layout, names[i]!, 'near')
    if (isUnix(flow.transport)) return { near, far, there: WITHIN_KERNEL, back: WITHIN_KERNEL, dialled: flow.volume ?? '' }
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

/** An engine's default profile reads no argument of what instruments and relays call. */
function filterOf(scenario: Scenario, { seccompRules }: SeccompChoice): Pick<LegEnd, 'filter'> {
  if (!isConfined(scenario) || seccompRules === 0) return {}
  return { filter: { rules: seccompRules ?? 0 } }
}

function endNamed(scenario: Scenario, layout: Layout, name: string, side: 'near' | 'far'): LegEnd {
  const process = layout.processes.find((p) => p.name === name)
  if (process === undefined) throw new RangeError(`no container or proxy is named ${name}`)
  const proxy = scenario.proxies[name]
  const end = proxy ?? scenario.containers[name]!
  return {
    process,
    batch: end.policy === 'batch',
    noDelay: end.noDelay === 'server' ? side === 'near' : end.noDelay,
    isGrouped: isConfined(scenario) || end.quota !== undefined,
    ...(end.quota !== undefined && { quota: end.quota }),
    ...filterOf(scenario, end),
    ...(proxy !== undefined && { proxy }),
  }
}
