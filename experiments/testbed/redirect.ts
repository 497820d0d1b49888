/** Programs at the ingress of veth ends that send packets straight into another namespace. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout, VethEnd } from '../../models/topology/layout.js'
import { objectFile, PROGRAM_SECTION, redirectProgram } from './bpf-object.js'
import { command } from './command.js'
import { deviceName, hardwareAddress } from './kernel-names.js'
import { peerOf } from './veth.js'

/** @param folder where the object files stand while tc reads them */
export async function addRedirects(layout: Layout, kernelName: (namespace: string) => string, folder: string): Promise<void> {
  for (const device of layout.devices)
    if (device.kind === 'veth' && device.redirects !== undefined) await addRedirect(layout, device, kernelName, folder)
}

async function addRedirect(layout: Layout, device: VethEnd, kernelName: (namespace: string) => string, folder: string): Promise<void> {
  const namespace = kernelName(device.namespace)
  const targets = []
  for (const { device: name } of device.redirects!) {
    const port = layout.devices.find(
      (one): one is VethEnd => one.kind === 'veth' && one.namespace === device.namespace && one.name === name,
    )!
    targets.push({ hardwareAddress: hardwareAddress(layout, peerOf(layout, port)), index: await indexOf(namespace, deviceName(name)) })
  }
  const file = join(folder, `${device.name}.bpf.o`)
  writeFileSync(file, objectFile(redirectProgram(targets)))
  const name = deviceName(device.name)
  await command(['tc', '-n', namespace, 'qdisc', 'add', 'dev', name, 'clsact'])
  await command([
    ...['tc', '-n', namespace, 'filter', 'add', 'dev', name, 'ingress', 'bpf', 'direct-action'],
    ...['object-file', file, 'section', PROGRAM_SECTION],
  ])
}

async function indexOf(namespace: string, device: string): Promise<number> {
  const [link] = JSON.parse(await command(['ip', '-n', namespace, '-j', 'link', 'show', 'dev', device])) as { readonly ifindex: number }[]
  return link!.ifindex
}
