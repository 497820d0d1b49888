/**
 * A scenario: one network model at one point of a sweep, as plain data in base units (bytes, nanoseconds, bit/s).
 * It is what an experiment file becomes after parsing, and all that `models/` and the testbed need to know.
 */

export type Driver = 'shared' | 'host' | 'none' | 'bridge' | 'veth' | 'routed' | 'macvlan' | 'ebpf-redirect' | 'overlay'

/** Who builds the containers' side of a topology: Fairway itself, the reference CNI plugins, or Podman (netavark, runc). */
export type Engine = 'netns' | 'cni' | 'podman'

/** How the kernel schedules a process: SCHED_OTHER, or SCHED_BATCH, which never preempts on a wake-up. */
export type SchedulingPolicy = 'other' | 'batch'

/** A kernel and its cores. `idle: 'never'` keeps a SCHED_IDLE spinner on each core, so that no wake-up leaves the idle state. */
export interface Machine {
  readonly cores: number
  readonly idle: 'as-found' | 'never'
}

/** What a namespace that forwards does with packets beside forwarding them; absent where it does nothing. */
export interface Policy {
  /** The program that writes the rules below. */
  readonly firewall: 'nftables' | 'iptables'
  /** Rules of the forward chain that match nothing, before the one that lets packets pass; absent: there is no such chain. */
  readonly rules?: number
  /** Connection tracking though no translation needs it. */
  readonly conntrack: boolean
  /** What it forwards leaves with the address of the device that it leaves by. */
  readonly masquerade: boolean
}

/** A folder of a host that its containers can mount: the Unix-domain sockets in it are theirs in common. */
export interface Volume {
  readonly host: string
}

/** A network namespace that plays a host, on a machine. */
export interface Host {
  readonly machine: string
  readonly policy?: Policy
}

/** A namespace on a host that joins networks as a container does, and forwards between them. */
export interface Router {
  readonly host: string
  readonly networks: readonly string[]
  /** Which bridge of a chain it is attached to, counted from 1. */
  readonly bridge: number
  readonly policy?: Policy
}

/** A cable between two hosts. `physical` links have a rate and a delay; their NIC stages are uncalibrated on this testbed. */
export interface Link {
  readonly between: readonly [string, string]
  readonly kind: 'veth' | 'physical'
  readonly mtuBytes: number
  readonly rateBps?: number
  readonly delayNs?: number
  /** Namespaces that forward on the way of a `veth` link; absent: none. */
  readonly hops?: number
}

export interface Network {
  readonly driver: Driver
  /** IPv4 prefix, such as `10.70.0.0/24`. */
  readonly subnet: string
  readonly mtuBytes: number
  /** Bridges in a chain on each host, joined by veth pairs (driver `bridge`). */
  readonly bridges: number
  /** Driver `overlay`: a bridge on each host between the containers and the VXLAN device, or the device in the container itself. */
  readonly ends: 'bridge' | 'direct'
  readonly vni: number
  /** Driver `bridge`: the host has the network's first address on the bridge, and forwards for its containers. */
  readonly gateway?: boolean
}

/** The system-call filter of a process in an engine's container: none, or rules that read arguments in place of the engine's own profile. */
export interface SeccompChoice {
  /** Rules that read an argument of each call that the instruments make; 0: no filter at all. Absent: the engine's default profile. */
  readonly seccompRules?: number
}

/** CPU bandwidth control (cgroup v1 `cpu.cfs_quota_us`): what its processes may run for in each period. */
export interface CpuQuota {
  readonly quotaNs: number
  readonly periodNs: number
}

export interface Container extends SeccompChoice {
  readonly host: string
  readonly core: number
  readonly networks: readonly string[]
  /** Absent: none. */
  readonly volumes?: readonly string[]
  /** Which bridge of a chain this end is attached to, counted from 1. */
  readonly bridge: number
  readonly policy: SchedulingPolicy
  /** TCP_NODELAY on this end's sockets. */
  readonly noDelay: boolean
  /** Port of its host's address that stands for this container (destination translation). */
  readonly publish?: number
  /** Absent: none, and no control group of its own. */
  readonly quota?: CpuQuota
}

/** A virtual address that every host translates to one of the backends, chosen at random for each connection. */
export interface Service {
  readonly backends: readonly string[]
  /** Services in the tables of each host; this one stands last. */
  readonly count: number
}

/** A user-space relay between client and server: SOCKS5, or at layer 4 (`tcp`) or 7 (`http`), which clients call as if it were the server. */
export interface Proxy extends SeccompChoice {
  readonly kind: 'socks5' | 'tcp' | 'http'
  readonly program: 'microsocks' | 'dante' | 'haproxy' | 'nginx' | 'socat'
  readonly host: string
  readonly core: number
  readonly network: string
  readonly bridge: number
  readonly policy: SchedulingPolicy
  /** What one read takes. */
  readonly bufferBytes: number
  /** TCP_NODELAY on both of its sockets, or on the one towards the server. */
  readonly noDelay: boolean | 'server'
  /** Its clients have to say who they are, by a name and a password (socks5; RFC 1929). Absent: they need not. */
  readonly authenticates?: true
  /** A sidecar: it lives in the namespace of this container. */
  readonly beside?: string
  readonly quota?: CpuQuota
}

