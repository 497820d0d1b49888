/**
 * The layout of a scenario: the namespaces, devices, addresses, routes and processes that realise it. It is computed once and used twice:
 * the testbed builds exactly this out of the kernel's devices, and the resolver walks exactly this to find a flow's stages.
 */
import { hostAddress, parseSubnet } from './address.js'
import type { Network, Scenario } from './scenario.js'

export interface Namespace {
  /** `host.h1`, `container.server`, `proxy.relay` or `pod.net`. */
  readonly name: string
  readonly machine: string
}

/** One end of a veth pair; both ends are listed, each naming its peer. */
export interface VethEnd {
  readonly kind: 'veth'
  readonly name: string
  readonly namespace: string
  readonly peer: string
  readonly peerNamespace: string
  readonly mtuBytes: number
  /** The bridge that this end is a port of. */
  readonly master?: string
  /** Address with prefix length, `10.70.0.2/24`. */
  readonly address?: string
}

export interface BridgeDevice {
  readonly kind: 'bridge'
  readonly name: string
  readonly namespace: string
  readonly mtuBytes: number
}

/** A VXLAN device: its inner side is in `namespace`, its outer (underlay) side stays in `underlayNamespace`, where it is created. */
export interface VxlanDevice {
  readonly kind: 'vxlan'
  readonly name: string
  readonly namespace: string
  readonly underlayNamespace: string
  readonly vni: number
  readonly local: string
  /** The other host's underlay address: default destination of the forwarding database. */
  readonly remote: string
  readonly mtuBytes: number
  readonly master?: string
  readonly address?: string
}

/** A link that this testbed can't build; it has a rate and a delay and joins two hosts' namespaces. */
export interface PhysicalEnd {
  readonly kind: 'physical'
  readonly name: string
  readonly namespace: string
  readonly peer: string
  readonly peerNamespace: string
  readonly mtuBytes: number
  readonly rateBps: number
  readonly delayNs: number
  readonly master?: undefined
  readonly address?: string
}

export type Device = VethEnd | BridgeDevice | VxlanDevice | PhysicalEnd

/** Where a process of a flow runs, and where it is reached. */
export interface Process {
  readonly name: string
  readonly role: 'endpoint' | 'proxy'
  readonly namespace: string
  readonly machine: string
  readonly core: number
  /** The address by which peers on `network` reach it. */
  readonly addresses: Readonly<Record<string, string>>
}

export interface Layout {
  readonly namespaces: readonly Namespace[]
  readonly devices: readonly Device[]
  readonly processes: readonly Process[]
}

/** An end that joins networks: a container, or a proxy. */
interface End {
  readonly name: string
  readonly role: 'endpoint' | 'proxy'
  readonly host: string
  readonly core: number
  readonly networks: readonly string[]
  readonly bridge: number
}

const LOOPBACK = '127.0.0.1'

function endsOf(scenario: Scenario): End[] {
  const containers = Object.entries(scenario.containers).map(([name, c]): End => ({ name, role: 'endpoint', ...c }))
  const proxies = Object.entries(scenario.proxies).map(([name, p]): End => ({ name, role: 'proxy', networks: [p.network], ...p }))
  return [...containers, ...proxies]
}

function networkNamed(scenario: Scenario, name: string): Network {
  const network = scenario.networks[name]
  if (network === undefined) throw new RangeError(`no network is named ${name}`)
  return network
}

/** The namespace that an end runs in: its own, a pod's, or its host's. */
function namespaceOf(scenario: Scenario, end: End): string {
  for (const name of end.networks) {
    const { driver } = networkNamed(scenario, name)
    if (driver === 'shared') return `pod.${name}`
    if (driver === 'host') return `host.${end.host}`
  }
  return `${end.role === 'proxy' ? 'proxy' : 'container'}.${end.name}`
}

/**
 * @throws RangeError where a scenario can't be laid out: an unknown name, a `veth` network without exactly two ends, a bridge across hosts,
 * an overlay across more than two hosts, hosts without a link between them. The experiment schema reports these first, with their place.
 */
