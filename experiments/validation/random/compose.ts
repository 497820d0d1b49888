/**
 * Topologies that nobody chose: drawn from the catalogue of elements with a stream of their own each, so that the first N of a seed are the
 * same however many are asked for.
 *
 * Drawn: the network (shared namespace, veth pair, chain of one to four bridges with bridge netfilter or without, overlay with a bridge on
 * each host or none), a SOCKS relay where the network lets a third process join, its place, the transport (UDP without a relay), each
 * process's scheduling policy, and the size of the message. More than half of the other topologies hold elements that forward
 * (`compose-routed.ts`), a quarter are relays of any program, sidecars and chains of them (`compose-relayed.ts`), one in ten is a
 * Unix-domain socket. Not drawn: cores, for everything runs on core 1 (placements on two lie outside the region of trust); engines and their
 * isolation, which a file has for all of its points; quotas, whose median says nothing of the path.
 */
import { createStream, type RandomStream } from '../../../sim/index.js'
import { canonicalJson } from '../../canonical-json.js'
import { DEFAULT_MTU_BYTES, MIN_MESSAGE_BYTES } from '../../schema/document.js'
import { drawRelayed, type RelayProgramName } from './compose-relayed.js'
import { type Composed, drawComposed } from './compose-routed.js'
import { between, chance, logBetween, pick } from './draws.js'

/** Addresses these draws among all others of a seed. */
const COMPOSITION = 0xfa12

const CORE = 1
const MOST_BRIDGES = 4
const LARGEST_BYTES = 16_384
/** What microsocks 1.0.3 reads at a time: a longer message stalls for a timer, so that its latency says little of the path. */
const RELAY_BUFFER_BYTES = 1024
/** IPv4 with UDP, and IPv4 with TCP and its time stamps. */
const HEADER_BYTES = { udp: 28, tcp: 52 } as const
/** Of how many topologies one may send more than the relay's buffer through a relay. */
const ONE_STALL_IN = 10

/** The share of topologies over a Unix-domain socket; that of those through relays of any program among the others; and of those that forward among the rest. */
const UNIX_SHARE = 0.1
const RELAYED_SHARE = 0.25
const FORWARDING_SHARE = 0.6

/** Which elements are drawn, beside those that every profile knows: as far as the profile has their stages. */
export interface Catalogue {
  readonly forwarding: boolean
  readonly unix: boolean
  /** Programs of which chains of relays are made. */
  readonly relays: readonly RelayProgramName[]
}

export const WHOLE_CATALOGUE: Catalogue = {
  forwarding: true,
  unix: true,
  relays: ['microsocks', 'dante', 'haproxy', 'nginx', 'socat'],
}

/** What every profile knows. */
export const PLAIN_CATALOGUE: Catalogue = { forwarding: false, unix: false, relays: [] }

type Transport = keyof typeof HEADER_BYTES
type Network =
  | { readonly driver: 'shared' }
  | { readonly driver: 'veth' }
  | { readonly driver: 'bridge'; readonly bridges: number; readonly netfilter: boolean }
  | { readonly driver: 'overlay'; readonly ends: 'bridge' | 'direct'; readonly netfilter: boolean }
  | Composed

interface Topology {
  readonly network: Network
  readonly transport: Transport
  readonly relay: { readonly host: string; readonly bridge: number; readonly policy: string } | null
  readonly policies: { readonly client: string; readonly server: string }
  readonly messageBytes: number
}

/** The experiment document `random-SEED`: one network model a topology, one point each. */
export function composeExperiment(seed: number, count: number, catalogue: Catalogue = WHOLE_CATALOGUE): Record<string, unknown> {
  const topologies = compose(seed, count, catalogue)
  const names = topologies.map((_, i) => `t${String(i + 1).padStart(2, '0')}`)
  return {
    name: `random-${seed}`,
    machines: { m1: { cores: 2 } },
    hosts: { h1: { machine: 'm1' } },
    networks: { net: { driver: 'shared' } },
    containers: { server: { host: 'h1', core: CORE, networks: ['net'] }, client: { host: 'h1', core: CORE, networks: ['net'] } },
    tcp: { 'congestion-control': 'cubic', 'no-delay': true },
    flows: { ping: { from: 'client', to: 'server', transport: 'tcp', workload: { kind: 'ping-pong', message: '64 B' } } },
    models: Object.fromEntries(topologies.map(({ model }, i) => [names[i], model])),
    sweep: { model: names },
    seed,
  }
}

