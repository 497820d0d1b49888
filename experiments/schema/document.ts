/**
 * The schema of the experiment file: its keys with type, default and meaning. Types, checks, the reference page and the JSON Schema all come
 * from here; a key that is not written here does not exist. Values leave it in base units (bytes, ns, bit/s).
 */
import * as z from 'zod'
import type { Driver } from '../../models/topology/scenario.js'
import { LARGEST_DATAGRAM_BYTES } from '../../models/transport/unix.js'
import { anySingleValue, choice, flag, nameOf, parsed, pattern, quantity, wholeNumber } from './leaves.js'
import { parseQuantity } from './units.js'

const NOT_BUILT = 'not built yet'

/** Names of hosts, containers, ...: short enough for the kernel's device names and free of the dots of swept paths. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,23}$/

/** Largest payload of a UDP datagram: 65535 - 20 (IPv4 header, RFC 791) - 8 (UDP header, RFC 768). */
export const MAX_UDP_PAYLOAD_BYTES = 65_507
/** The header of sockperf's messages (MsgHeader, sockperf 3.7): it refuses `-m 13`. */
export const MIN_MESSAGE_BYTES = 14
/** sockperf 3.7 takes no longer one over TCP (src/defs.h, MAX_TCP_SIZE). */
const MAX_MESSAGE_BYTES = 1_048_575

/** Datagrams over Unix-domain sockets: the socket's buffer less 32 (unix_dgram_sendmsg()). */
export const MAX_UNIX_DATAGRAM_BYTES = LARGEST_DATAGRAM_BYTES

/** RFC 791: every link carries 68 bytes; 65536 is the loopback's MTU in Linux (drivers/net/loopback.c). */
const MTU_RANGE = { least: 68, most: 65_536, bare: true }

/** An MTU where the file gives none, bytes. The overlay's is an Ethernet frame's minus VXLAN's 50 (RFC 7348, over IPv4). */
export const DEFAULT_MTU_BYTES: Readonly<Record<Driver, number>> = {
  bridge: 1500,
  veth: 1500,
  routed: 1500,
  macvlan: 1500,
  'ebpf-redirect': 1500,
  overlay: 1450,
  shared: 65_536,
  host: 65_536,
  none: 1500,
}

/** Rules of a chain, and services in a table. */
const MAX_RULES = 10_000
/** A classic BPF program has 4096 instructions (BPF_MAXINSNS, include/uapi/linux/bpf_common.h); a rule takes a few, for each call. */
const MAX_SECCOMP_RULES = 100
/** The instrument's own bound (experiments/testbed/instruments/start-up.c, MOST_AT_ONCE). */
const MAX_AT_ONCE = 64
/** Writes of a stream: smaller ones would be more messages under way than the model counts; iperf3 takes no more (MAX_BLOCKSIZE). */
const WRITE_RANGE = { least: 1024, most: 1_048_576 }
/** From what the kernel gives at least (SOCK_MIN_SNDBUF, rounded up) to net.core.wmem_max and rmem_max of Linux 6.18. */
const BUFFER_RANGE = { least: 4096, most: 4_194_304 }
/** Namespaces that forward on the way of one link: each stretch of cable takes four addresses of a /24. */
const MAX_HOPS = 16

const name = z.string().regex(NAME_PATTERN)

const machine = z.strictObject({
  cores: wholeNumber('Cores of the machine. Core 0 also serves interrupts and everything that is not pinned.', 1, 1024).prefault(2),
  idle: choice(
    ['as-found', 'never'],
    'Whether idle cores may sleep: as the machine was found, or never (a SCHED_IDLE spinner on each core).',
  ).prefault('as-found'),
})

/** What a host or a router does with the packets that it forwards. */
const policy = {
  firewall: choice(['nftables', 'iptables'], 'The program that writes its rules, its translations and its services.').optional(),
  rules: wholeNumber(
    'Rules of its forward chain that match nothing, before the one that lets packets pass. Without the key there is no chain.',
    0,
    MAX_RULES,
  ).optional(),
  conntrack: flag('Connection tracking of all its packets, though no translation needs it.').optional(),
  masquerade: flag('What it forwards leaves with the address of the device that it leaves by.').optional(),
}

const host = z.strictObject({
  machine: nameOf('machine', 'The machine whose kernel and cores it uses. Two hosts on one machine share both.'),
  ...policy,
})

const volume = z.strictObject({
  host: nameOf('host', 'The host that holds it, whose containers can mount it.'),
})

