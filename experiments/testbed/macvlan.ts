import type { Layout, MacvlanDevice } from '../../models/topology/layout.js'
import { deviceName, hardwareAddress } from './kernel-names.js'

/** The command that makes a macvlan device in bridge mode on its lower device, at once in its own namespace. */
export function addMacvlan(layout: Layout, device: MacvlanDevice, kernelName: (namespace: string) => string): string[] {
  return [
    ...['ip', '-n', kernelName(device.lowerNamespace), 'link', 'add', 'link', deviceName(device.lower), 'name', deviceName(device.name)],
    ...['address', hardwareAddress(layout, device), 'mtu', String(device.mtuBytes), 'netns', kernelName(device.namespace)],
    ...['type', 'macvlan', 'mode', 'bridge'],
  ]
}
