/** The legs of a flow: client to first proxy, proxy to proxy, last proxy to server; each is one connection with a route there and one back. */
import type { Layout, Process } from './layout.js'
import { layOut } from './layout.js'
import { type Route, resolveRoute } from './resolve.js'
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
}

/** @throws RangeError for names that the scenario doesn't have, or ends that no route joins. */
export function legsOf(scenario: Scenario, flow: Flow, layout: Layout = layOut(scenario)): Leg[] {
  const ends = [flow.from, ...flow.via, flow.to].map((name) => endNamed(scenario, layout, name))
  const filtered = scenario.tcp.bridgeNfCallIptables
  return ends.slice(1).map((far, i): Leg => {
    const near = ends[i]!
    return {
      near,
      far,
      there: resolveRoute(layout, near.process, far.process, flow.network, filtered),
      back: resolveRoute(layout, far.process, near.process, flow.network, filtered),
    }
  })
}

function endNamed(scenario: Scenario, layout: Layout, name: string): LegEnd {
  const process = layout.processes.find((p) => p.name === name)
  if (process === undefined) throw new RangeError(`no container or proxy is named ${name}`)
  const proxy = scenario.proxies[name]
  const end = proxy ?? scenario.containers[name]!
  return { process, batch: end.policy === 'batch', noDelay: end.noDelay, ...(proxy !== undefined && { proxy }) }
}
