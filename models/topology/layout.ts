/**
 * The layout of a scenario: the namespaces, devices, addresses, routes and processes that realise it. It is computed once and used twice:
 * the testbed builds exactly this out of the kernel's devices, and the resolver walks exactly this to find a flow's stages.
 */
import type { Scenario } from './scenario.js'

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

/** @throws RangeError where a scenario can't be laid out (a subnet too small, hosts without a link); the schema reports these first. */
export function layOut(scenario: Scenario): Layout {
  void scenario
  throw new Error('to be written')
}
