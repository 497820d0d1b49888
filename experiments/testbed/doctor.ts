/** What this machine can measure: each element is tried in a namespace of its own, each instrument looked for, and what is missing named. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { objectFile, PROGRAM_SECTION, redirectProgram } from './bpf-object.js'
import { command, hasProgram } from './command.js'
import { addNamespace, deleteNamespaces, kernelNameOf } from './namespace.js'
import { beginRun, type RunOptions } from './run.js'

export interface Element {
  readonly name: string
  readonly kind: 'privilege' | 'driver' | 'policy' | 'setting' | 'link' | 'instrument' | 'tool'
  readonly measurable: boolean
  /** What was tried, or why it can't be measured. */
  readonly reason: string
  /** The command that installs what is missing; null where nothing is, or nothing helps. */
  readonly install: string | null
}

interface Program {
  readonly name: string
  readonly kind: 'instrument' | 'tool'
  readonly package: string
  readonly purpose: string
  /** Without it only some elements can't be measured. */
  readonly isForSome?: true
}

/** Every program that the testbed calls, with the Debian package that holds it. */
const PROGRAMS: readonly Program[] = [
  { name: 'sockperf', kind: 'instrument', package: 'sockperf', purpose: 'drives ping-pong over TCP and UDP' },
  { name: 'microsocks', kind: 'instrument', package: 'microsocks', purpose: 'is the SOCKS5 relay' },
  { name: 'proxychains4', kind: 'instrument', package: 'proxychains4', purpose: 'sends sockperf through relays' },
  { name: 'gcc', kind: 'instrument', package: 'gcc libc6-dev', purpose: 'compiles the probes' },
  { name: 'ip', kind: 'tool', package: 'iproute2', purpose: 'makes namespaces and devices' },
  { name: 'bridge', kind: 'tool', package: 'iproute2', purpose: 'fills forwarding tables' },
  { name: 'ss', kind: 'tool', package: 'iproute2', purpose: 'proves that a relay relayed' },
  { name: 'ethtool', kind: 'tool', package: 'ethtool', purpose: 'switches offloads' },
  { name: 'nft', kind: 'tool', package: 'nftables', purpose: 'writes rules, translations and maps', isForSome: true },
  { name: 'iptables-restore', kind: 'tool', package: 'iptables', purpose: 'writes the same as chains of rules', isForSome: true },
  { name: 'tc', kind: 'tool', package: 'iproute2', purpose: 'attaches programs that redirect', isForSome: true },
  { name: 'sysctl', kind: 'tool', package: 'procps', purpose: 'sets each namespace' },
  { name: 'setpriv', kind: 'tool', package: 'util-linux', purpose: 'ends instruments with their campaign' },
  { name: 'taskset', kind: 'tool', package: 'util-linux', purpose: 'pins processes to cores' },
  { name: 'chrt', kind: 'tool', package: 'util-linux', purpose: 'sets scheduling policies' },
  { name: 'flock', kind: 'tool', package: 'util-linux', purpose: 'keeps campaigns apart' },
]

/** @throws BusyError when a campaign is being measured: trying elements would disturb it */
export async function examine(options: RunOptions = {}): Promise<Element[]> {
  const programs = await Promise.all(PROGRAMS.map(async (program) => ({ ...program, found: await hasProgram(program.name) })))
  const install = installCommand(programs.filter((program) => !program.found).map((program) => program.package))
  const instruments = programs.map(
    ({ name, kind, purpose, found }): Element => ({
      name,
      kind,
      measurable: found,
      reason: found ? purpose : `not installed; it ${purpose}`,
      install: found ? null : install,
    }),
  )
  const isRoot = process.platform === 'linux' && process.geteuid?.() === 0
  const privilege: Element = {
    name: 'root on Linux',
    kind: 'privilege',
    measurable: isRoot,
    reason: isRoot
      ? 'namespaces can be made'
      : `namespaces are made by root on Linux; this is ${process.platform}, user ${process.geteuid?.() ?? '?'}`,
    install: null,
  }
  const canBuild =
    isRoot &&
    ['ip', 'bridge', 'sysctl', 'flock', 'taskset', 'ethtool'].every((name) => programs.find((program) => program.name === name)!.found)
  const elements = canBuild ? await tryElements(options) : elementNames().map((element) => ({ ...element, ...untried(isRoot) }))
  return [privilege, ...elements, physicalLink, ...instruments]
}