/** One topology as its network model says it. */
interface Drawn {
  readonly model: Record<string, unknown>
  /** Longer than what a relay passes on at once, so that it may wait for a timer. */
  readonly mayStall: boolean
}

function compose(seed: number, count: number, catalogue: Catalogue): Drawn[] {
  const drawn: Drawn[] = []
  const seen = new Set<string>()
  let stalls = 0
  for (let i = 0; i < count; i++) {
    const stream = createStream(seed, i, COMPOSITION)
    const another = () => draw(stream, stalls < Math.floor((i + 1) / ONE_STALL_IN), catalogue)
    let topology = another()
    while (seen.has(canonicalJson(topology.model))) topology = another()
    seen.add(canonicalJson(topology.model))
    if (topology.mayStall) stalls++
    drawn.push(topology)
  }
  return drawn
}

function draw(stream: RandomStream, mayStall: boolean, catalogue: Catalogue): Drawn {
  if (catalogue.unix && chance(stream, UNIX_SHARE)) return drawUnix(stream)
  if (catalogue.relays.length > 0 && chance(stream, RELAYED_SHARE)) return drawThroughRelays(stream, mayStall, catalogue.relays)
  const network = catalogue.forwarding && chance(stream, FORWARDING_SHARE) ? drawComposed(stream) : drawNetwork(stream)
  const takesRelay =
    network.driver !== 'composed' && network.driver !== 'veth' && !(network.driver === 'overlay' && network.ends === 'direct')
  const relay = takesRelay && chance(stream, 0.4) ? drawRelay(stream, network) : null
  const transport = relay === null && chance(stream, 1 / 3) ? 'udp' : 'tcp'
  const policies = drawPolicies(stream)
  const messageBytes = drawSize(stream, network, transport, relay !== null, mayStall)
  return {
    model: modelOf({ network, transport, relay, policies, messageBytes }),
    mayStall: relay !== null && messageBytes > RELAY_BUFFER_BYTES,
  }
}

/** Two containers of a host that mount one volume. */
function drawUnix(stream: RandomStream): Drawn {
  const { client, server } = drawPolicies(stream)
  const transport = pick(stream, ['unix-stream', 'unix-datagram'] as const)
  const volumes = ['shared']
  return {
    model: {
      volumes: { shared: { host: 'h1' } },
      containers: { client: { policy: client, volumes }, server: { policy: server, volumes } },
      flows: { ping: { transport, workload: { message: `${logBetween(stream, MIN_MESSAGE_BYTES, LARGEST_BYTES)} B` } } },
    },
    mayStall: false,
  }
}

function drawThroughRelays(stream: RandomStream, mayStall: boolean, programs: Catalogue['relays']): Drawn {
  const { client, server } = drawPolicies(stream)
  const { scenario, containers, proxies, atOnceBytes } = drawRelayed(stream, programs, () => drawPolicy(stream))
  const stalls = atOnceBytes < LARGEST_BYTES && mayStall && chance(stream, 0.5)
  const messageBytes = stalls
    ? logBetween(stream, atOnceBytes + 1, LARGEST_BYTES)
    : logBetween(stream, MIN_MESSAGE_BYTES, Math.min(atOnceBytes, LARGEST_BYTES))
  return {
    model: {
      ...scenario,
      containers: { client: { policy: client, ...containers.client }, server: { policy: server, ...containers.server } },
      proxies: Object.fromEntries(Object.entries(proxies).map(([name, proxy]) => [name, { core: CORE, network: 'net', ...proxy }])),
      flows: { ping: { via: Object.keys(proxies), workload: { message: `${messageBytes} B` } } },
    },
    mayStall: stalls,
  }
}