const link = z.strictObject({
  between: z.array(nameOf('host', 'A host.')).length(2).describe('The two hosts that it joins.'),
  kind: choice(
    ['veth', 'physical'],
    'A veth pair between two hosts of one machine, or a cable between network cards (uncalibrated).',
  ).prefault('veth'),
  rate: quantity('bit rate', 'Rate of a physical link.', { least: 1e3, most: 1e12 }).optional(),
  delay: quantity('duration', 'Propagation delay of a physical link, one way.', { least: 0, most: 1e10 }).optional(),
  mtu: quantity('size', 'Largest IP packet that it carries.', { ...MTU_RANGE, most: 65_535 }).prefault(1500),
  hops: wholeNumber('Namespaces that forward on its way (kind veth), joined by veth pairs.', 0, MAX_HOPS).optional(),
})

const network = z.strictObject({
  driver: choice(
    ['shared', 'host', 'none', 'bridge', 'veth', 'routed', 'macvlan', 'ebpf-redirect', 'overlay'],
    "How it is built: one namespace for all its containers (shared: a pod), the host's own namespace, no network, a Linux bridge, one veth pair, a pair for each container into its host, which forwards (routed), macvlan devices in bridge mode, pairs whose packets a tc program sends straight into the other container (ebpf-redirect), VXLAN.",
  ),
  subnet: pattern(
    /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/,
    'an IPv4 prefix such as 10.70.0.0/24',
    'IPv4 prefix of its addresses; unused by shared and host.',
  ).optional(),
  mtu: quantity('size', 'Largest IP packet of its devices.', MTU_RANGE).optional(),
  bridges: wholeNumber('Bridges in a chain, joined by veth pairs (driver bridge).', 1, 16).prefault(1),
  ends: choice(
    ['bridge', 'direct'],
    'Driver overlay: a bridge on each host in front of the VXLAN device, or the device in the container itself.',
  ).prefault('bridge'),
  vni: wholeNumber('VXLAN network identifier (driver overlay).', 1, 16_777_215).prefault(1),
  gateway: flag('The host has its first address on the (first) bridge, and forwards for its containers (driver bridge).').optional(),
})

const scheduling = () =>
  choice(['other', 'batch'], 'Scheduling policy: SCHED_OTHER, or SCHED_BATCH, which never preempts on a wake-up.').prefault('other')
const core = () => wholeNumber('Core that its processes are pinned to.', 0, 1023).prefault(1)
const bridge = () => wholeNumber('Which bridge of a chain it is attached to, counted from 1.', 1, 16).prefault(1)

const seccomp = {
  seccomp: choice(
    ['none', 'engine', 'rules'],
    "Filter of its system calls (engine podman): none, the engine's default profile, or `seccomp-rules` of them.",
  ).optional(),
  'seccomp-rules': wholeNumber(
    'Rules that read an argument of each call that instruments and relays make (seccomp: rules).',
    1,
    MAX_SECCOMP_RULES,
  ).optional(),
}

/** Bounds: max_cfs_quota_period and min_cfs_quota_period (kernel/sched/core.c). */
const QUOTA_RANGE = { least: 1e6, most: 1e9 }
const quota = {
  'cpu-quota': quantity('duration', 'What its processes may run for in each `cpu-period` (`cpu.cfs_quota_us`).', QUOTA_RANGE).optional(),
  'cpu-period': quantity('duration', 'The period of its `cpu-quota` (`cpu.cfs_period_us`).', QUOTA_RANGE).optional(),
}

const container = z.strictObject({
  host: nameOf('host', 'The host that it runs on.'),
  core: core(),
  networks: z.array(nameOf('network', 'A network.')).describe('The networks that it is attached to.').prefault([]),
  volumes: z.array(nameOf('volume', 'A volume.')).describe('The volumes that it mounts.').optional(),
  bridge: bridge(),
  policy: scheduling(),
  'no-delay': flag('TCP_NODELAY on its sockets.').optional(),
  ...seccomp,
  ...quota,
  publish: wholeNumber("Port of its host's address that leads to it (destination translation).", 1, 65_535).optional(),
})

const router = z.strictObject({
  host: nameOf('host', 'The host that it runs on.'),
  networks: z.array(nameOf('network', 'A network.')).min(1).describe('The networks that it forwards between.'),
  bridge: bridge(),
  ...policy,
})

const service = z.strictObject({
  backends: z
    .array(nameOf('container', 'A container.'))
    .min(1)
    .describe('The containers that its connections are spread over, at random. All hosts translate its address.'),
  count: wholeNumber('Services in the tables of each host, this one the last of them.', 1, MAX_RULES).prefault(1),
})

