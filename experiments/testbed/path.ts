/** Which devices a flow's packets have to cross, and which way: what the counters are then held against. */
import type { Device, Layout, Process } from '../../models/topology/layout.js'
import { addressOfServer, addressOnOwn } from '../../models/topology/legs.js'
import { type Crossing, resolveConnection } from '../../models/topology/resolve.js'
import { type Flow, isUnix } from '../../models/topology/scenario.js'

/** A device by its place: `container.client eth0`. */
export type DeviceKey = string

/** What a device of a path counts of its packets: sent ones, received ones, or (a bridge that only forwards) none. */
export interface Counting {
  readonly sends: boolean
  readonly receives: boolean
}

export function deviceKey(namespace: string, name: string): DeviceKey {
  return `${namespace} ${name}`
}

/** The processes that a flow passes, in order: client, proxies, server. */
export function hopsOf(flow: Flow): string[] {
  return [flow.from, ...flow.via, flow.to]
}

/** The address that a flow's last connection is opened to. */
export function dialledAddress(layout: Layout, flow: Flow): string {
  return addressOfServer(layout, flow, processNamed(layout, flow.to))
}

/** Devices that each leg of the flow crosses, from the client to the server. */
export function devicesOfFlow(layout: Layout, flow: Flow): DeviceKey[] {
  return [...countingDevices(layout, flow).keys()]
}

/** The same with what each counts, there and back. */
export function countingDevices(layout: Layout, flow: Flow): Map<DeviceKey, Counting> {
  const counting = new Map<DeviceKey, Counting>()
  const add = (key: DeviceKey, { sends, receives }: Counting): void => {
    const before = counting.get(key)
    counting.set(key, { sends: sends || before?.sends === true, receives: receives || before?.receives === true })
  }
  for (const crossing of crossingsOf(layout, flow)) for (const [key, counted] of devicesOf(layout, crossing)) add(key, counted)
  return counting
}

/** Namespaces that forward the flow's packets, with how often a message and its answer are forwarded there. */
export function forwardingNamespaces(layout: Layout, flow: Flow): Map<string, number> {
  const times = new Map<string, number>()
  for (const { law, namespace } of crossingsOf(layout, flow))
    if (law.stage === 'ip.forward') times.set(namespace, (times.get(namespace) ?? 0) + 1)
  return times
}

function crossingsOf(layout: Layout, flow: Flow): Crossing[] {
  if (isUnix(flow.transport)) return []
  const hops = hopsOf(flow).map((name) => processNamed(layout, name))
  return hops.slice(1).flatMap((far, index) => {
    const dialled = index === hops.length - 2 ? addressOfServer(layout, flow, far) : addressOnOwn(far, flow.network)
    const { there, back } = resolveConnection(layout, hops[index]!, far, dialled, false)
    return [...there.crossings, ...back.crossings]
  })
}

function processNamed(layout: Layout, name: string): Process {
  const process = layout.processes.find((candidate) => candidate.name === name)
  if (process === undefined) throw new Error(`the layout has no process ${name}`)
  return process
}

const SENDS: Counting = { sends: true, receives: false }
const RECEIVES: Counting = { sends: false, receives: true }

function devicesOf(layout: Layout, { law, namespace, device, into }: Crossing): [DeviceKey, Counting][] {
  const key = deviceKey(namespace, device)
  switch (law.stage) {
    case 'veth.transmit': {
      const { peer, peerNamespace } = vethNamed(layout, namespace, device)
      return [
        [key, SENDS],
        [deviceKey(peerNamespace, peer), RECEIVES],
      ]
    }
    case 'loopback.transmit':
      return [[key, { sends: true, receives: true }]]
    case 'bridge.forward':
      return [[key, { sends: false, receives: false }]]
    case 'bridge.input':
    case 'vxlan.decapsulate':
      return [[inner(layout, namespace, device), RECEIVES]]
    case 'bridge.output':
      return [[key, SENDS]]
    case 'macvlan.transmit':
      return [
        [key, SENDS],
        [deviceKey(into!.namespace, into!.device), RECEIVES],
      ]
    case 'bpf.redirect':
      return [[deviceKey(into!.namespace, into!.device), RECEIVES]]
    case 'vxlan.encapsulate':
      return [[inner(layout, namespace, device), SENDS]]
    default:
      return []
  }
}

/** A tunnel's stages run below it, in the underlay's namespace; its device may stand in a container. */
function inner(layout: Layout, namespace: string, device: string): DeviceKey {
  const tunnel = layout.devices.find((one) => one.kind === 'vxlan' && one.underlayNamespace === namespace && one.name === device)
  return deviceKey(tunnel?.namespace ?? namespace, device)
}

function vethNamed(layout: Layout, namespace: string, name: string): Extract<Device, { kind: 'veth' }> {
  const found = layout.devices.find((device) => device.namespace === namespace && device.name === name)
  if (found?.kind !== 'veth') throw new Error(`${name} in ${namespace} is no end of a veth pair`)
  return found
}