function drawNetwork(stream: RandomStream): Network {
  switch (pick(stream, ['shared', 'veth', 'bridge', 'bridge', 'bridge', 'overlay', 'overlay'] as const)) {
    case 'shared':
      return { driver: 'shared' }
    case 'veth':
      return { driver: 'veth' }
    case 'bridge':
      return { driver: 'bridge', bridges: between(stream, 1, MOST_BRIDGES), netfilter: chance(stream, 0.5) }
    case 'overlay': {
      const ends = chance(stream, 0.3) ? 'direct' : 'bridge'
      return { driver: 'overlay', ends, netfilter: ends === 'bridge' && chance(stream, 0.5) }
    }
  }
}

function drawRelay(stream: RandomStream, network: Network): NonNullable<Topology['relay']> {
  return {
    host: network.driver === 'overlay' ? pick(stream, ['h1', 'h2']) : 'h1',
    bridge: network.driver === 'bridge' ? between(stream, 1, network.bridges) : 1,
    policy: drawPolicy(stream),
  }
}

const drawPolicy = (stream: RandomStream): 'other' | 'batch' => (chance(stream, 0.25) ? 'batch' : 'other')
const drawPolicies = (stream: RandomStream) => ({ client: drawPolicy(stream), server: drawPolicy(stream) })

/** A quarter each: small, about the relay's buffer, about one segment (or the datagram that just fits), and larger; bytes. */
function drawSize(stream: RandomStream, network: Network, transport: Transport, isRelayed: boolean, mayStall: boolean): number {
  if (isRelayed && !(mayStall && chance(stream, 0.5)))
    return chance(stream, 0.3) ? between(stream, RELAY_BUFFER_BYTES - 64, RELAY_BUFFER_BYTES) : logBetween(stream, MIN_MESSAGE_BYTES, 960)
  if (isRelayed) return logBetween(stream, RELAY_BUFFER_BYTES + 1, LARGEST_BYTES)
  // Over loopback a segment is larger than anything sent here: the size of an Ethernet one is as good as any other.
  const mtu = network.driver === 'composed' ? network.mtuBytes : Math.min(DEFAULT_MTU_BYTES[network.driver], DEFAULT_MTU_BYTES.bridge)
  const segment = mtu - HEADER_BYTES[transport]
  // What is tracked is reassembled on its way: such datagrams stay in one piece.
  const isWhole = transport === 'udp' && network.driver === 'composed' && network.isTracked
  switch (between(stream, 0, isWhole ? 1 : 3)) {
    case 0:
      return logBetween(stream, MIN_MESSAGE_BYTES, 600)
    case 1:
      return between(stream, RELAY_BUFFER_BYTES - 64, RELAY_BUFFER_BYTES + 64)
    case 2:
      return between(stream, segment - 64, segment + 64)
    default:
      return logBetween(stream, mtu + 64, LARGEST_BYTES)
  }
}

/** What the topology's network model says that differs from the document. */
function modelOf({ network, transport, relay, policies, messageBytes }: Topology): Record<string, unknown> {
  if (network.driver === 'composed') {
    const { client, server, ...backends } = network.containers
    return {
      ...network.scenario,
      containers: { ...backends, client: { policy: policies.client, ...client }, server: { policy: policies.server, ...server } },
      flows: { ping: { transport, ...network.flow, workload: { message: `${messageBytes} B` } } },
    }
  }
  const last = network.driver === 'bridge' ? network.bridges : 1
  const isOverlay = network.driver === 'overlay'
  const { netfilter, ...net } = { netfilter: false, ...network }
  return {
    ...(isOverlay && { hosts: { h2: { machine: 'm1' } }, links: [{ between: ['h1', 'h2'], kind: 'veth' }] }),
    networks: { net },
    containers: {
      client: { policy: policies.client },
      server: { policy: policies.server, ...(last > 1 && { bridge: last }), ...(isOverlay && { host: 'h2' }) },
    },
    ...(netfilter && { tcp: { 'bridge-nf-call-iptables': true } }),
    ...(relay !== null && { proxies: { relay: { program: 'microsocks', network: 'net', core: CORE, ...relay } } }),
    flows: { ping: { transport, ...(relay !== null && { via: ['relay'] }), workload: { message: `${messageBytes} B` } } },
  }
}