const proxy = z.strictObject({
  kind: choice(
    ['socks5', 'tcp', 'http'],
    'Protocol of the proxy: SOCKS5; none (tcp: a relay at layer 4, which clients call as if it were the server); or HTTP/1.1 (a relay at layer 7, called likewise, for workloads of kind http).',
  ).prefault('socks5'),
  program: choice(
    ['microsocks', 'dante', 'haproxy', 'nginx', 'socat'],
    'The program that relays: microsocks or dante (socks5); HAProxy in TCP mode, nginx (stream) or socat (tcp); HAProxy in HTTP mode or nginx (http).',
  ).optional(),
  host: nameOf('host', 'The host that it runs on.'),
  core: core(),
  network: nameOf('network', 'The network that clients reach it on and that it reaches servers on.'),
  bridge: bridge(),
  policy: scheduling(),
  ...seccomp,
  ...quota,
  beside: nameOf('container', 'A sidecar: the container whose namespace it shares.').optional(),
  authentication: choice(
    ['none', 'password'],
    'Whether its clients have to say who they are, by a name and a password (kind socks5; RFC 1929).',
  ).optional(),
  buffer: quantity('size', 'What one read of the relay takes.', { least: 1, most: 2 ** 20 }).optional(),
  'no-delay': flag("TCP_NODELAY on the relay's two sockets.").optional(),
})

const tcp = z.strictObject({
  'congestion-control': choice(['cubic', 'reno'], 'Congestion control of every socket.', { later: { bbr: 'not modelled yet' } }).prefault(
    'cubic',
  ),
  'no-delay': flag('TCP_NODELAY on the sockets of containers that do not say otherwise.').prefault(true),
  'quick-ack': flag('Acknowledge every segment at once (route attribute `quickack 1`).').prefault(false),
  'bridge-nf-call-iptables': flag('Whether bridged packets pass the IP hooks of netfilter.').prefault(false),
  offloads: flag('TSO, GSO, GRO and checksum offload of the virtual devices.').prefault(true),
  mtu: quantity('size', 'MTU of every network, whatever the networks say.', MTU_RANGE).optional(),
  rps: flag('Receive packet steering (`queues/rx-0/rps_cpus`).').prefault(false),
})

const workload = z.strictObject({
  kind: choice(
    ['ping-pong', 'open-loop', 'start', 'connect', 'stream', 'http'],
    'What the flow does. ping-pong: one message at a time, answered with the same size. open-loop: messages at times that nothing delays, each answered with the same size; the client spins. start: containers such as the client are created, network and all, each until its first message is answered. connect: one connection after the other, each of one message, answered with the same size. stream: bulk data from the client to the server, as much as the path takes. http: one request of HTTP/1.1 at a time on a connection that stands, answered with a body of that size.',
    { decides: true, later: { 'closed-loop': NOT_BUILT } },
  ).prefault('ping-pong'),
  message: quantity(
    'size',
    "Size of the request and of the reply (http: of the reply's body); at most 65507 B over UDP, 212960 B over unix-datagram.",
    {
      least: MIN_MESSAGE_BYTES,
      most: MAX_MESSAGE_BYTES,
    },
  ).optional(),
  rate: quantity('message rate', 'Messages that the client intends to send (open-loop).', { least: 1, most: 10_000_000 }).optional(),
  arrivals: choice(
    ['poisson', 'constant'],
    'Times between the messages (open-loop): exponentially distributed, or all the same.',
  ).optional(),
  'at-once': wholeNumber(
    "Containers that start at one moment (start): the first on the client's core, each further one on the next core of the machine, in turn.",
    1,
    MAX_AT_ONCE,
  ).optional(),
  write: quantity('size', 'What the client hands over with each write (stream).', WRITE_RANGE).optional(),
  read: quantity('size', 'What one read of the server takes at most (stream).', WRITE_RANGE).optional(),
  'send-buffer': quantity(
    'size',
    "SO_SNDBUF of both ends' sockets, of which the kernel takes the double (stream).",
    BUFFER_RANGE,
  ).optional(),
  'receive-buffer': quantity(
    'size',
    "SO_RCVBUF of both ends' sockets, of which the kernel takes the double (stream).",
    BUFFER_RANGE,
  ).optional(),
})

