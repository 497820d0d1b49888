/**
 * Engine `podman`: containers, networks and published ports made by Podman with netavark and runc, in the namespace that plays the host. All
 * that it keeps (images, containers, locks) lies in the run's folder; processes of an experiment are started inside of its containers.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endsOf, namespaceOf } from '../../../models/topology/ends.js'
import type { Layout } from '../../../models/topology/layout.js'
import type { Scenario } from '../../../models/topology/scenario.js'
import { hashText } from '../../../sim/hash.js'
import { command } from '../command.js'
import { controlGroupOf, journalControlGroup } from '../control-groups.js'
import { deviceName } from '../kernel-names.js'
import { addNamespace } from '../namespace.js'
import type { TestbedRun } from '../run.js'
import { RUN_VARIABLE } from '../sweep-up.js'
import { attachmentsOf } from './attachments.js'
import { nameHostEnd } from './host-end.js'
import { podmanIn } from './podman-command.js'
import { portsOf } from './published-ports.js'
import { seccompOption } from './seccomp-profile.js'

/** How a process is put into a container: by runc, under the container's seccomp filter and in its control groups. */
export interface ContainerHandle {
  readonly runcRoot: string
  readonly id: string
}

const IMAGE = 'fairway:1'
/** What the instruments need of this machine, read-only. */
const SHARED_FOLDERS = ['/usr', '/lib', '/lib64', '/bin', '/etc/ssl']
/** Docker's and Podman's own limits need more than a nested machine grants. */
const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024']

/**
 * Starts a container for each end and for each pod. Their namespaces get the names that the layout's have elsewhere.
 * @param onRemove is given what removes them, before the first is started
 * @returns how processes are put into them, by process of the layout
 * @throws CommandError
 */
export async function addByPodman(
  run: TestbedRun,
  scenario: Scenario,
  layout: Layout,
  kernelName: (namespace: string) => string,
  onRemove: (remove: () => Promise<void>) => void,
): Promise<Readonly<Record<string, ContainerHandle>>> {
  const hosts = [...new Set(endsOf(scenario).map((end) => end.host))]
  const folders = new Map(hosts.map((host) => [host, folderOf(run, host)]))
  const podman = (host: string, ...argv: string[]): Promise<string> =>
    command(podmanIn(folders.get(host)!, kernelName(`host.${host}`), argv))
  const logs = join(run.folder, 'logs')
  mkdirSync(logs, { recursive: true })
  journalOnce(run)
  for (const host of hosts) {
    await prepare(run, folders.get(host)!, kernelName(`host.${host}`))
    writeNetworks(run, scenario, layout, host, join(folders.get(host)!, 'networks'))
  }
  const started: { readonly host: string; readonly name: string; readonly joins: boolean }[] = []
  onRemove(async () => {
    // Those whose namespace others have joined go last.
    for (const joins of [true, false])
      for (const host of hosts) {
        const names = started.filter((one) => one.host === host && one.joins === joins).map(({ name }) => name)
        if (names.length > 0) await podman(host, 'rm', '--force', '--ignore', '--time', '0', ...names)
      }
  })
  const handles: Record<string, ContainerHandle> = {}
  const attachments = attachmentsOf(scenario, layout)
  const start = async (host: string, name: string, network: readonly string[]): Promise<string> => {
    started.push({ host, name, joins: network.some((option) => option.startsWith('container:')) })
    const id = await podman(host, 'run', '--detach', ...runOptions(run, name, network), IMAGE, '/usr/bin/sleep', 'infinity')
    return id.trim()
  }
  const attach = async (host: string, name: string, namespace: string): Promise<void> => {
    const pid = (await podman(host, 'inspect', '--format', '{{.State.Pid}}', name)).trim()
    await addNamespace(run.journal, kernelName(namespace), pid)
  }
  const pods = new Set<string>()
  for (const end of endsOf(scenario)) {
    const namespace = namespaceOf(scenario, end)
    if (namespace.startsWith('pod.') && !pods.has(namespace)) {
      pods.add(namespace)
      await start(end.host, namespace, ['--network', 'none'])
      await attach(end.host, namespace, namespace)
    }
    const own = attachments.filter((attachment) => attachment.end === end.name)
    const published = scenario.containers[end.name]?.publish
    const network =
      end.beside !== undefined && !namespace.startsWith('host.')
        ? ['--network', `container:${end.beside}`]
        : namespace.startsWith('pod.')
          ? ['--network', `container:${namespace}`]
          : namespace.startsWith('host.')
            ? ['--network', 'host']
            : own.length === 0
              ? ['--network', 'none']
              : own.flatMap(({ network: name, device }) => [
                  '--network',
                  `${networkName(run, end.host, name)}:ip=${device.address!.split('/')[0]},interface_name=${deviceName(device.name)}`,
                ])
    const range = published === undefined ? [] : portsOf(published)
    const ports = range.length === 0 ? [] : ['--publish', `${range[0]}-${range.at(-1)}:${range[0]}-${range.at(-1)}`]
    const { seccompRules } = scenario.containers[end.name] ?? scenario.proxies[end.name]!
    const id = await start(end.host, end.name, [...network, ...ports, ...seccompOption(seccompRules, folders.get(end.host)!)])
    handles[end.name] = { runcRoot: join(folders.get(end.host)!, 'runc'), id }
    if (end.beside !== undefined || namespace.startsWith('pod.') || namespace.startsWith('host.')) continue
    await attach(end.host, end.name, namespace)
    for (const { device } of own) if (device.kind === 'veth') await nameHostEnd(layout, device, kernelName)
  }
  return handles
}

