/** One segment below IP: from a device to the one that has an address, over pairs, bridges, siblings, redirects and tunnels. */
import { bpfRedirect } from '../stages/bpf.js'
import { bridgeForward, bridgeInput, bridgeOutput, netfilterHook } from '../stages/bridge.js'
import { linkTransmit } from '../stages/link.js'
import { macvlanTransmit } from '../stages/macvlan.js'
import { vethTransmit } from '../stages/veth.js'
import { vxlanDecapsulate, vxlanEncapsulate } from '../stages/vxlan.js'
import type { Crossing } from './crossing.js'
import { type BridgeDevice, bareAddress, type Device, type Layout, type PhysicalEnd, type VethEnd, type VxlanDevice } from './devices.js'
import type { Hooks } from './hooks.js'

export interface Arrived {
  readonly crossings: Crossing[]
  readonly at: Device
  readonly mtuBytes: number
}

type Underlay = (namespace: string, local: string, remote: string) => { readonly crossings: Crossing[]; readonly mtuBytes: number } | null

const NO_LIMIT = Number.POSITIVE_INFINITY

export class Segment {
  private readonly visited = new Set<string>()

  constructor(
    private readonly layout: Layout,
    private readonly hooks: Hooks,
    private readonly bridgeNetfilter: boolean,
    private readonly underlay: Underlay,
  ) {}

  /** @returns the device that has the address and what was crossed up to there; null where this segment doesn't lead to it */
  transmit(device: Device, address: string): Arrived | null {
    switch (device.kind) {
      case 'veth':
        return this.arrive([vethCrossing(device)], this.peerOf(device), address)
      case 'physical': {
        const link = { rateBps: device.rateBps, delayNs: device.delayNs }
        return this.arrive([{ law: linkTransmit, namespace: device.namespace, device: device.name, link }], this.peerOf(device), address)
      }
      case 'bridge':
        return this.fromBridge([{ law: bridgeOutput, namespace: device.namespace, device: device.name }], device, null, address)
      case 'macvlan': {
        const sibling = this.layout.devices.find(
          (other) =>
            other.kind === 'macvlan' &&
            other.lower === device.lower &&
            other.lowerNamespace === device.lowerNamespace &&
            bareAddress(other) === address,
        )
        if (sibling === undefined) return null
        const crossings = [{ law: macvlanTransmit, namespace: device.namespace, device: device.name, into: placeOf(sibling) }]
        return { crossings, at: sibling, mtuBytes: NO_LIMIT }
      }
      case 'vxlan':
        return this.tunnel(device, address)
    }
  }

  /** A packet comes in on `device`: it has arrived, is redirected, or the bridge above takes it. */
  private arrive(crossed: Crossing[], device: Device, address: string, mtuBytes = NO_LIMIT): Arrived | null {
    if (device.kind === 'veth' && device.redirects !== undefined) return this.redirect(crossed, device, address)
    if (device.master === undefined) return bareAddress(device) === address ? { crossings: crossed, at: device, mtuBytes } : null
    const bridge = this.layout.devices.find(
      (one): one is BridgeDevice => one.kind === 'bridge' && one.namespace === device.namespace && one.name === device.master,
    )
    if (bridge === undefined) return null
    const here = { namespace: device.namespace, device: bridge.name }
    const hook: Crossing[] = this.bridgeNetfilter ? [{ law: netfilterHook, ...here }] : []
    if (bareAddress(bridge) === address) return { crossings: [...crossed, { law: bridgeInput, ...here }, ...hook], at: bridge, mtuBytes }
    const bridged = this.bridgeNetfilter ? this.hooks.bridged(here.namespace, here.device, address) : []
    return this.fromBridge([...crossed, { law: bridgeForward, ...here }, ...hook, ...bridged], bridge, device, address, mtuBytes)
  }

  private fromBridge(crossed: Crossing[], bridge: BridgeDevice, from: Device | null, address: string, mtuBytes = NO_LIMIT): Arrived | null {
    const key = `${bridge.namespace} ${bridge.name}`
    if (this.visited.has(key)) return null
    this.visited.add(key)
    for (const port of this.layout.devices) {
      if (port === from || port.namespace !== bridge.namespace || port.master !== bridge.name) continue
      const rest = this.transmit(port, address)
      if (rest !== null) return { crossings: [...crossed, ...rest.crossings], at: rest.at, mtuBytes: Math.min(mtuBytes, rest.mtuBytes) }
    }
    this.visited.delete(key)
    return null
  }

  private redirect(crossed: Crossing[], device: VethEnd, address: string): Arrived | null {
    const target = device.redirects!.find((one) => one.address === address)
    const port = this.layout.devices.find(
      (one): one is VethEnd => one.kind === 'veth' && one.namespace === device.namespace && one.name === target?.device,
    )
    if (port === undefined) return null
    const at = this.peerOf(port)
    const crossings = [...crossed, { law: bpfRedirect, namespace: device.namespace, device: device.name, into: placeOf(at) }]
    return { crossings, at, mtuBytes: NO_LIMIT }
  }

  private tunnel(device: VxlanDevice, address: string): Arrived | null {
    const far = this.layout.devices.find(
      (other): other is VxlanDevice => other.kind === 'vxlan' && other.vni === device.vni && other.local === device.remote,
    )
    if (far === undefined) return null
    const underlay = this.underlay(device.underlayNamespace, device.local, device.remote)
    if (underlay === null) return null
    const outside: Crossing[] = [
      { law: vxlanEncapsulate, namespace: device.underlayNamespace, device: device.name },
      ...underlay.crossings.map((crossing) => ({ ...crossing, isTunnelled: true as const })),
      { law: vxlanDecapsulate, namespace: far.underlayNamespace, device: far.name },
    ]
    return this.arrive(outside, far, address, underlay.mtuBytes)
  }

  private peerOf(device: VethEnd | PhysicalEnd): Device {
    const peer = this.layout.devices.find((other) => other.namespace === device.peerNamespace && other.name === device.peer)
    if (peer === undefined) throw new RangeError(`${device.name} has no peer ${device.peer}`)
    return peer
  }
}

const placeOf = ({ namespace, name }: Device) => ({ namespace, device: name })

function vethCrossing(device: VethEnd): Crossing {
  const { name, namespace, peerNamespace } = device
  return { law: vethTransmit, namespace, device: name, entersNamespace: namespace !== peerNamespace }
}