export function layOut(scenario: Scenario): Layout {
  const namespaces = new Map<string, Namespace>()
  const devices: Device[] = []
  const ends = endsOf(scenario)
  const addresses = new Map(ends.map((end): [string, Record<string, string>] => [end.name, {}]))
  const interfaceCount = new Map<string, number>()

  const machineOf = (host: string): string => {
    const found = scenario.hosts[host]
    if (found === undefined) throw new RangeError(`no host is named ${host}`)
    return found.machine
  }
  const interfaceIn = (namespace: string): string => {
    const index = interfaceCount.get(namespace) ?? 0
    interfaceCount.set(namespace, index + 1)
    return `eth${index}`
  }
  for (const host of Object.keys(scenario.hosts)) namespaces.set(`host.${host}`, { name: `host.${host}`, machine: machineOf(host) })
  for (const end of ends) namespaces.set(namespaceOf(scenario, end), { name: namespaceOf(scenario, end), machine: machineOf(end.host) })

  const underlay = layOutLinks(scenario, devices)

  for (const [name, network] of Object.entries(scenario.networks)) {
    const attached = ends.filter((end) => end.networks.includes(name))
    if (attached.length === 0 || network.driver === 'none') continue
    const hosts = [...new Set(attached.map((end) => end.host))]
    const subnet = parseSubnet(network.subnet)
    const addressOf = (end: End): string => hostAddress(subnet, 2 + attached.indexOf(end))
    const record = (end: End, address: string): void => {
      addresses.get(end.name)![name] = address
    }

    switch (network.driver) {
      case 'shared':
        if (hosts.length > 1) throw new RangeError(`network ${name}: a shared namespace stands on one host, not on ${hosts.join(' and ')}`)
        for (const end of attached) record(end, LOOPBACK)
        break

      case 'host':
        for (const end of attached) record(end, hosts.length > 1 ? underlay(end.host, hosts.find((h) => h !== end.host)!) : LOOPBACK)
        break

      case 'veth': {
        const [a, b] = attached
        if (attached.length !== 2 || a === undefined || b === undefined)
          throw new RangeError(`network ${name}: a veth pair joins two ends, not ${attached.length}`)
        const sides = [a, b].map((end) => {
          const namespace = namespaceOf(scenario, end)
          record(end, addressOf(end))
          return { namespace, name: interfaceIn(namespace), address: `${addressOf(end)}/${subnet.prefix}` }
        })
        pushVeth(devices, sides[0]!, sides[1]!, network.mtuBytes)
        break
      }

      case 'bridge': {
        const host = hosts[0]!
        if (hosts.length > 1) throw new RangeError(`network ${name}: a bridge stands on one host, not on ${hosts.join(' and ')}`)
        const namespace = `host.${host}`
        const bridge = (index: number): string => `br.${name}.${index}`
        for (let i = 1; i <= network.bridges; i++) devices.push({ kind: 'bridge', name: bridge(i), namespace, mtuBytes: network.mtuBytes })
        for (let i = 1; i < network.bridges; i++) {
          const left = { namespace, name: `${bridge(i)}.right`, master: bridge(i) }
          pushVeth(devices, left, { namespace, name: `${bridge(i + 1)}.left`, master: bridge(i + 1) }, network.mtuBytes)
        }
        for (const end of attached) {
          record(end, addressOf(end))
          attachToBridge(
            devices,
            namespaceOf(scenario, end),
            interfaceIn,
            end,
            name,
            `${addressOf(end)}/${subnet.prefix}`,
            bridge(end.bridge),
            network.mtuBytes,
          )
        }
        break
      }

      case 'overlay': {
        if (hosts.length > 2) throw new RangeError(`network ${name}: an overlay spans at most two hosts, not ${hosts.length}`)
        for (const host of hosts) {
          const here = attached.filter((end) => end.host === host)
          const other = hosts.find((h) => h !== host)
          const tunnel = other === undefined ? null : { local: underlay(host, other), remote: underlay(other, host) }
          const common = { kind: 'vxlan' as const, underlayNamespace: `host.${host}`, vni: network.vni, mtuBytes: network.mtuBytes }
          if (network.ends === 'direct') {
            const [end] = here
            if (here.length !== 1 || end === undefined)
              throw new RangeError(`network ${name}: without bridges an overlay has one end on each host`)
            if (tunnel === null) throw new RangeError(`network ${name}: without bridges an overlay needs two hosts`)
            const namespace = namespaceOf(scenario, end)
            record(end, addressOf(end))
            devices.push({ ...common, ...tunnel, name: interfaceIn(namespace), namespace, address: `${addressOf(end)}/${subnet.prefix}` })
            continue
          }
          const bridge = `br.${name}`
          devices.push({ kind: 'bridge', name: bridge, namespace: `host.${host}`, mtuBytes: network.mtuBytes })
          if (tunnel !== null) devices.push({ ...common, ...tunnel, name: `vx.${name}`, namespace: `host.${host}`, master: bridge })
          for (const end of here) {
            record(end, addressOf(end))
            attachToBridge(
              devices,
              namespaceOf(scenario, end),
              interfaceIn,
              end,
              name,
              `${addressOf(end)}/${subnet.prefix}`,
              bridge,
              network.mtuBytes,
            )
          }
        }
        break
      }
    }
  }

  const processes = ends.map(
    (end): Process => ({
      name: end.name,
      role: end.role,
      namespace: namespaceOf(scenario, end),
      machine: machineOf(end.host),
      core: end.core,
      addresses: addresses.get(end.name)!,
    }),
  )
  return { namespaces: [...namespaces.values()], devices, processes }
}