/** All that Podman keeps for a host. */
function folderOf(run: TestbedRun, host: string): string {
  return join(run.folder, `podman-${run.id}-${host}`)
}

function runOptions(run: TestbedRun, name: string, network: readonly string[]): string[] {
  const logs = join(run.folder, 'logs')
  const mounts = SHARED_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) => ['--volume', `${folder}:${folder}:ro`])
  return [
    ...['--name', name, '--pull', 'never', '--no-hosts', '--log-driver', 'none'],
    ...['--cgroup-parent', `/${controlGroupOf(run.journal)}`, '--env', `${RUN_VARIABLE}=${run.journal.run}`, ...LIMITS],
    ...mounts,
    ...['--volume', `${logs}:${logs}`, ...network],
  ]
}

/** One more container of a host on which containers run already. */
export interface FurtherContainer {
  readonly host: string
  readonly network: string
  readonly name: string
  readonly address: string
  readonly argv: readonly string[]
}

/** The commands that start a container, and wait for its end, and that take it away again. */
export function furtherContainer(
  run: TestbedRun,
  kernelName: (namespace: string) => string,
  { host, network, name, address, argv }: FurtherContainer,
): { readonly start: readonly string[]; readonly end: readonly string[] } {
  const podman = (...rest: string[]): string[] => podmanIn(folderOf(run, host), kernelName(`host.${host}`), rest)
  const attached = ['--network', `${networkName(run, host, network)}:ip=${address}`]
  return {
    start: podman('run', ...runOptions(run, name, attached), IMAGE, ...argv),
    end: podman('rm', '--force', '--time', '0', name),
  }
}

const journalled = new WeakSet<object>()

/** What Podman leaves on the machine beside its folder: control groups, and a folder with the addresses that it has given away. */
function journalOnce(run: TestbedRun): void {
  if (journalled.has(run.journal)) return
  journalled.add(run.journal)
  journalControlGroup(run.journal)
  if (!existsSync('/run/containers')) run.journal.record({ kind: 'folder', path: '/run/containers' })
}

/** An empty root, imported once for each host of a run. */
async function prepare(run: TestbedRun, folder: string, namespace: string): Promise<void> {
  const marker = join(folder, 'imported')
  if (existsSync(marker)) return
  run.journal.record({ kind: 'podman', folder })
  const root = join(folder, 'image')
  for (const path of ['usr', 'lib', 'lib64', 'etc/ssl', 'proc', 'sys', 'dev', 'tmp', 'run'])
    mkdirSync(join(root, path), { recursive: true })
  mkdirSync(join(folder, 'networks'), { recursive: true })
  writeFileSync(join(folder, 'containers.conf'), '[engine]\nlock_type = "file"\n')
  await command(['tar', '-C', root, '-cf', join(folder, 'image.tar'), '.'])
  await command(podmanIn(folder, namespace, ['import', join(folder, 'image.tar'), IMAGE]))
  rmSync(root, { recursive: true })
  writeFileSync(marker, '')
}

/** Podman keeps the addresses that it has given away by a network's name, for the whole machine. */
function networkName(run: TestbedRun, host: string, network: string): string {
  return `fairway-${run.id}-${host}-${network}`
}

/** Network definitions as `podman network create` writes them; that command can't name a bridge. */
function writeNetworks(run: TestbedRun, scenario: Scenario, layout: Layout, host: string, folder: string): void {
  for (const [name, network] of Object.entries(scenario.networks)) {
    if (network.driver !== 'bridge') continue
    const outside = layout.devices.find(
      (device) => device.kind === 'veth' && device.namespace === `host.${host}` && device.name.endsWith(`.${name}`),
    )
    const bridge = layout.devices.find(
      (device) => device.kind === 'bridge' && device.namespace === `host.${host}` && device.name === outside?.master,
    )
    if (bridge?.address === undefined) continue
    const own = networkName(run, host, name)
    const definition = {
      name: own,
      // SHA-256 in Podman's own; any 64 hexadecimal digits do.
      id: hashText(own).repeat(8).slice(0, 64),
      driver: 'bridge',
      network_interface: deviceName(bridge.name),
      created: '2026-01-01T00:00:00Z',
      subnets: [{ subnet: network.subnet, gateway: bridge.address.split('/')[0] }],
      ipv6_enabled: false,
      internal: false,
      dns_enabled: false,
      options: { mtu: String(network.mtuBytes) },
      ipam_options: { driver: 'host-local' },
    }
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${own}.json`), JSON.stringify(definition))
  }
}