const flow = z.strictObject({
  from: nameOf('container', 'The client.'),
  to: nameOf('container', 'The server; or a service.'),
  published: flag('The client connects to the port that the server publishes on its host.').optional(),
  transport: choice(
    ['tcp', 'udp', 'unix-stream', 'unix-datagram'],
    'Transport protocol; or a Unix-domain socket in a volume that both ends mount, of streams or of datagrams (connected at both ends).',
    { later: { unix: 'unix-stream or unix-datagram' } },
  ).prefault('tcp'),
  via: z.array(nameOf('proxy', 'A proxy.')).describe('Proxies on the way, in the order of the request.').prefault([]),
  network: nameOf('network', 'The network that it uses.').optional(),
  volume: nameOf('volume', 'The volume that holds its Unix-domain socket.').optional(),
  workload: workload.describe('What is sent.'),
})

const scenarioShape = {
  engine: choice(
    ['netns', 'cni', 'podman'],
    "Who builds containers, their networks and published ports: Fairway's own commands, the reference CNI plugins (bridge, ptp, macvlan, portmap), or Podman (netavark, runc).",
  ).optional(),
  machines: z.record(name, machine).describe('Kernels and their cores.'),
  hosts: z.record(name, host).describe('Network namespaces that play hosts.'),
  links: z.array(link).describe('Cables between hosts.').prefault([]),
  networks: z.record(name, network).describe('Networks between containers.'),
  routers: z.record(name, router).describe('Network namespaces that forward between networks.').prefault({}),
  volumes: z.record(name, volume).describe('Folders that containers of one host share.').prefault({}),
  containers: z.record(name, container).describe('Containers: network namespaces with processes.'),
  services: z.record(name, service).describe('Virtual addresses, each balanced over containers.').prefault({}),
  proxies: z.record(name, proxy).describe('User-space relays.').prefault({}),
  tcp: tcp.describe('Settings of TCP and of the devices below it; the testbed sets them and never inherits them.').prefault({}),
  flows: z.record(name, flow).describe('Who talks to whom.'),
}

/** What a network model may change and a sweep may set. */
export const SCENARIO_KEYS = Object.keys(scenarioShape)

/** The same keys, none of them required and none with a default: what differs from a base. */
export function asDifference(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) return asDifference(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, value]) => [key, asDifference(value).optional()])
    return describedAs(schema, z.strictObject(Object.fromEntries(shape)))
  }
  if (schema instanceof z.ZodRecord)
    return describedAs(schema, z.record(schema.keyType as z.ZodString, asDifference(schema.valueType as z.ZodType)))
  return schema
}

const describedAs = (from: z.ZodType, to: z.ZodType): z.ZodType => (from.description === undefined ? to : to.describe(from.description))

const stop = z.strictObject({
  replications: wholeNumber('Independent replications of each point.', 1, 10_000).prefault(10),
  messages: wholeNumber('Messages counted in each replication, after the warm-up.', 1, 10_000_000).prefault(10_000),
  'half-width': parsed(
    parseHalfWidth,
    'a share of a statistic such as "2 % of p50"',
    'Add replications until the 95 % interval from chance is at most this share of the statistic on either side: p50, p90, p99, p99.9 or mean.',
  ).optional(),
  'at-most': wholeNumber('Replications after which none are added.', 1, 10_000).optional(),
})

export const FIGURES = [
  'latency-by-size',
  'latency-cdf',
  'latency-tail',
  'latency-load',
  'throughput',
  'stage-breakdown',
  'stage-waterfall',
  'processor-time',
  'timeline',
  'validation',
  'residuals',
  'ranks',
  'published',
  'sensitivity',
] as const

const EXPERIMENT_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

/** May an experiment, its file and its result folder be called so? */
export function isExperimentName(text: string): boolean {
  return EXPERIMENT_NAME.test(text)
}

export const documentSchema = z.strictObject({
  name: pattern(EXPERIMENT_NAME, 'a name of letters, digits, "-" and "_"', 'Name of the experiment, and of its result folder.'),
  extends: nameOf('file', 'Another experiment that this one is written on top of: what differs is all that is written here.').optional(),
  profile: pattern(
    /^[^\0]{1,255}$/,
    'the name of a profile or a file',
    'The calibrated profile that gives every stage its cost.',
  ).optional(),
  ...scenarioShape,
  models: z
    .record(name, asDifference(z.strictObject(scenarioShape)))
    .describe('Network models: named variants, each says only what differs. Mappings are merged, lists and values replaced.')
    .prefault({}),
  sweep: z
    .record(z.string(), z.array(anySingleValue('A value.')).min(1))
    .describe(
      'Values for `model` and for dotted paths such as `flows.ping.workload.message`; every combination is a point, the first key changes slowest.',
    )
    .prefault({}),
  stop: stop.describe('When a point has been simulated enough.').prefault({}),
  seed: wholeNumber('Seed of all random streams.', 0, 4_294_967_295).prefault(1),
  baseline: nameOf('network model', 'The network model that others are compared with.').optional(),
  report: z
    .array(choice(FIGURES, 'A figure.'))
    .describe('Figures of the report.')
    .prefault([...FIGURES]),
})

