/**
 * Engine `cni`: containers' devices made by the reference plugins, called as a container runtime calls them (CNI specification 1.0.0): a
 * configuration on standard input, the command and the namespace in the environment, in the namespace that plays the host.
 */
import type { Device, Layout } from '../../../models/topology/layout.js'
import type { Scenario } from '../../../models/topology/scenario.js'
import { command } from '../command.js'
import { deviceName } from '../kernel-names.js'
import { type Attachment, attachmentsOf } from './attachments.js'
import { nameHostEnd } from './host-end.js'
import { portsOf } from './published-ports.js'

/** Where Debian's package containernetworking-plugins puts them. */
export const PLUGINS = '/usr/lib/cni'

/** @throws CommandError */
export async function addByPlugins(scenario: Scenario, layout: Layout, kernelName: (namespace: string) => string): Promise<void> {
  for (const attachment of attachmentsOf(scenario, layout)) {
    const { network, end, device } = attachment
    const result = await plugin(attachment, kernelName, configurationOf(scenario, layout, attachment))
    const container = scenario.containers[end]
    if (container?.publish !== undefined)
      await plugin(attachment, kernelName, {
        ...head(network, 'portmap'),
        capabilities: { portMappings: true },
        runtimeConfig: {
          portMappings: portsOf(container.publish).map((port) => ({ hostPort: port, containerPort: port, protocol: 'tcp' })),
        },
        prevResult: JSON.parse(result) as unknown,
      })
    if (device.kind === 'veth') await nameHostEnd(layout, device, kernelName)
  }
}

const head = (network: string, type: string) => ({ cniVersion: '1.0.0', name: network, type })

/** What the plugin of a network's driver is told; addresses are the layout's (ipam plugin `static`). */
export function configurationOf(scenario: Scenario, layout: Layout, { network: name, device }: Attachment): Record<string, unknown> {
  const network = scenario.networks[name]!
  const [address] = device.address!.split('/')
  const length = network.subnet.split('/')[1]
  const addresses = (gateway?: string) => ({
    ipam: { type: 'static', addresses: [{ address: `${address}/${length}`, ...(gateway === undefined ? {} : { gateway }) }] },
  })
  switch (device.kind) {
    case 'macvlan':
      return { ...head(name, 'macvlan'), master: deviceName(device.lower), mode: 'bridge', mtu: network.mtuBytes, ...addresses() }
    case 'veth': {
      const outside = layout.devices.find((one) => one.namespace === device.peerNamespace && one.name === device.peer)!
      const bridge = layout.devices.find(
        (one) => one.kind === 'bridge' && one.namespace === outside.namespace && one.name === outside.master,
      )
      const gateway = (bridge ?? outside).address!.split('/')[0]!
      const common = { ipMasq: true, mtu: network.mtuBytes, ...addresses(gateway) }
      if (bridge === undefined) return { ...head(name, 'ptp'), ...common }
      return {
        ...head(name, 'bridge'),
        bridge: deviceName(bridge.name),
        isGateway: true,
        isDefaultGateway: isFirst(layout, device),
        ...common,
      }
    }
    default:
      throw new Error(`no plugin makes ${device.name}, a ${device.kind}`)
  }
}

/** A namespace has one default route: by its first device. */
function isFirst(layout: Layout, device: Device): boolean {
  return layout.devices.find((one) => one.namespace === device.namespace && one.kind !== 'bridge') === device
}

/** @returns the plugin's result, JSON */
function plugin(
  { device, host }: Attachment,
  kernelName: (namespace: string) => string,
  configuration: Readonly<Record<string, unknown>>,
): Promise<string> {
  const namespace = kernelName(device.namespace)
  const environment = [
    'CNI_COMMAND=ADD',
    `CNI_CONTAINERID=${namespace}`,
    `CNI_NETNS=/run/netns/${namespace}`,
    `CNI_IFNAME=${deviceName(device.name)}`,
    `CNI_PATH=${PLUGINS}`,
  ]
  const argv = ['ip', 'netns', 'exec', kernelName(`host.${host}`), 'env', ...environment, `${PLUGINS}/${String(configuration['type'])}`]
  return command(argv, { input: JSON.stringify(configuration) })
}
