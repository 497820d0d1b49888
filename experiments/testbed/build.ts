/** Builds exactly a layout: its namespaces, devices, addresses, neighbours and settings. */
import type { Device, Layout, VethEnd } from '../../models/topology/layout.js'
import { neighboursOf } from '../../models/topology/routing.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { addBridge } from './bridge.js'
import { command } from './command.js'
import { isBetweenHosts } from './engines/attachments.js'
import { addByPlugins } from './engines/cni.js'
import { addByPodman, type ContainerHandle } from './engines/podman.js'
import { deviceName, hardwareAddress } from './kernel-names.js'
import { addMacvlan } from './macvlan.js'
import { addNamespace, deleteNamespaces, kernelNameOf } from './namespace.js'
import { addRedirects } from './redirect.js'
import { addRoutes } from './routes.js'
import { ruleSetOf } from './rule-sets.js'
import type { TestbedRun } from './run.js'
import { parseSettings, stackSettings } from './stack-settings.js'
import { addVethPair, peerOf } from './veth.js'
import { makeVolumes, type Volumes } from './volumes.js'
import { addForwardingEntries, addVxlan } from './vxlan.js'

export interface BuiltLayout {
  readonly layout: Layout
  /** The kernel's name of a namespace of the layout. */
  readonly kernelName: (namespace: string) => string
  /** Settings that were asked for and read otherwise afterwards, by namespace; empty when everything holds. */
  readonly unsettled: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Queueing disciplines of the layout's devices, each once. */
  readonly qdiscs: readonly string[]
  /** How processes are started in containers of an engine, by their names; empty where namespaces are all that there is. */
  readonly containers: Readonly<Record<string, ContainerHandle>>
  readonly volumes: Volumes
  /** Takes the layout down again and waits until it is really gone. */
  remove(): Promise<void>
}

/** Why this kernel can't build a layout; null when it can. */
export function whyNotBuildable(layout: Layout): string | null {
  const physical = layout.devices.find((device) => device.kind === 'physical')
  if (physical !== undefined) return `${physical.name} in ${physical.namespace} is a physical link: this testbed has none`
  const published = layout.translations.map(({ namespace, address }) => `${address} of ${namespace}`)
  const twice = published.find((place, index) => published.indexOf(place) !== index)
  return twice === undefined
    ? null
    : `two containers are published on ${twice}: the instruments' ports change, so that an address leads to one alone`
}

