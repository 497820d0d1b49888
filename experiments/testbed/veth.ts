import type { Layout, VethEnd } from '../../models/topology/layout.js'
import { deviceName, hardwareAddress } from './kernel-names.js'

/**
 * The command that makes a pair of veth devices, each end at once in its own namespace: nothing ever appears in the initial one.
 * Queues: as many as the machine has cores, the kernel's own default (drivers/net/veth.c, veth_get_num_queues), written out.
 */
export function addVethPair(
  layout: Layout,
  end: VethEnd,
  peer: VethEnd,
  kernelName: (namespace: string) => string,
  queues: number,
): string[] {
  const side = (device: VethEnd) => [
    'name',
    deviceName(device.name),
    'address',
    hardwareAddress(layout, device),
    'mtu',
    String(device.mtuBytes),
  ]
  const queueCount = ['numtxqueues', String(queues), 'numrxqueues', String(queues)]
  return [
    ...['ip', '-n', kernelName(end.namespace), 'link', 'add', ...side(end), ...queueCount, 'type', 'veth'],
    ...['peer', ...side(peer), ...queueCount, 'netns', kernelName(peer.namespace)],
  ]
}

export function peerOf(layout: Layout, end: VethEnd): VethEnd {
  const peer = layout.devices.find((device) => device.kind === 'veth' && device.namespace === end.peerNamespace && device.name === end.peer)
  if (peer?.kind !== 'veth') throw new Error(`${end.name} in ${end.namespace} has no peer ${end.peer} in ${end.peerNamespace}`)
  return peer
}
