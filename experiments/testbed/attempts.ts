/** Every element that the testbed builds, with the steps that try it in a namespace of its own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { objectFile, PROGRAM_SECTION, redirectProgram } from './bpf-object.js'

export interface Element {
  readonly name: string
  readonly kind: 'privilege' | 'driver' | 'policy' | 'setting' | 'link' | 'instrument' | 'tool'
  readonly measurable: boolean
  /** What was tried, or why it can't be measured. */
  readonly reason: string
  /** The command that installs what is missing; null where nothing is, or nothing helps. */
  readonly install: string | null
}

export interface Attempt {
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

export const ATTEMPTS: readonly Attempt[] = [
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
