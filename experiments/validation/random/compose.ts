/**
 * Topologies that nobody chose: drawn from the catalogue of elements with a stream of their own each, so that the first N of a seed are the
 * same however many are asked for.
 *
 * Drawn: the network (shared namespace, veth pair, chain of one to four bridges with bridge netfilter or without, overlay with a bridge on
 * each host or none), a SOCKS relay where the network lets a third process join, its place, the transport (UDP without a relay), each
 * process's scheduling policy, and the size of the message. Not drawn: cores. Everything runs on core 1, for placements on two cores lie
 * outside the region of trust. With the elements that forward (`compose-routed.ts`), more than half of the topologies hold some.
 */
import { createStream, type RandomStream } from '../../../sim/index.js'
import { canonicalJson } from '../../canonical-json.js'
import { DEFAULT_MTU_BYTES, MIN_MESSAGE_BYTES } from '../../schema/document.js'
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

/** Of how many topologies one forwards, where the catalogue has elements that do. */
const FORWARDING_SHARE = 0.6

/** Which elements are drawn: those that a profile without the stages of forwarding knows, or all. */
export type Catalogue = 'plain' | 'all'

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
export function composeExperiment(seed: number, count: number, catalogue: Catalogue = 'all'): Record<string, unknown> {
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
    models: Object.fromEntries(topologies.map((topology, i) => [names[i], modelOf(topology)])),
    sweep: { model: names },
    seed,
  }
}

function compose(seed: number, count: number, catalogue: Catalogue): Topology[] {
  const topologies: Topology[] = []
  const seen = new Set<string>()
  let stalls = 0
  for (let i = 0; i < count; i++) {
    const stream = createStream(seed, i, COMPOSITION)
    const mayStall = stalls < Math.floor((i + 1) / ONE_STALL_IN)
    let topology = draw(stream, mayStall, catalogue)
    while (seen.has(canonicalJson(topology))) topology = draw(stream, mayStall, catalogue)
    seen.add(canonicalJson(topology))
    if (topology.relay !== null && topology.messageBytes > RELAY_BUFFER_BYTES) stalls++
    topologies.push(topology)
  }
  return topologies
}

function draw(stream: RandomStream, mayStall: boolean, catalogue: Catalogue): Topology {
  const network = catalogue === 'all' && chance(stream, FORWARDING_SHARE) ? drawComposed(stream) : drawNetwork(stream)
  const takesRelay =
    network.driver !== 'composed' && network.driver !== 'veth' && !(network.driver === 'overlay' && network.ends === 'direct')
  const relay = takesRelay && chance(stream, 0.4) ? drawRelay(stream, network) : null
  const transport = relay === null && chance(stream, 1 / 3) ? 'udp' : 'tcp'
  const policies = { client: drawPolicy(stream), server: drawPolicy(stream) }
  return { network, transport, relay, policies, messageBytes: drawSize(stream, network, transport, relay !== null, mayStall) }
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
