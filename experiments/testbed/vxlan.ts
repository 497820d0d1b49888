import type { Device, Layout, VxlanDevice } from '../../models/topology/layout.js'
import { deviceName, hardwareAddress } from './kernel-names.js'

/**
 * The command that makes a VXLAN device: made in the underlay's namespace, so that its outer side stays there, and put into its own.
 * No outer UDP checksum (RFC 7348, section 5: it should be zero), port 4789, no learning: the entries are installed.
 */
export function addVxlan(layout: Layout, tunnel: VxlanDevice, kernelName: (namespace: string) => string): string[] {
  return [
    ...['ip', '-n', kernelName(tunnel.underlayNamespace), 'link', 'add', 'name', deviceName(tunnel.name)],
    ...['address', hardwareAddress(layout, tunnel), 'mtu', String(tunnel.mtuBytes), 'netns', kernelName(tunnel.namespace)],
    ...['type', 'vxlan', 'id', String(tunnel.vni), 'local', tunnel.local, 'remote', tunnel.remote],
    ...['dstport', '4789', 'nolearning', 'noudpcsum'],
  ]
}

/** The commands that tell a VXLAN device which hardware addresses are behind the other one. */
export function addForwardingEntries(layout: Layout, tunnel: VxlanDevice, kernelName: (namespace: string) => string): string[][] {
  return addressesBehind(layout, otherEndOf(layout, tunnel)).map((device) => [
    ...['bridge', '-n', kernelName(tunnel.namespace), 'fdb', 'append', hardwareAddress(layout, device)],
    ...['dev', deviceName(tunnel.name), 'dst', tunnel.remote, 'self', 'permanent'],
  ])
}

export function otherEndOf(layout: Layout, tunnel: VxlanDevice): VxlanDevice {
  const other = layout.devices.find(
    (device) => device.kind === 'vxlan' && device.vni === tunnel.vni && device.local === tunnel.remote && device.remote === tunnel.local,
  )
  if (other?.kind !== 'vxlan') throw new Error(`VXLAN device ${tunnel.name} has no other end at ${tunnel.remote}`)
  return other
}

function addressesBehind(layout: Layout, tunnel: VxlanDevice): Device[] {
  if (tunnel.address !== undefined) return [tunnel]
  const isPort = (namespace: string, name: string) =>
    layout.devices.some(
      (port) =>
        port.kind === 'veth' &&
        port.namespace === namespace &&
        port.name === name &&
        port.namespace === tunnel.namespace &&
        port.master === tunnel.master,
    )
  return layout.devices.filter(
    (device) => device.kind === 'veth' && device.address !== undefined && isPort(device.peerNamespace, device.peer),
  )
}