/** Why nothing at all can be measured here, with the command that helps; null when the testbed's own tools are there. */
export async function missingForMeasuring(): Promise<string | null> {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return 'the testbed needs root on Linux'
  const found = await Promise.all(PROGRAMS.map(async ({ name }) => hasProgram(name)))
  const missing = PROGRAMS.filter(
    (program, index) => !found[index] && ((program.kind === 'tool' && program.isForSome !== true) || program.name === 'sockperf'),
  )
  const install = installCommand(missing.map((program) => program.package))
  return install === null
    ? null
    : `${missing.map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: ${install}`
}

/** One command for everything that is missing; null when nothing is. */
export function installCommand(packages: readonly string[]): string | null {
  return packages.length === 0 ? null : `apt-get install -y --no-install-recommends ${[...new Set(packages)].join(' ')}`
}

const physicalLink: Element = {
  name: 'physical link',
  kind: 'link',
  measurable: false,
  reason: 'the testbed is one kernel: it has no second machine behind a network card',
  install: null,
}

interface Attempt {
  readonly name: string
  readonly kind: Element['kind']
  readonly tried: string
  /** Steps in a fresh namespace; all must succeed. */
  readonly steps: (namespace: string, folder: string) => readonly (readonly string[])[]
}

const ip = (namespace: string, ...rest: string[]): string[] => ['ip', '-n', namespace, ...rest]
const inside = (namespace: string, ...rest: string[]): string[] => ['ip', 'netns', 'exec', namespace, ...rest]
const setting = (name: string, assignment: string): Attempt => ({
  name,
  kind: 'setting',
  tried: `${assignment} in a namespace`,
  steps: (namespace) => [inside(namespace, 'sysctl', '-q', '-w', assignment)],
})

const nftSteps = (namespace: string): string[][] => [
  inside(namespace, 'nft', 'add table ip t'),
  inside(namespace, 'nft', 'add chain ip t f { type filter hook forward priority 0; }'),
  inside(namespace, 'nft', 'add rule ip t f ct state new counter accept'),
  inside(namespace, 'nft', 'add chain ip t p { type nat hook postrouting priority 100; }'),
  inside(namespace, 'nft', 'add rule ip t p masquerade'),
]

/** The arguments that load a program from a file in the folder. */
function programIn(folder: string): string[] {
  const file = join(folder, 'doctor.bpf.o')
  writeFileSync(file, objectFile(redirectProgram([{ hardwareAddress: '02:fa:00:00:00:01', index: 1 }])))
  return ['object-file', file, 'section', PROGRAM_SECTION]
}

