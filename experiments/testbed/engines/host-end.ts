import type { Layout, VethEnd } from '../../../models/topology/layout.js'
import { command } from '../command.js'
import { deviceName } from '../kernel-names.js'

interface Link {
  readonly ifindex: number
  readonly ifname: string
  readonly link_index?: number
}

/** An engine draws the name of a pair's end in the host; it is given the layout's, by which counters and traces know it. */
export async function nameHostEnd(layout: Layout, inside: VethEnd, kernelName: (namespace: string) => string): Promise<void> {
  const outside = layout.devices.find((device) => device.namespace === inside.peerNamespace && device.name === inside.peer)
  if (outside === undefined) throw new Error(`${inside.name} has no peer ${inside.peer}`)
  const links = async (namespace: string): Promise<Link[]> =>
    JSON.parse(await command(['ip', '-n', kernelName(namespace), '-j', 'link', 'show'])) as Link[]
  const own = (await links(inside.namespace)).find(({ ifname }) => ifname === deviceName(inside.name))
  const found = (await links(outside.namespace)).find(({ ifindex }) => ifindex === own?.link_index)
  if (found === undefined) throw new Error(`the engine made no ${inside.name} in ${inside.namespace}`)
  // A running device takes another name since Linux 6.2 (dev_change_name()).
  await command(['ip', '-n', kernelName(outside.namespace), 'link', 'set', 'dev', found.ifname, 'name', deviceName(outside.name)])
}