export interface TcpSettings {
  readonly congestionControl: 'cubic' | 'reno'
  /** Acknowledge every segment at once (route attribute `quickack 1`). */
  readonly quickAck: boolean
  /** TSO, GSO, GRO and checksum offload of the virtual devices. */
  readonly offloads: boolean
  /** Receive packet steering (`queues/rx-0/rps_cpus`). */
  readonly rps: boolean
  /** net.bridge.bridge-nf-call-iptables in the namespace that holds the bridge. */
  readonly bridgeNfCallIptables: boolean
}

/** One message at a time: the client sends, the server answers with the same size. */
export interface PingPong {
  readonly kind: 'ping-pong'
  readonly messageBytes: number
}

/**
 * Messages at times that nothing delays: `arrivals` are as far apart as the rate says (`constant`), or exponentially distributed (`poisson`). The
 * server answers each with one of the same size. Response times count from the intended time; the client spins, on a core of its own.
 */
export interface OpenLoop {
  readonly kind: 'open-loop'
  readonly messageBytes: number
  readonly ratePerSecond: number
  readonly arrivals: 'constant' | 'poisson'
}

/**
 * Containers that are started: `atOnce` of them, like the client, begin at one moment, the i-th on core (the client's + i) modulo the machine's cores.
 * Each is timed from the create call to the answer to its first message.
 */
export interface Start {
  readonly kind: 'start'
  readonly messageBytes: number
  readonly atOnce: number
}

/**
 * One connection after the other: opened, through whatever SOCKS5 proxies are on the way; one request and a reply of the same size; closed, by whoever
 * answered first. Each is timed from socket() to the return of close().
 */
export interface Connect {
  readonly kind: 'connect'
  readonly messageBytes: number
}

/** One request of HTTP/1.1 at a time on a connection that stands; `messageBytes` is the reply's body. */
export interface Http {
  readonly kind: 'http'
  readonly messageBytes: number
}

/** Bulk data one way over TCP, as much as the path takes. A message is one write. */
export interface Stream {
  readonly kind: 'stream'
  /** What one write hands over. */
  readonly messageBytes: number
  /** What one read takes at most. */
  readonly readBytes: number
  /** SO_SNDBUF and SO_RCVBUF of both ends' sockets (the kernel takes the double); absent: the kernel tunes them. */
  readonly sendBufferBytes?: number
  readonly receiveBufferBytes?: number
}

export type Workload = PingPong | OpenLoop | Start | Connect | Stream | Http

/** What is measured of a message: half of the round trip, or all of it from the intended send time; of a connection, all of it; of a container, its start. */
export type TimeMetric = 'latency' | 'response-time' | 'start-up'

/** What is measured of a flow: what its messages take, or how much of them arrives. */
export type FlowMetric = TimeMetric | 'throughput'

const METRICS = {
  'ping-pong': 'latency',
  'open-loop': 'response-time',
  start: 'start-up',
  connect: 'response-time',
  stream: 'throughput',
  http: 'response-time',
} as const

export function metricOf({ kind }: Workload): FlowMetric {
  return METRICS[kind]
}

/** Whether a scenario's messages have a connection each: its only flow's. */
export function connects({ flows }: Scenario): boolean {
  return Object.values(flows).some(({ workload }) => workload.kind === 'connect')
}

/** The flow that starts containers: the only one of its scenario; undefined where messages are exchanged between containers that run. */
export function startOf({ flows }: Scenario): (Flow & { readonly name: string; readonly workload: Start }) | undefined {
  const [found] = Object.entries(flows).filter(([, { workload }]) => workload.kind === 'start')
  return found === undefined ? undefined : { ...found[1], name: found[0], workload: found[1].workload as Start }
}

export type InternetTransport = 'tcp' | 'udp'
export type UnixTransport = 'unix-stream' | 'unix-datagram'
export type Transport = InternetTransport | UnixTransport

export function isUnix(transport: Transport): transport is UnixTransport {
  return transport === 'unix-stream' || transport === 'unix-datagram'
}

export interface Flow {
  readonly from: string
  readonly to: string
  readonly transport: Transport
  readonly via: readonly string[]
  /** The network that both ends are attached to; with a proxy, the one that the proxies share with them. Empty over a Unix-domain socket. */
  readonly network: string
  /** The volume that holds the flow's Unix-domain socket. */
  readonly volume?: string
  /** The client connects to the port that `to` publishes on its host, not to its own address. */
  readonly published?: boolean
  /** The client connects to this service's address; `to` is its first backend. */
  readonly service?: string
  readonly workload: Workload
}

type Named<T> = Readonly<Record<string, T>>

export interface Scenario {
  /** Absent: Fairway's own commands. */
  readonly engine?: Exclude<Engine, 'netns'>
  readonly machines: Named<Machine>
  readonly hosts: Named<Host>
  readonly links: readonly Link[]
  readonly networks: Named<Network>
  readonly routers?: Named<Router>
  readonly volumes?: Named<Volume>
  readonly containers: Named<Container>
  readonly services?: Named<Service>
  readonly proxies: Named<Proxy>
  readonly tcp: TcpSettings
  readonly flows: Named<Flow>
}
