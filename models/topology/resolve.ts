/**
 * Routing: what a packet crosses between two processes of a layout. The walk follows addresses and bridge ports as the kernel does;
 * a path is never chosen, it is what routing makes of the topology.
 */
import { bridgeForward, netfilterHook } from '../stages/bridge.js'
import type { CostLaw } from '../stages/law.js'
import { linkTransmit } from '../stages/link.js'
import { loopbackTransmit } from '../stages/loopback.js'
import { vethTransmit } from '../stages/veth.js'
import { vxlanDecapsulate, vxlanEncapsulate } from '../stages/vxlan.js'
import { inSubnet } from './address.js'
import type { Device, Layout, PhysicalEnd, Process, VethEnd, VxlanDevice } from './layout.js'

/** One stage of a path, at the device and in the namespace where it runs. */
export interface Crossing {
  readonly law: CostLaw
  readonly namespace: string
  readonly device: string
  /** A veth pair whose far end is in another namespace. */
  readonly entersNamespace?: boolean
  /** Present on a physical link: what the packet waits for there. */
  readonly link?: { readonly rateBps: number; readonly delayNs: number }
}

export interface Route {
  readonly crossings: readonly Crossing[]
  /** MTU of the device that the sender's own namespace sends on, bytes: it decides the segment size. */
  readonly mtuBytes: number
}

const LOOPBACK_MTU_BYTES = 65536

/** @throws RangeError where the layout has no route between the two processes on this network. */
export function resolveRoute(layout: Layout, from: Process, to: Process, network: string, bridgeNetfilter: boolean): Route {
  const address = to.addresses[network]
  if (address === undefined) throw new RangeError(`${to.name} has no address on network ${network}`)
  const walk = new Walk(layout, bridgeNetfilter)
  const crossings = walk.fromNamespace(from.namespace, to.namespace, address)
  if (crossings === null) throw new RangeError(`no route from ${from.name} to ${to.name} (${address}) on network ${network}`)
  const first = layout.devices.find((device) => device.namespace === from.namespace && device.name === crossings[0]?.device)
  return { crossings, mtuBytes: first?.mtuBytes ?? LOOPBACK_MTU_BYTES }
}

type Port = Exclude<Device, { kind: 'bridge' }>

function vethCrossing(device: VethEnd): Crossing {
  const { name, namespace, peerNamespace } = device
  return { law: vethTransmit, namespace, device: name, entersNamespace: namespace !== peerNamespace }
}

class Walk {
  private readonly visited = new Set<string>()
  private readonly layout: Layout
  private readonly bridgeNetfilter: boolean

  constructor(layout: Layout, bridgeNetfilter: boolean) {
    this.layout = layout
    this.bridgeNetfilter = bridgeNetfilter
  }

  /** IP output: the loopback device for a local address, else the device whose subnet holds the address. */
  fromNamespace(namespace: string, toNamespace: string, address: string): Crossing[] | null {
    if (namespace === toNamespace) return [{ law: loopbackTransmit, namespace, device: 'lo' }]
    for (const device of this.layout.devices) {
      if (device.kind === 'bridge' || device.namespace !== namespace || device.address === undefined) continue
      if (!inSubnet(address, device.address)) continue
      const crossings = this.transmit(device, address)
      if (crossings !== null) return crossings
    }
    return null
  }

  private transmit(device: Port, address: string): Crossing[] | null {
    switch (device.kind) {
      case 'veth':
        return this.arrive([vethCrossing(device)], this.peerOf(device), address)
      case 'physical': {
        const link = { rateBps: device.rateBps, delayNs: device.delayNs }
        return this.arrive([{ law: linkTransmit, namespace: device.namespace, device: device.name, link }], this.peerOf(device), address)
      }
      case 'vxlan':
        return this.tunnel(device, address)
    }
  }

  /** A packet comes in on `device`: it has arrived, or the bridge above forwards it. */
  private arrive(crossed: Crossing[], device: Port, address: string): Crossing[] | null {
    if (device.master === undefined) return device.address?.split('/')[0] === address ? crossed : null
    const bridge = `${device.namespace} ${device.master}`
    if (this.visited.has(bridge)) return null
    this.visited.add(bridge)
    const forward: Crossing[] = [{ law: bridgeForward, namespace: device.namespace, device: device.master }]
    if (this.bridgeNetfilter) forward.push({ law: netfilterHook, namespace: device.namespace, device: device.master })
    for (const port of this.layout.devices) {
      if (port.kind === 'bridge' || port === device || port.namespace !== device.namespace) continue
      if (port.kind === 'physical' || port.master !== device.master) continue
      const rest = this.transmit(port, address)
      if (rest !== null) return [...crossed, ...forward, ...rest]
    }
    this.visited.delete(bridge)
    return null
  }

  private tunnel(device: VxlanDevice, address: string): Crossing[] | null {
    const far = this.layout.devices.find(
      (other): other is VxlanDevice => other.kind === 'vxlan' && other.vni === device.vni && other.local === device.remote,
    )
    if (far === undefined) return null
    const underlay = this.fromNamespace(device.underlayNamespace, far.underlayNamespace, device.remote)
    if (underlay === null) return null
    const outside: Crossing[] = [
      { law: vxlanEncapsulate, namespace: device.underlayNamespace, device: device.name },
      ...underlay,
      { law: vxlanDecapsulate, namespace: far.underlayNamespace, device: far.name },
    ]
    return this.arrive(outside, far, address)
  }

  private peerOf(device: VethEnd | PhysicalEnd): Port {
    const peer = this.layout.devices.find((other) => other.namespace === device.peerNamespace && other.name === device.peer)
    if (peer === undefined || peer.kind === 'bridge') throw new RangeError(`${device.name} has no peer ${device.peer}`)
    return peer
  }
}
