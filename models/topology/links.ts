/** The cables between hosts, and the namespaces that forward on their way. */
import { hostAddress, parseSubnet } from './address.js'
import type { Device, Namespace } from './devices.js'
import type { Link, Scenario } from './scenario.js'
import { pushVeth } from './veth-pair.js'

/** The address of a host towards another one, over as many links as it takes. @throws RangeError where no links join them */
export type Underlay = (host: string, other: string) => string

/** Each stretch of cable has a /30 of its own: the link's first those of the hosts of a cable without hops. */
export function layOutLinks(scenario: Scenario, devices: Device[], namespaces: Map<string, Namespace>): Underlay {
  const towards = new Map<string, { readonly other: string; readonly address: string }[]>(
    Object.keys(scenario.hosts).map((host) => [host, []]),
  )
  scenario.links.forEach((link, index) => {
    const [a, b] = link.between
    const { first, last } = layOutLink(scenario, link, index, devices, namespaces)
    towards.get(a)?.push({ other: b, address: first })
    towards.get(b)?.push({ other: a, address: last })
  })
  return (host, other) => {
    const found = firstStep(towards, host, other)
    if (found === undefined) throw new RangeError(`no link joins hosts ${host} and ${other}`)
    return found
  }
}

function layOutLink(
  scenario: Scenario,
  link: Link,
  index: number,
  devices: Device[],
  namespaces: Map<string, Namespace>,
): { readonly first: string; readonly last: string } {
  const [a, b] = link.between
  const hops = Array.from({ length: link.hops ?? 0 }, (_, i) => `hop.link${index}.${i + 1}`)
  for (const name of hops) namespaces.set(name, { name, machine: scenario.hosts[a]!.machine })
  const stations = [`host.${a}`, ...hops, `host.${b}`]
  const addressAt = (stretch: number, side: 1 | 2): string => hostAddress(parseSubnet(`172.31.${index}.${4 * stretch}/30`), side)
  for (let stretch = 0; stretch < stations.length - 1; stretch++) {
    const isOnly = hops.length === 0
    const near = {
      namespace: stations[stretch]!,
      name: isOnly ? `link${index}.${b}` : `link${index}.up${stretch}`,
      address: `${addressAt(stretch, 1)}/30`,
    }
    const far = {
      namespace: stations[stretch + 1]!,
      name: isOnly ? `link${index}.${a}` : `link${index}.down${stretch}`,
      address: `${addressAt(stretch, 2)}/30`,
    }
    if (link.kind === 'veth') pushVeth(devices, near, far, link.mtuBytes)
    else {
      const rate = { kind: 'physical' as const, mtuBytes: link.mtuBytes, rateBps: link.rateBps ?? 10e9, delayNs: link.delayNs ?? 0 }
      devices.push({ ...rate, ...near, peer: far.name, peerNamespace: far.namespace })
      devices.push({ ...rate, ...far, peer: near.name, peerNamespace: near.namespace })
    }
  }
  return { first: addressAt(0, 1), last: addressAt(stations.length - 2, 2) }
}

/** Breadth first over the links: the address that the first of the fewest links gives the host. */
function firstStep(
  towards: ReadonlyMap<string, readonly { readonly other: string; readonly address: string }[]>,
  host: string,
  goal: string,
): string | undefined {
  const first = new Map<string, string>()
  const queue = [host]
  for (const at of queue) {
    for (const { other, address } of towards.get(at) ?? []) {
      if (other === host || first.has(other)) continue
      first.set(other, at === host ? address : first.get(at)!)
      queue.push(other)
    }
  }
  return first.get(goal)
}
