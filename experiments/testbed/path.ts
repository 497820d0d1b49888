/** Which devices of a layout a flow has to cross, read off the layout alone: what the counters are then held against. */
import type { Device, Layout, VxlanDevice } from '../../models/topology/layout.js'
import type { Flow } from '../../models/topology/scenario.js'
import { addressOf, peerOf, sameSubnet } from './build.js'
import { otherEndOf } from './vxlan.js'

/** A device by its place: `container.client eth0`. */
export type DeviceKey = string

export function deviceKey(namespace: string, name: string): DeviceKey {
  return `${namespace} ${name}`
}

/** The processes that a flow passes, in order: client, proxies, server. */
export function hopsOf(flow: Flow): string[] {
  return [flow.from, ...flow.via, flow.to]
}

/** The address by which the process `to` is reached on a network. */
export function addressOn(layout: Layout, process: string, network: string): string {
  const address = layout.processes.find((candidate) => candidate.name === process)?.addresses[network]
  if (address === undefined) throw new Error(`${process} has no address on network ${network}`)
  return address
}

/** Devices that each leg of the flow crosses, from the client to the server. */
export function devicesOfFlow(layout: Layout, flow: Flow): DeviceKey[] {
  const hops = hopsOf(flow)
  const legs = hops.slice(1).map((to, index) => legDevices(layout, hops[index]!, to, flow.network))
  return [...new Set(legs.flat())]
}

function legDevices(layout: Layout, from: string, to: string, network: string): DeviceKey[] {
  const [source, target] = [from, to].map((name) => layout.processes.find((process) => process.name === name)!)
  if (source!.namespace === target!.namespace) return [deviceKey(source!.namespace, 'lo')]
  const goal = layout.devices.find(
    (device) => device.namespace === target!.namespace && addressOf(device)?.split('/')[0] === addressOn(layout, to, network),
  )
  const start = layout.devices.find(
    (device) =>
      device.namespace === source!.namespace &&
      addressOf(device) !== null &&
      goal !== undefined &&
      sameSubnet(addressOf(device)!, addressOf(goal)!),
  )
  if (start === undefined || goal === undefined) throw new Error(`no devices join ${from} and ${to} on network ${network}`)
  return walk(layout, start, goal)
}

/** Breadth first from one device to another; a tunnel is followed by the devices of its underlay. */
function walk(layout: Layout, start: Device, goal: Device): DeviceKey[] {
  const cameFrom = new Map<Device, Device | null>([[start, null]])
  for (const device of cameFrom.keys()) {
    if (device === goal) break
    for (const next of nextTo(layout, device)) if (!cameFrom.has(next)) cameFrom.set(next, device)
  }
  if (!cameFrom.has(goal)) throw new Error(`nothing joins ${start.name} in ${start.namespace} and ${goal.name} in ${goal.namespace}`)
  const path: Device[] = []
  for (let device: Device | null = goal; device !== null; device = cameFrom.get(device) ?? null) path.unshift(device)
  return path.flatMap((device, index) => {
    const previous = path[index - 1]
    const under = previous?.kind === 'vxlan' && device.kind === 'vxlan' ? underlayDevices(layout, previous, device) : []
    return [...under, deviceKey(device.namespace, device.name)]
  })
}

function nextTo(layout: Layout, device: Device): Device[] {
  const joined: Device[] = []
  if (device.kind === 'veth') joined.push(peerOf(layout, device))
  if (device.kind === 'vxlan') joined.push(otherEndOf(layout, device))
  if (device.kind === 'bridge')
    joined.push(...layout.devices.filter((port) => 'master' in port && port.master === device.name && port.namespace === device.namespace))
  if ('master' in device && device.master !== undefined)
    joined.push(
      ...layout.devices.filter(
        (bridge) => bridge.kind === 'bridge' && bridge.name === device.master && bridge.namespace === device.namespace,
      ),
    )
  return joined
}

function underlayDevices(layout: Layout, tunnel: VxlanDevice, other: VxlanDevice): DeviceKey[] {
  const at = (address: string, namespace: string): Device => {
    const found = layout.devices.find((device) => device.namespace === namespace && addressOf(device)?.split('/')[0] === address)
    if (found === undefined) throw new Error(`no device in ${namespace} has the underlay address ${address}`)
    return found
  }
  return walk(layout, at(tunnel.local, tunnel.underlayNamespace), at(other.local, other.underlayNamespace))
}
