import { endsOf, namespaceOf } from '../../../models/topology/ends.js'
import type { Device, Layout } from '../../../models/topology/layout.js'
import type { Scenario } from '../../../models/topology/scenario.js'

/** One end's device on one network: what an engine is asked for. */
export interface Attachment {
  readonly end: string
  readonly host: string
  readonly network: string
  readonly device: Device
}

/** Every device that an engine makes inside of a container's namespace, in the order of the ends and of their networks. */
export function attachmentsOf(scenario: Scenario, layout: Layout): Attachment[] {
  return endsOf(scenario).flatMap((end) => {
    const namespace = namespaceOf(scenario, end)
    const own = layout.devices.filter((device) => device.namespace === namespace)
    return end.networks.flatMap((network): Attachment[] => {
      const address = layout.processes.find((process) => process.name === end.name)?.addresses[network]
      const device = own.find((one) => address !== undefined && one.address?.split('/')[0] === address)
      return device === undefined ? [] : [{ end: end.name, host: end.host, network, device }]
    })
  })
}

/** Whether a device joins namespaces that play hosts: Fairway makes those itself, whatever the engine. */
export function isBetweenHosts(device: Device): boolean {
  const isHost = (namespace: string): boolean => namespace.startsWith('host.') || namespace.startsWith('hop.')
  return device.kind === 'veth' && isHost(device.namespace) && isHost(device.peerNamespace)
}