export type ExperimentDocument = z.output<typeof documentSchema>

/** Defaults that depend on other keys, in words; `conditional.ts` computes them. */
export const CONDITIONAL_DEFAULTS: Readonly<Record<string, string>> = {
  engine: '`netns`',
  'networks.NAME.subnet': '`10.70.N.0/24` for the N-th network of the file, counted from 0',
  'networks.NAME.gateway': '`false`',
  'hosts.NAME.firewall': '`nftables`',
  'hosts.NAME.rules': 'no chain',
  'hosts.NAME.conntrack': '`false`',
  'hosts.NAME.masquerade': '`false`',
  'routers.NAME.firewall': '`nftables`',
  'routers.NAME.rules': 'no chain',
  'routers.NAME.conntrack': '`false`',
  'routers.NAME.masquerade': '`false`',
  'links[].hops': '`0`',
  'containers.NAME.volumes': 'none',
  'containers.NAME.publish': 'none',
  'containers.NAME.cpu-quota': 'none',
  'containers.NAME.cpu-period': '`100 ms` where there is a quota',
  'proxies.NAME.cpu-quota': 'none',
  'proxies.NAME.cpu-period': '`100 ms` where there is a quota',
  'flows.NAME.published': '`false`',
  'networks.NAME.mtu': '1500; overlay 1450; shared and host 65536',
  'containers.NAME.seccomp': '`engine` where the engine is podman, else `none`',
  'containers.NAME.seccomp-rules': 'none; required for `seccomp: rules`',
  'proxies.NAME.authentication': '`none`',
  'proxies.NAME.seccomp': '`engine` where the engine is podman, else `none`',
  'proxies.NAME.seccomp-rules': 'none; required for `seccomp: rules`',
  'proxies.NAME.program': '`microsocks`; of kind tcp `haproxy`, of kind http `nginx`',
  'proxies.NAME.buffer': "the program's own: microsocks 1024 B, dante 64 KiB, haproxy and nginx 16 KiB, socat 8 KiB",
  'proxies.NAME.no-delay': "as the program has it: haproxy and nginx set it, microsocks and socat don't, dante towards the server",
  'proxies.NAME.beside': 'a namespace of its own',
  'containers.NAME.no-delay': 'as `tcp.no-delay`',
  'flows.NAME.workload.message': 'none; required but for `kind: stream`',
  'flows.NAME.workload.write': 'none; required for `kind: stream`',
  'flows.NAME.workload.read': 'as `write`',
  'flows.NAME.workload.send-buffer': 'tuned by the kernel',
  'flows.NAME.workload.receive-buffer': 'tuned by the kernel',
  'flows.NAME.workload.rate': 'none; required for `kind: open-loop`',
  'flows.NAME.workload.arrivals': '`poisson`',
  'flows.NAME.workload.at-once': '`1`',
  'flows.NAME.network': 'the only network that both ends and every proxy of `via` share; where they share none, the only one of the server',
  'flows.NAME.volume': 'the only volume that both ends mount (unix-stream, unix-datagram)',
  'tcp.mtu': 'none: each network has its own',
  'links[].rate': 'none; required for `kind: physical`',
  'links[].delay': 'none; required for `kind: physical`',
  'stop.half-width': 'none: no replications are added',
  'stop.at-most': 'as `stop.replications`; with a `half-width` four times that',
  'sweep.model': 'every network model, in the order of the file',
  extends: 'none',
  profile: 'the one that ships with Fairway',
  baseline: 'none',
}

const STATISTICS = ['p50', 'p90', 'p99', 'p99.9', 'mean']

function parseHalfWidth(text: string): { readonly relative: number; readonly statistic: string } | null {
  const match = /^([\d.]{1,12} ?%) of ([a-z0-9.]{1,8})$/.exec(text)
  const share = match === null ? null : parseQuantity(match[1]!)
  const statistic = match?.[2] ?? ''
  if (share === null || !(share.value > 0 && share.value < 1) || !STATISTICS.includes(statistic)) return null
  return { relative: share.value, statistic }
}
