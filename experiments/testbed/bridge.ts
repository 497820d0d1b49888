import type { BridgeDevice, Layout } from '../../models/topology/layout.js'
import { deviceName, hardwareAddress } from './kernel-names.js'

/**
 * The command that makes a bridge. Set rather than inherited: no spanning tree (ports forward at once), no multicast snooping
 * (no queries of its own in the counters); it learns addresses, as bridges of container engines do.
 */
export function addBridge(layout: Layout, bridge: BridgeDevice, kernelName: (namespace: string) => string): string[] {
  return [
    ...['ip', '-n', kernelName(bridge.namespace), 'link', 'add', 'name', deviceName(bridge.name)],
    ...['address', hardwareAddress(layout, bridge), 'mtu', String(bridge.mtuBytes)],
    ...['type', 'bridge', 'stp_state', '0', 'forward_delay', '0', 'mcast_snooping', '0'],
  ]
}
