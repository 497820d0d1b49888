/** What this machine can measure: each element is tried in a namespace of its own, each instrument looked for, and what is missing named. */
import { existsSync } from 'node:fs'
import { ATTEMPTS, type Element } from './attempts.js'
import { command, hasProgram } from './command.js'
import { addNamespace, deleteNamespaces, kernelNameOf } from './namespace.js'
import { beginRun, type RunOptions } from './run.js'
import { allowCongestionControl } from './settings.js'

export type { Element } from './attempts.js'

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
  { name: 'iperf3', kind: 'instrument', package: 'iperf3', purpose: 'drives streams', isForSome: true },
  { name: 'microsocks', kind: 'instrument', package: 'microsocks', purpose: 'is the SOCKS5 relay' },
  { name: 'danted', kind: 'instrument', package: 'dante-server', purpose: 'is the SOCKS5 relay dante', isForSome: true },
  { name: 'haproxy', kind: 'instrument', package: 'haproxy', purpose: 'relays at layers 4 and 7', isForSome: true },
  {
    name: 'nginx',
    kind: 'instrument',
    package: 'nginx-light libnginx-mod-stream',
    purpose: 'relays at layers 4 and 7, and is the server of HTTP',
    isForSome: true,
  },
  { name: 'wrk', kind: 'instrument', package: 'wrk', purpose: 'drives HTTP/1.1', isForSome: true },
  { name: 'h2load', kind: 'instrument', package: 'nghttp2-client', purpose: 'is held against wrk (cross-check-http.ts)', isForSome: true },
  { name: 'socat', kind: 'instrument', package: 'socat', purpose: 'relays at layer 4', isForSome: true },
  { name: 'proxychains4', kind: 'instrument', package: 'proxychains4', purpose: 'sends sockperf through relays' },
  {
    name: 'gcc',
    kind: 'instrument',
    package: 'gcc libc6-dev',
    purpose: 'compiles the probes, the open-loop generator, the ping-pong over Unix-domain sockets and the starter of containers',
  },
  { name: 'ip', kind: 'tool', package: 'iproute2', purpose: 'makes namespaces and devices' },
  { name: 'bridge', kind: 'tool', package: 'iproute2', purpose: 'fills forwarding tables' },
  { name: 'ss', kind: 'tool', package: 'iproute2', purpose: 'proves that a relay relayed, and which Unix-domain sockets are joined' },
  { name: 'ethtool', kind: 'tool', package: 'ethtool', purpose: 'switches offloads' },
  { name: 'nft', kind: 'tool', package: 'nftables', purpose: 'writes rules, translations and maps', isForSome: true },
  { name: 'iptables-restore', kind: 'tool', package: 'iptables', purpose: 'writes the same as chains of rules', isForSome: true },
  { name: 'tc', kind: 'tool', package: 'iproute2', purpose: 'attaches programs that redirect', isForSome: true },
  { name: 'bpftool', kind: 'tool', package: 'bpftool', purpose: 'counts the runs of such programs for explain --prove', isForSome: true },
  { name: 'podman', kind: 'tool', package: 'podman runc netavark', purpose: 'builds with engine podman', isForSome: true },
  { name: 'runc', kind: 'tool', package: 'runc', purpose: "starts programs in an engine's containers", isForSome: true },
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
    // As every measurement does: a namespace may only choose what the initial one allows.
    for (const name of ['cubic', 'reno']) allowCongestionControl(run.journal, name)
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
