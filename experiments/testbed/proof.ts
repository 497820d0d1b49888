/** Proof of path: whether the packets of a measured flow crossed the devices that the experiment names, and no others. */
import type { Layout } from '../../models/topology/layout.js'
import type { Flow } from '../../models/topology/scenario.js'
import type { Counters } from './counters.js'
import { type DeviceKey, devicesOfFlow } from './path.js'

export interface Proof {
  readonly verdict: 'proven' | 'refuted'
  /** What speaks against it; empty when proven. */
  readonly objections: readonly string[]
  /** Packets per message of each device that the flow has to cross, there (tx) and back (rx) as the device counts them. */
  readonly crossed: Readonly<Record<DeviceKey, { readonly rxPerMessage: number; readonly txPerMessage: number }>>
  /** Packets on all other devices. */
  readonly elsewhere: Readonly<Record<DeviceKey, number>>
  /** Bytes that each proxy's sockets received per message, both directions. */
  readonly proxyBytesPerMessage: Readonly<Record<string, number>>
}

/** Packets that may stand on a device outside of the path: what is sent once, such as an address announcement. */
const STRAY_PACKETS = 16

/**
 * @param messages completed messages (a request and its reply each)
 * @param proxyBytes bytes that each proxy's sockets received meanwhile
 */
export function prove(
  layout: Layout,
  flow: Flow,
  counted: Counters,
  messages: number,
  proxyBytes: Readonly<Record<string, number>>,
): Proof {
  const expected = devicesOfFlow(layout, flow)
  const bridges = new Set(layout.devices.filter((device) => device.kind === 'bridge').map((device) => `${device.namespace} ${device.name}`))
  const objections: string[] = []
  const crossed: Record<DeviceKey, { rxPerMessage: number; txPerMessage: number }> = {}
  const elsewhere: Record<DeviceKey, number> = {}
  for (const [key, counters] of Object.entries(counted.devices)) {
    // A bridge counts only what it hands to its own host; what it forwards is counted by its ports.
    if (expected.includes(key) && !bridges.has(key)) {
      crossed[key] = { rxPerMessage: counters.rxPackets / messages, txPerMessage: counters.txPackets / messages }
      if (Math.min(counters.rxPackets, counters.txPackets) < messages)
        objections.push(
          `${key} counted ${counters.rxPackets} packets received and ${counters.txPackets} sent, fewer than ${messages} messages`,
        )
    } else {
      elsewhere[key] = counters.rxPackets + counters.txPackets
      if (elsewhere[key] > STRAY_PACKETS) objections.push(`${key} is not on the path and counted ${elsewhere[key]} packets`)
    }
  }
  for (const key of expected) if (counted.devices[key] === undefined) objections.push(`${key} is not there`)
  const proxyBytesPerMessage = Object.fromEntries(Object.entries(proxyBytes).map(([name, bytes]) => [name, bytes / messages]))
  for (const name of flow.via)
    if ((proxyBytesPerMessage[name] ?? 0) < 2 * flow.workload.messageBytes)
      objections.push(`proxy ${name} received ${proxyBytesPerMessage[name] ?? 0} bytes a message, fewer than a request and a reply hold`)
  return {
    verdict: objections.length === 0 ? 'proven' : 'refuted',
    objections,
    crossed,
    elsewhere,
    proxyBytesPerMessage,
  }
}
