/** What joins networks: containers, proxies and routers; and the namespace that each lives in. */
import type { Network, Scenario } from './scenario.js'

export interface End {
  readonly name: string
  readonly role: 'endpoint' | 'proxy' | 'router'
  readonly host: string
  readonly core: number
  readonly networks: readonly string[]
  readonly bridge: number
  /** The container whose namespace it shares. */
  readonly beside?: string
}

export function endsOf(scenario: Scenario): End[] {
  const containers = Object.entries(scenario.containers).map(([name, c]): End => ({ name, role: 'endpoint', ...c }))
  const proxies = Object.entries(scenario.proxies).map(([name, p]): End => ({ name, role: 'proxy', networks: [p.network], ...p }))
  const routers = Object.entries(scenario.routers ?? {}).map(([name, r]): End => ({ name, role: 'router', core: 0, ...r }))
  return [...containers, ...proxies, ...routers]
}

/** @throws RangeError for a name that the scenario doesn't have */
export function networkNamed(scenario: Scenario, name: string): Network {
  const network = scenario.networks[name]
  if (network === undefined) throw new RangeError(`no network is named ${name}`)
  return network
}

const PREFIX: Readonly<Record<End['role'], string>> = { endpoint: 'container', proxy: 'proxy', router: 'router' }

/** The namespace that an end runs in: its own, a pod's, or its host's. */
export function namespaceOf(scenario: Scenario, end: End): string {
  if (end.beside !== undefined) {
    const container = scenario.containers[end.beside]
    if (container === undefined) throw new RangeError(`no container is named ${end.beside}`)
    return namespaceOf(scenario, { name: end.beside, role: 'endpoint', ...container })
  }
  for (const name of end.networks) {
    const { driver } = networkNamed(scenario, name)
    if (driver === 'shared') return `pod.${name}`
    if (driver === 'host') return `host.${end.host}`
  }
  return `${PREFIX[end.role]}.${end.name}`
}