/** @throws CommandError when a step fails; what was built until then is taken down */
export async function buildLayout(run: TestbedRun, scenario: Scenario, layout: Layout): Promise<BuiltLayout> {
  const kernelName = (namespace: string): string => kernelNameOf(run.id, namespace)
  const names = layout.namespaces.map((namespace) => kernelName(namespace.name))
  const undo: (() => Promise<void>)[] = [() => deleteNamespaces(run.id, names)]
  const remove = async (): Promise<void> => {
    for (const step of [...undo].reverse()) await step()
  }
  try {
    const unsettled: Record<string, Record<string, string>> = {}
    const settle = async (name: string): Promise<void> => {
      const holdsBridge = layout.devices.some((device) => device.kind === 'bridge' && device.namespace === name)
      const different = await applySettings(
        kernelName(name),
        stackSettings(scenario.tcp, { holdsBridge, forwards: layout.forwarding.includes(name) }),
      )
      if (Object.keys(different).length > 0) unsettled[name] = different
    }
    const volumes = makeVolumes(run, scenario)
    undo.push(async () => volumes.remove())
    const own = namespacesToMake(scenario, layout)
    for (const name of own) {
      await addNamespace(run.journal, kernelName(name))
      await settle(name)
    }
    let containers: BuiltLayout['containers'] = {}
    if (scenario.engine === undefined) {
      for (const argv of deviceSteps(scenario, layout, kernelName)) await command(argv)
      await addRedirects(layout, kernelName, run.folder)
      for (const { name } of layout.namespaces) {
        const rules = ruleSetOf(layout, name)
        if (rules !== null) await command(['ip', 'netns', 'exec', kernelName(name), ...rules.argv], { input: rules.input })
      }
    } else {
      const between = hostSide(layout, own)
      for (const argv of deviceSteps({ ...scenario, tcp: { ...scenario.tcp, offloads: true } }, between, kernelName)) await command(argv)
      if (scenario.engine === 'cni') await addByPlugins(scenario, layout, kernelName)
      else {
        containers = await addByPodman(run, scenario, layout, kernelName, (remove) => undo.push(remove))
        for (const { name } of layout.namespaces) if (!own.includes(name)) await settle(name)
      }
      await fixNeighbours(layout, kernelName)
      if (!scenario.tcp.offloads) for (const argv of offloadsOff(layout, kernelName)) await command(argv)
    }
    if (scenario.tcp.rps) await steerPackets(scenario, layout, kernelName)
    if (scenario.tcp.quickAck) await acknowledgeAtOnce(layout, kernelName)
    return { layout, kernelName, unsettled, qdiscs: await qdiscsOf(layout, kernelName), containers, volumes, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Namespaces that Fairway makes: Podman makes those of its containers. */
function namespacesToMake(scenario: Scenario, layout: Layout): string[] {
  const names = layout.namespaces.map(({ name }) => name)
  return scenario.engine === 'podman' ? names.filter((name) => name.startsWith('host.') || name.startsWith('hop.')) : names
}

/** The part of a layout that no engine makes: cables between hosts, and the hosts' routes over them. */
function hostSide(layout: Layout, namespaces: readonly string[]): Layout {
  const devices = layout.devices.filter(isBetweenHosts)
  const has = (route: Layout['routes'][number]): boolean =>
    devices.some(({ namespace, name }) => namespace === route.namespace && name === route.device)
  return {
    ...layout,
    namespaces: layout.namespaces.filter(({ name }) => namespaces.includes(name)),
    devices,
    routes: layout.routes.filter(has),
  }
}

/** @returns the settings that read otherwise afterwards, or that this kernel hasn't */
async function applySettings(namespace: string, settings: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const inside = ['ip', 'netns', 'exec', namespace, 'sysctl', '-e']
  await command([...inside, '-q', '-w', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)])
  const found = parseSettings(await command([...inside, ...Object.keys(settings)]))
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name, value]) => found[name] !== value)
      .map(([name]) => [name, found[name] ?? 'not in this kernel']),
  )
}

async function qdiscsOf(layout: Layout, kernelName: (namespace: string) => string): Promise<string[]> {
  const found = new Set<string>()
  for (const { name } of layout.namespaces) {
    const links = JSON.parse(await command(['ip', '-n', kernelName(name), '-j', 'link', 'show', 'up'])) as { readonly qdisc?: string }[]
    for (const link of links) if (link.qdisc !== undefined) found.add(link.qdisc)
  }
  return [...found].sort()
}

/** Every step that makes the devices of a layout, in order, as argument arrays. */
export function deviceSteps(scenario: Scenario, layout: Layout, kernelName: (namespace: string) => string): string[][] {
  const ip = (device: { readonly namespace: string }, ...rest: string[]): string[] => ['ip', '-n', kernelName(device.namespace), ...rest]
  const up = (device: Device): string[] => ip(device, 'link', 'set', 'dev', deviceName(device.name), 'up')
  const { devices } = layout
  const cores = Math.max(...Object.values(scenario.machines).map((machine) => machine.cores))
  const bridges = devices.filter((device) => device.kind === 'bridge')
  const tunnels = devices.filter((device) => device.kind === 'vxlan')
  const pairs = devices
    .filter((device) => device.kind === 'veth')
    .map((end): [VethEnd, VethEnd] => [end, peerOf(layout, end)])
    .filter(([end, peer]) => devices.indexOf(end) < devices.indexOf(peer))
  return [
    ...layout.namespaces.map(({ name }) => ['ip', '-n', kernelName(name), 'link', 'set', 'dev', 'lo', 'up']),
    ...bridges.map((bridge) => addBridge(layout, bridge, kernelName)),
    ...pairs.map(([end, peer]) => addVethPair(layout, end, peer, kernelName, cores)),
    ...tunnels.map((tunnel) => addVxlan(layout, tunnel, kernelName)),
    ...devices.flatMap((device) => (device.kind === 'macvlan' ? [addMacvlan(layout, device, kernelName)] : [])),
    ...devices.flatMap((device) =>
      'master' in device && device.master !== undefined
        ? [ip(device, 'link', 'set', 'dev', deviceName(device.name), 'master', deviceName(device.master))]
        : [],
    ),
    ...(scenario.tcp.offloads ? [] : offloadsOff(layout, kernelName)),
    ...devices.flatMap((device) =>
      addressOf(device) === null ? [] : [ip(device, 'address', 'add', addressOf(device)!, 'dev', deviceName(device.name))],
    ),
    ...devices.map(up),
    ...addRoutes(layout, kernelName),
    ...neighbours(layout, kernelName, (device) => hardwareAddress(layout, device)),
    ...tunnels.flatMap((tunnel) => addForwardingEntries(layout, tunnel, kernelName)),
  ]
}

