/** What a layout is made of: namespaces, devices with their addresses, routes, translations of addresses, and processes. */
import type { Policy } from './scenario.js'

export interface Namespace {
  /** `host.h1`, `container.server`, `proxy.relay`, `router.r1`, `hop.link0.1` or `pod.net`. */
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
  /**
   * What a program at its ingress sends straight into another namespace: packets for the neighbour with
   * `address` to the peer of `device`.
   */
  readonly redirects?: readonly { readonly address: string; readonly device: string }[]
}

export interface BridgeDevice {
  readonly kind: 'bridge'
  readonly name: string
  readonly namespace: string
  readonly mtuBytes: number
  readonly master?: undefined
  /** The gateway's address, where the host has one on this bridge. */
  readonly address?: string
}

/** A macvlan device in bridge mode: `lower` is the device of the host that it and its siblings share. */
export interface MacvlanDevice {
  readonly kind: 'macvlan'
  readonly name: string
  readonly namespace: string
  readonly lower: string
  readonly lowerNamespace: string
  readonly mtuBytes: number
  readonly master?: undefined
  readonly address?: string
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

export type Device = VethEnd | BridgeDevice | MacvlanDevice | VxlanDevice | PhysicalEnd

/** How a namespace reaches a prefix that none of its devices is attached to; without `via` it is on the device's other end. */
export interface RouteEntry {
  readonly namespace: string
  readonly destination: string
  readonly device: string
  readonly via?: string
}

/** Packets to `address` that a namespace sends on to one of `backends`, chosen at random for each connection. */
export interface Translation {
  readonly namespace: string
  readonly address: string
  readonly backends: readonly string[]
  /** Entries of its kind in the tables; this one stands last. */
  readonly count: number
}

/** What a forwarding namespace lets leave with an address of its own: packets from `prefix`, except within its `bridge`, or to `exceptTo`. */
export interface Masquerade {
  readonly namespace: string
  readonly prefix: string
  readonly bridge?: string
  readonly exceptTo?: string
}

/** A rule of the forward chain that an engine has written: what it lets pass; without a prefix it leads to the rules after it. */
export interface ForwardRule {
  readonly from?: string
  readonly to?: string
  /** Extensions that it calls where the addresses fit. */
  readonly matches?: number
}

/** Where a process of a flow runs, and where it is reached. */
export interface Process {
  readonly name: string
  readonly role: 'endpoint' | 'proxy'
  readonly namespace: string
  readonly machine: string
  readonly core: number
  /** The address by which peers on `network` reach it. */
  readonly addresses: Readonly<Record<string, string>>
  /** The address of its host that it is published on. */
  readonly published?: string
}

export interface Layout {
  readonly namespaces: readonly Namespace[]
  readonly devices: readonly Device[]
  readonly processes: readonly Process[]
  /** Namespaces that forward what is not theirs. */
  readonly forwarding: readonly string[]
  readonly routes: readonly RouteEntry[]
  readonly policies: Readonly<Record<string, Policy>>
  readonly translations: readonly Translation[]
  readonly masquerades: readonly Masquerade[]
  /** What an engine has written into the forward chain of a namespace, in order; absent where none has. */
  readonly forwardRules?: Readonly<Record<string, readonly ForwardRule[]>>
  /** Address of each service. */
  readonly services: Readonly<Record<string, string>>
}

/** The address without its prefix length. */
export function bareAddress(device: { readonly address?: string }): string | undefined {
  return device.address?.split('/')[0]
}
