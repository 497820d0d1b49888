/** The devices of each network driver: how its ends are joined, and under which address each is reached. */
import { hostAddress, parseSubnet, type Subnet } from './address.js'
import type { Device } from './devices.js'
import { type End, namespaceOf } from './ends.js'
import { bridgeName, hasGateway } from './engine.js'
import type { Underlay } from './links.js'
import type { Network, Scenario } from './scenario.js'
import { pushVeth } from './veth-pair.js'

const LOOPBACK = '127.0.0.1'

/** One network of a layout under construction. */
export interface Site {
  readonly scenario: Scenario
  readonly name: string
  readonly network: Network
  /** The containers, proxies and routers on it. */
  readonly attached: readonly End[]
  readonly devices: Device[]
  readonly underlay: Underlay
  /** The next free name of an interface in a namespace. */
  readonly interfaceIn: (namespace: string) => string
  /** Notes the address by which an end is reached on this network. */
  readonly record: (end: End, address: string) => void
}

/** @throws RangeError where the network's ends don't fit its driver; the experiment schema reports these first, with their place */
export function layOutNetwork(site: Site): void {
  const { name, network, attached, underlay, record } = site
  const hosts = hostsOf(site)
  switch (network.driver) {
    case 'none':
      return
    case 'shared':
      if (hosts.length > 1) throw new RangeError(`network ${name}: a shared namespace stands on one host, not on ${hosts.join(' and ')}`)
      for (const end of attached) record(end, LOOPBACK)
      return
    case 'host':
      for (const end of attached) record(end, hosts.length > 1 ? underlay(end.host, hosts.find((h) => h !== end.host)!) : LOOPBACK)
      return
    case 'veth':
      vethPair(site)
      return
    case 'bridge':
      bridges(site)
      return
    case 'routed':
      routed(site)
      return
    case 'macvlan':
      macvlan(site)
      return
    case 'ebpf-redirect':
      redirected(site)
      return
    case 'overlay':
      overlay(site, hosts)
      return
  }
}

/** The first address of a network: its gateway's. */
export function gatewayOf({ subnet }: Network): string {
  return hostAddress(parseSubnet(subnet), 1)
}

function hostsOf({ attached }: Site): string[] {
  return [...new Set(attached.map((end) => end.host))]
}

function oneHost(site: Site, what: string): string {
  const [host, ...others] = hostsOf(site)
  if (host === undefined || others.length > 0)
    throw new RangeError(`network ${site.name}: ${what} stands on one host, not on ${hostsOf(site).join(' and ')}`)
  return `host.${host}`
}

const subnetOf = ({ network }: Site): Subnet => parseSubnet(network.subnet)

/** The address of an end on its network, noted; the first is kept for a gateway. */
function addressed(site: Site, end: End, prefix: number = subnetOf(site).prefix): string {
  const address = hostAddress(subnetOf(site), 2 + site.attached.indexOf(end))
  site.record(end, address)
  return `${address}/${prefix}`
}

/** The inside of an end: an interface of its namespace, with its address. */
function inside(site: Site, end: End, prefix?: number) {
  const namespace = namespaceOf(site.scenario, end)
  const address = addressed(site, end, prefix)
  return { namespace, name: site.interfaceIn(namespace), address }
}

function vethPair(site: Site): void {
  const { attached, name, devices, network } = site
  const [a, b] = attached
  if (attached.length !== 2 || a === undefined || b === undefined)
    throw new RangeError(`network ${name}: a veth pair joins two ends, not ${attached.length}`)
  pushVeth(devices, inside(site, a), inside(site, b), network.mtuBytes)
}

function bridges(site: Site): void {
  const { attached, name, devices, network, scenario } = site
  const namespace = oneHost(site, 'a bridge')
  const bridge = (index: number): string => bridgeName(scenario, name, index)
  for (let i = 1; i <= network.bridges; i++) {
    const address = i === 1 && hasGateway(scenario, network) ? { address: `${gatewayOf(network)}/${subnetOf(site).prefix}` } : {}
    devices.push({ kind: 'bridge', name: bridge(i), namespace, mtuBytes: network.mtuBytes, ...address })
  }
  for (let i = 1; i < network.bridges; i++) {
    const left = { namespace, name: `${bridge(i)}.right`, master: bridge(i) }
    pushVeth(devices, left, { namespace, name: `${bridge(i + 1)}.left`, master: bridge(i + 1) }, network.mtuBytes)
  }
  for (const end of attached) attachToBridge(site, end, bridge(end.bridge))
}

function attachToBridge(site: Site, end: End, bridge: string): void {
  const outside = { namespace: `host.${end.host}`, name: `veth.${end.name}.${site.name}`, master: bridge }
  pushVeth(site.devices, inside(site, end), outside, site.network.mtuBytes)
}

/** As a point-to-point plugin does it: each end has a pair of its own into its host, and no neighbours but that one. */
function routed(site: Site): void {
  for (const end of site.attached) {
    const outside = { namespace: `host.${end.host}`, name: `veth.${end.name}.${site.name}`, address: `${gatewayOf(site.network)}/32` }
    pushVeth(site.devices, inside(site, end, 32), outside, site.network.mtuBytes)
  }
}

/** The lower device is one end of a veth pair whose other end nothing uses: this testbed has no network card to share. */
function macvlan(site: Site): void {
  const { attached, name, devices, network } = site
  const lowerNamespace = oneHost(site, 'a macvlan')
  const lower = `mv.${name}`
  pushVeth(devices, { namespace: lowerNamespace, name: lower }, { namespace: lowerNamespace, name: `${lower}.far` }, network.mtuBytes)
  for (const end of attached) devices.push({ kind: 'macvlan', ...inside(site, end), lower, lowerNamespace, mtuBytes: network.mtuBytes })
}

/** Pairs into the host as on a bridge; a program at each one's ingress there sends packets straight into the other ends' namespaces. */
function redirected(site: Site): void {
  const { attached, name, devices, network } = site
  const namespace = oneHost(site, 'a network whose packets are redirected')
  const outsideOf = (end: End): string => `veth.${end.name}.${name}`
  const addressOf = (end: End): string => hostAddress(subnetOf(site), 2 + attached.indexOf(end))
  for (const end of attached) {
    const redirects = attached.filter((other) => other !== end).map((other) => ({ address: addressOf(other), device: outsideOf(other) }))
    pushVeth(devices, inside(site, end), { namespace, name: outsideOf(end), redirects }, network.mtuBytes)
  }
}

function overlay(site: Site, hosts: readonly string[]): void {
  const { attached, name, devices, network, underlay } = site
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
      devices.push({ ...common, ...tunnel, ...inside(site, end) })
      continue
    }
    const bridge = `br.${name}`
    devices.push({ kind: 'bridge', name: bridge, namespace: `host.${host}`, mtuBytes: network.mtuBytes })
    if (tunnel !== null) devices.push({ ...common, ...tunnel, name: `vx.${name}`, namespace: `host.${host}`, master: bridge })
    for (const end of here) attachToBridge(site, end, bridge)
  }
}