/** A device's address with its prefix length, where it has one. */
export function addressOf(device: Device): string | null {
  return device.address ?? null
}

/** Segmentation, receive offload and checksums, of loopback too: all that an offload of a virtual device saves. */
function offloadsOff(layout: Layout, kernelName: (namespace: string) => string): string[][] {
  const off = ['tx', 'off', 'rx', 'off', 'sg', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off']
  const named = [...layout.namespaces.map(({ name }) => ({ namespace: name, name: 'lo' })), ...layout.devices]
  return named.map((device) => ['ip', 'netns', 'exec', kernelName(device.namespace), 'ethtool', '-K', deviceName(device.name), ...off])
}

/** Permanent entries for every neighbour of a device: no address is asked for while we measure. */
function neighbours(layout: Layout, kernelName: (namespace: string) => string, hardware: (device: Device) => string): string[][] {
  return layout.devices.flatMap((device) =>
    neighboursOf(layout.devices, device).map((other) => [
      ...['ip', '-n', kernelName(device.namespace), 'neighbour', 'replace', addressOf(other)!.split('/')[0]!],
      ...['lladdr', hardware(other), 'dev', deviceName(device.name), 'nud', 'permanent'],
    ]),
  )
}

/** The same for devices that an engine has made, whose hardware addresses it has drawn. */
async function fixNeighbours(layout: Layout, kernelName: (namespace: string) => string): Promise<void> {
  const found = new Map<string, string>()
  for (const { name } of layout.namespaces) {
    const links = JSON.parse(await command(['ip', '-n', kernelName(name), '-j', 'link', 'show'])) as {
      readonly ifname: string
      readonly address: string
    }[]
    for (const { ifname, address } of links) found.set(`${name} ${ifname}`, address)
  }
  const addressOfDevice = (device: Device): string => found.get(`${device.namespace} ${deviceName(device.name)}`) ?? ''
  for (const argv of neighbours(layout, kernelName, addressOfDevice)) await command(argv)
}

/** Whether two addresses with prefix lengths (`10.70.0.2/24`) share their subnet. */
export function sameSubnet(a: string, b: string): boolean {
  const [[networkA, prefixA], [networkB, prefixB]] = [networkOf(a), networkOf(b)]
  return networkA === networkB && prefixA === prefixB
}

function networkOf(address: string): [number, number] {
  const [host = '', length = '32'] = address.split('/')
  const prefix = Number(length)
  const bits = host.split('.').reduce((value, octet) => value * 256 + Number(octet), 0)
  return [Math.floor(bits / 2 ** (32 - prefix)), prefix]
}

/** Receive packet steering to every core, on the first queue of each device. */
async function steerPackets(scenario: Scenario, layout: Layout, kernelName: (namespace: string) => string): Promise<void> {
  const cores = Math.max(...Object.values(scenario.machines).map((machine) => machine.cores))
  const mask = (2 ** cores - 1).toString(16)
  const named = [...layout.namespaces.map(({ name }) => ({ namespace: name, name: 'lo' })), ...layout.devices]
  for (const device of named) {
    const path = `/sys/class/net/${deviceName(device.name)}/queues/rx-0/rps_cpus`
    await command(['ip', 'netns', 'exec', kernelName(device.namespace), 'tee', path], { input: mask })
  }
}

/** Sets `quickack 1` on every route of every namespace, the local ones too (a connection to an own address is routed by the local table). */
async function acknowledgeAtOnce(layout: Layout, kernelName: (namespace: string) => string): Promise<void> {
  for (const { name } of layout.namespaces) {
    for (const table of ['main', 'local']) {
      const routes = await command(['ip', '-n', kernelName(name), '-4', 'route', 'show', 'table', table])
      for (const route of routes.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('broadcast'))) {
        await command(['ip', '-n', kernelName(name), 'route', 'change', 'table', table, ...route.trim().split(/\s+/), 'quickack', '1'])
      }
    }
  }
}
