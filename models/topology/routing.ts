/** Routing tables: for every namespace the prefixes that it reaches through others, by the fewest hops over namespaces that forward. */
import { inSubnet, parseSubnet } from './address.js'
import { bareAddress, type Device, type RouteEntry, type Translation } from './devices.js'
import type { Scenario } from './scenario.js'

type Addressed = Device & { readonly address: string }

const isAddressed = (device: Device): device is Addressed => device.address !== undefined

/** Every router and hop; and the hosts that have something to forward: a gateway, routed containers, several links, or a policy. */
export function forwardingNamespaces(scenario: Scenario, devices: readonly Device[], namespaces: readonly string[]): string[] {
  const linksOf = (host: string): number => scenario.links.filter(({ between }) => between.includes(host)).length
  return namespaces.filter((namespace) => {
    if (namespace.startsWith('router.') || namespace.startsWith('hop.')) return true
    const host = namespace.startsWith('host.') ? namespace.slice('host.'.length) : null
    if (host === null) return false
    const isGateway = devices.some(
      (d) => d.namespace === namespace && isAddressed(d) && (d.kind === 'bridge' || (d.kind === 'veth' && prefixOf(d) === 32)),
    )
    return isGateway || linksOf(host) > 1 || scenario.hosts[host]?.policy !== undefined
  })
}

const prefixOf = (device: Addressed): number => Number(device.address.split('/')[1])

/** The prefix that a device is attached to, `10.70.0.0/24`; of a point-to-point device, its own address. */
function destinationOf(device: Addressed): string {
  const { base, prefix } = parseSubnet(device.address)
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${prefix}`
}

/** The devices that a device reaches without anybody forwarding: those of its subnet, or the other end of its pair. */
export function neighboursOf(devices: readonly Device[], device: Device): Addressed[] {
  if (!isAddressed(device)) return []
  return devices.filter(isAddressed).filter((other) => {
    if (other === device || other.namespace === device.namespace) return false
    if (prefixOf(device) === 32) return device.kind === 'veth' && other.namespace === device.peerNamespace && other.name === device.peer
    return prefixOf(other) < 32 && inSubnet(bareAddress(other)!, device.address)
  })
}

export function routesOf(devices: readonly Device[], forwarding: readonly string[], translations: readonly Translation[]): RouteEntry[] {
  if (forwarding.length === 0) return []
  const addressed = devices.filter(isAddressed)
  const goals = goalsOf(addressed, translations)
  const namespaces = [...new Set(addressed.map((device) => device.namespace))]
  return namespaces.flatMap((namespace) => routesFrom(namespace, devices, forwarding, goals))
}

/** Each destination with the namespaces that are attached to it, or that translate it. */
function goalsOf(addressed: readonly Addressed[], translations: readonly Translation[]): Map<string, Set<string>> {
  const goals = new Map<string, Set<string>>()
  const add = (destination: string, namespace: string): void => {
    goals.set(destination, (goals.get(destination) ?? new Set()).add(namespace))
  }
  for (const device of addressed) add(destinationOf(device), device.namespace)
  const isAttached = (address: string): boolean => addressed.some((device) => bareAddress(device) === address)
  for (const { namespace, address } of translations) if (!isAttached(address)) add(`${address}/32`, namespace)
  return goals
}

function routesFrom(
  namespace: string,
  devices: readonly Device[],
  forwarding: readonly string[],
  goals: ReadonlyMap<string, ReadonlySet<string>>,
): RouteEntry[] {
  const first = new Map<string, { readonly device: string; readonly via: string }>()
  const queue = [namespace]
  for (const at of queue) {
    for (const device of devices.filter((one) => one.namespace === at)) {
      for (const next of neighboursOf(devices, device)) {
        if (next.namespace === namespace || first.has(next.namespace)) continue
        const step = at === namespace ? { device: device.name, via: bareAddress(next)! } : first.get(at)!
        first.set(next.namespace, step)
        if (forwarding.includes(next.namespace)) queue.push(next.namespace)
      }
    }
  }
  const order = [...first.keys()]
  const pairs = devices
    .filter((device) => device.namespace === namespace && isAddressed(device) && prefixOf(device) === 32)
    .map((device): RouteEntry => {
      const [peer] = neighboursOf(devices, device)
      return { namespace, destination: `${bareAddress(peer!)}/32`, device: device.name }
    })
  const own = new Set(pairs.map(({ destination }) => destination))
  const further = [...goals].flatMap(([destination, at]): RouteEntry[] => {
    if (at.has(namespace) || own.has(destination)) return []
    const reached = order.find((candidate) => at.has(candidate))
    const step = reached === undefined ? undefined : first.get(reached)
    return step === undefined ? [] : [{ namespace, destination, device: step.device, via: step.via }]
  })
  return [...pairs, ...further]
}