interface Side {
  readonly namespace: string
  readonly name: string
  readonly master?: string
  readonly address?: string
}

function pushVeth(devices: Device[], a: Side, b: Side, mtuBytes: number): void {
  devices.push({ kind: 'veth', ...a, peer: b.name, peerNamespace: b.namespace, mtuBytes })
  devices.push({ kind: 'veth', ...b, peer: a.name, peerNamespace: a.namespace, mtuBytes })
}

function attachToBridge(
  devices: Device[],
  namespace: string,
  interfaceIn: (namespace: string) => string,
  end: End,
  network: string,
  address: string,
  bridge: string,
  mtuBytes: number,
): void {
  const inside = { namespace, name: interfaceIn(namespace), address }
  pushVeth(devices, inside, { namespace: `host.${end.host}`, name: `veth.${end.name}.${network}`, master: bridge }, mtuBytes)
}

/** Lays the cables between hosts, each with a /30 of its own; answers with the address of `host` on its link to `other`. */
function layOutLinks(scenario: Scenario, devices: Device[]): (host: string, other: string) => string {
  const found = new Map<string, string>()
  scenario.links.forEach((link, index) => {
    const [a, b] = link.between
    const subnet = parseSubnet(`172.31.${index}.0/30`)
    const sides = [
      { namespace: `host.${a}`, name: `link${index}.${b}`, address: `${hostAddress(subnet, 1)}/30` },
      { namespace: `host.${b}`, name: `link${index}.${a}`, address: `${hostAddress(subnet, 2)}/30` },
    ] as const
    if (link.kind === 'veth') pushVeth(devices, sides[0], sides[1], link.mtuBytes)
    else {
      const rate = { kind: 'physical' as const, mtuBytes: link.mtuBytes, rateBps: link.rateBps ?? 10e9, delayNs: link.delayNs ?? 0 }
      devices.push({ ...rate, ...sides[0], peer: sides[1].name, peerNamespace: sides[1].namespace })
      devices.push({ ...rate, ...sides[1], peer: sides[0].name, peerNamespace: sides[0].namespace })
    }
    if (!found.has(`${a} ${b}`)) found.set(`${a} ${b}`, hostAddress(subnet, 1)).set(`${b} ${a}`, hostAddress(subnet, 2))
  })
  return (host, other) => {
    const address = found.get(`${host} ${other}`)
    if (address === undefined) throw new RangeError(`no link joins hosts ${host} and ${other}`)
    return address
  }
}