const ATTEMPTS: readonly Attempt[] = [
  { name: 'shared', kind: 'driver', tried: 'a namespace with loopback up', steps: (n) => [ip(n, 'link', 'set', 'dev', 'lo', 'up')] },
  { name: 'host', kind: 'driver', tried: 'a namespace with loopback up', steps: (n) => [ip(n, 'link', 'set', 'dev', 'lo', 'up')] },
  { name: 'bridge', kind: 'driver', tried: 'a bridge', steps: (n) => [ip(n, 'link', 'add', 'br0', 'type', 'bridge', 'stp_state', '0')] },
  { name: 'veth', kind: 'driver', tried: 'a veth pair', steps: (n) => [ip(n, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1')] },
  {
    name: 'overlay',
    kind: 'driver',
    tried: 'a VXLAN device',
    steps: (n) => [ip(n, 'link', 'add', 'vx0', 'type', 'vxlan', 'id', '7', 'local', '127.0.0.1', 'remote', '127.0.0.2', 'dstport', '4789')],
  },
  {
    name: 'routed',
    kind: 'driver',
    tried: 'a namespace that forwards',
    steps: (n) => [inside(n, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1')],
  },
  {
    name: 'macvlan',
    kind: 'driver',
    tried: 'a macvlan device in bridge mode on a veth end',
    steps: (n) => [
      ip(n, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'),
      ip(n, 'link', 'add', 'link', 'v0', 'name', 'm0', 'type', 'macvlan', 'mode', 'bridge'),
    ],
  },
  {
    name: 'ebpf-redirect',
    kind: 'driver',
    tried: 'a program that calls bpf_redirect_peer() at the ingress of a veth end',
    steps: (n, folder) => [
      ip(n, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'),
      inside(n, 'tc', 'qdisc', 'add', 'dev', 'v0', 'clsact'),
      inside(n, 'tc', 'filter', 'add', 'dev', 'v0', 'ingress', 'bpf', 'direct-action', ...programIn(folder)),
    ],
  },
  { name: 'nftables', kind: 'policy', tried: 'a chain with tracking and a translation', steps: (n) => nftSteps(n) },
  {
    name: 'iptables',
    kind: 'policy',
    tried: 'a chain with tracking and a translation',
    steps: (n) => [
      inside(n, 'iptables', '-A', 'FORWARD', '-m', 'conntrack', '--ctstate', 'NEW', '-j', 'ACCEPT'),
      inside(n, 'iptables', '-t', 'nat', '-A', 'POSTROUTING', '-j', 'MASQUERADE'),
    ],
  },
  setting('bridge-nf-call-iptables', 'net.bridge.bridge-nf-call-iptables=1'),
  {
    name: 'offloads',
    kind: 'setting',
    tried: 'segmentation offload off on loopback',
    steps: (n) => [inside(n, 'ethtool', '-K', 'lo', 'tso', 'off')],
  },
  {
    name: 'quick-ack',
    kind: 'setting',
    tried: 'a route with quickack',
    steps: (n) => [ip(n, 'link', 'set', 'dev', 'lo', 'up'), ip(n, 'route', 'add', '10.99.0.0/24', 'dev', 'lo', 'quickack', '1')],
  },
  { name: 'SCHED_BATCH', kind: 'setting', tried: 'a process under it', steps: () => [['chrt', '--batch', '0', 'true']] },
  { name: 'idle: never', kind: 'setting', tried: 'a process under SCHED_IDLE', steps: () => [['chrt', '--idle', '0', 'true']] },
  setting('congestion control cubic', 'net.ipv4.tcp_congestion_control=cubic'),
  setting('congestion control reno', 'net.ipv4.tcp_congestion_control=reno'),
]

function elementNames(): { readonly name: string; readonly kind: Element['kind'] }[] {
  return ATTEMPTS.map(({ name, kind }) => ({ name, kind }))
}

function untried(isRoot: boolean): Pick<Element, 'measurable' | 'reason' | 'install'> {
  return {
    measurable: false,
    reason: isRoot ? 'could not be tried: a tool is missing' : 'could not be tried: only root makes namespaces',
    install: null,
  }
}

async function tryElements(options: RunOptions): Promise<Element[]> {
  const run = await beginRun(options)
  try {
    const elements: Element[] = []
    for (const [index, { name, kind, tried, steps }] of ATTEMPTS.entries()) {
      const namespace = kernelNameOf(run.id, `doctor${index}`)
      await addNamespace(run.journal, namespace)
      try {
        for (const step of steps(namespace, run.folder)) await command(step)
        elements.push({ name, kind, measurable: true, reason: `tried: ${tried}`, install: null })
      } catch (error) {
        elements.push({ name, kind, measurable: false, reason: `this kernel refuses ${tried}: ${(error as Error).message}`, install: null })
      }
    }
    await deleteNamespaces(
      run.id,
      ATTEMPTS.map((_, index) => kernelNameOf(run.id, `doctor${index}`)).filter((name) => existsSync(`/run/netns/${name}`)),
    )
    return elements
  } finally {
    await run.end()
  }
}
