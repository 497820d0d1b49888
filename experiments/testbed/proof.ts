/** Proof of path: whether the packets of a measured flow crossed the devices that the experiment names, and no others. */
import type { Layout } from '../../models/topology/layout.js'
import { type Flow, isUnix } from '../../models/topology/scenario.js'
import type { Counters } from './counters.js'
import { countingDevices, type DeviceKey, forwardingNamespaces } from './path.js'

export interface Proof {
  readonly verdict: 'proven' | 'refuted'
  /** What speaks against it; empty when proven. */
  readonly objections: readonly string[]
  /** Packets per message of each device that the flow has to cross, there (tx) and back (rx) as the device counts them. */
  readonly crossed: Readonly<Record<DeviceKey, { readonly rxPerMessage: number; readonly txPerMessage: number }>>
  /** Packets on all other devices. */
  readonly elsewhere: Readonly<Record<DeviceKey, number>>
  /** Bytes that each proxy's sockets received per message, both directions. */
  readonly proxyBytesPerMessage: Readonly<Record<string, number>>
  /** Over a Unix-domain socket: the two sockets that are each other's peers. */
  readonly joined?: string
}

/** GSO_LEGACY_MAX_SIZE (include/linux/netdevice.h). */
const LARGEST_PACKET_BYTES = 65_536
/** net.ipv4.tcp_rmem, the third number: no window is wider, so that a stream is acknowledged at least so often. */
const LARGEST_WINDOW_BYTES = 33_554_432
/** Packets that may stand on a device outside of the path: what is sent once, such as an address announcement. */
const STRAY_PACKETS = 16

/**
 * @param messages completed messages (a request and its reply each)
 * @param proxyBytes bytes that each proxy's sockets received meanwhile
 * @param joined over a Unix-domain socket: its ends, in words; null where they are not joined to each other
 */
export function prove(
  layout: Layout,
  flow: Flow,
  counted: Counters,
  messages: number,
  proxyBytes: Readonly<Record<string, number>>,
  joined: string | null = null,
): Proof {
  const proofs = possiblePaths(layout, flow).map((path) => provePath(path.layout, path.flow, counted, messages, proxyBytes))
  const proof = best(proofs)
  if (!isUnix(flow.transport)) return proof
  if (joined !== null) return { ...proof, joined }
  const objections = [...proof.objections, `${flow.from} and ${flow.to} hold no Unix-domain sockets that are each other's peers`]
  return { ...proof, verdict: 'refuted', objections }
}

function best(proofs: readonly Proof[]): Proof {
  return proofs.reduce((best, proof) => (proof.objections.length < best.objections.length ? proof : best))
}

/** A service's connection may have gone to any of its backends: each of them is a path of its own. */
function possiblePaths(layout: Layout, flow: Flow): { readonly layout: Layout; readonly flow: Flow }[] {
  if (flow.service === undefined) return [{ layout, flow }]
  const address = layout.services[flow.service]
  const backends = layout.translations.find((one) => one.address === address)?.backends ?? []
  return backends.map((backend) => {
    const translations = layout.translations.map((one) => (one.address === address ? { ...one, backends: [backend] } : one))
    const server = layout.processes.find((process) => Object.values(process.addresses).includes(backend))
    return { layout: { ...layout, translations }, flow: { ...flow, to: server?.name ?? flow.to } }
  })
}

function provePath(layout: Layout, flow: Flow, counted: Counters, messages: number, proxyBytes: Readonly<Record<string, number>>): Proof {
  const expected = countingDevices(layout, flow)
  const packets = leastPackets(flow, messages)
  const [forth, back] = flow.workload.kind === 'stream' ? [packets, leastAcknowledgements(flow, messages)] : [packets, packets]
  const objections: string[] = []
  const crossed: Record<DeviceKey, { rxPerMessage: number; txPerMessage: number }> = {}
  const elsewhere: Record<DeviceKey, number> = {}
  for (const [key, { rxPackets, txPackets }] of Object.entries(counted.devices)) {
    const { sends = false, receives = false } = expected.get(key) ?? {}
    if (sends || receives) crossed[key] = { rxPerMessage: rxPackets / messages, txPerMessage: txPackets / messages }
    // A bridge counts only what it hands to its own host or gets from it; what it forwards is counted by its ports.
    else elsewhere[key] = rxPackets + txPackets
    // A stream's data cross each device one way, and its acknowledgements the other.
    const [most, least] = [Math.max(rxPackets, txPackets), Math.min(rxPackets, txPackets)]
    const isShort = sends && receives ? most < forth || least < back : (receives && rxPackets < back) || (sends && txPackets < back)
    if (isShort) objections.push(`${key} counted ${rxPackets} packets received and ${txPackets} sent, fewer than ${messages} messages take`)
    const strays = (receives ? 0 : rxPackets) + (sends ? 0 : txPackets)
    if (strays > STRAY_PACKETS)
      objections.push(sends || receives ? oneWay(key, strays, sends) : `${key} is not on the path and counted ${strays} packets`)
  }
  for (const key of expected.keys()) if (counted.devices[key] === undefined) objections.push(`${key} is not there`)
  for (const [namespace, times] of forwardingNamespaces(layout, flow)) {
    const forwarded = counted.protocols[namespace]?.['Ip.ForwDatagrams'] ?? 0
    if (forwarded < times * packets)
      objections.push(`${namespace} forwarded ${forwarded} packets, fewer than ${messages} messages take at ${times} each`)
  }
  const proxyBytesPerMessage = Object.fromEntries(Object.entries(proxyBytes).map(([name, bytes]) => [name, bytes / messages]))
  if (flow.workload.kind === 'connect') objections.push(...acceptObjections(layout, flow, counted, messages))
  else {
    if (flow.workload.kind === 'http') objections.push(...keepAliveObjections(layout, flow, counted))
    for (const name of flow.via)
      if ((proxyBytesPerMessage[name] ?? 0) < leastRelayedBytes(flow.workload))
        objections.push(`proxy ${name} received ${proxyBytesPerMessage[name] ?? 0} bytes a message, fewer than a request and a reply hold`)
  }
  return {
    verdict: objections.length === 0 ? 'proven' : 'refuted',
    objections,
    crossed,
    elsewhere,
    proxyBytesPerMessage,
  }
}

/** Of HTTP a request has a header alone. */
function leastRelayedBytes({ kind, messageBytes }: Flow['workload']): number {
  return kind === 'http' ? messageBytes : 2 * messageBytes
}

/** Connections that a namespace may accept of a flow on connections that stand; one that a relay opens anew for each request would be thousands. */
const FEW_CONNECTIONS = 16

function keepAliveObjections(layout: Layout, flow: Flow, counted: Counters): string[] {
  const { namespace } = layout.processes.find((process) => process.name === flow.to)!
  const accepted = counted.protocols[namespace]?.['Tcp.PassiveOpens'] ?? 0
  return accepted > FEW_CONNECTIONS ? [`${namespace} accepted ${accepted} connections: they were not kept for the next request`] : []
}

/** The sockets of a connection are gone when it has ended: that relays and server have served it, their namespaces' counts of accepted connections say. */
function acceptObjections(layout: Layout, flow: Flow, counted: Counters, connections: number): string[] {
  const accepting = [...flow.via, flow.to].map((name) => layout.processes.find((process) => process.name === name)!.namespace)
  return [...new Set(accepting)].flatMap((namespace) => {
    const expected = connections * accepting.filter((one) => one === namespace).length
    const accepted = counted.protocols[namespace]?.['Tcp.PassiveOpens'] ?? 0
    return accepted < expected ? [`${namespace} accepted ${accepted} connections, fewer than the ${expected} that its processes take`] : []
  })
}

/** Each start opens a connection of its own: a segment that asks for it, one that acknowledges, one with the message; and at least two come back. */
const SEGMENTS_OF_START = { rx: 3, tx: 2 }

/**
 * Containers that were started have namespaces of their own, which are gone: what is left is the server's word. It has accepted a connection of each,
 * over its own device, and the container of the layout that they resemble has sent nothing.
 */
export function proveStarts(layout: Layout, flow: Flow, counted: Counters, started: number): Proof {
  const objections: string[] = []
  const crossed: Record<DeviceKey, { rxPerMessage: number; txPerMessage: number }> = {}
  const elsewhere: Record<DeviceKey, number> = {}
  const namespaceOf = (name: string): string => layout.processes.find((process) => process.name === name)!.namespace
  const server = namespaceOf(flow.to)
  for (const [key, { rxPackets, txPackets }] of Object.entries(counted.devices)) {
    const [namespace, device] = key.split(' ')
    if (namespace === server && device !== 'lo') {
      crossed[key] = { rxPerMessage: rxPackets / started, txPerMessage: txPackets / started }
      if (rxPackets < SEGMENTS_OF_START.rx * started || txPackets < SEGMENTS_OF_START.tx * started)
        objections.push(`${key} counted ${rxPackets} packets received and ${txPackets} sent, fewer than ${started} starts take`)
      continue
    }
    elsewhere[key] = rxPackets + txPackets
    if (namespace === namespaceOf(flow.from) && txPackets > STRAY_PACKETS)
      objections.push(`${key} sent ${txPackets} packets, though its container is not one of those that were started`)
  }
  const accepted = counted.protocols[server]?.['Tcp.PassiveOpens'] ?? 0
  if (accepted !== started) objections.push(`${flow.to} accepted ${accepted} connections of ${started} containers`)
  return { verdict: objections.length === 0 ? 'proven' : 'refuted', objections, crossed, elsewhere, proxyBytesPerMessage: {} }
}

/** Of a connection each way: two of the handshake there, one back; one of the message; one FIN. */
const SEGMENTS_OF_CONNECTION = 3

/** One a message and way, but for connections; of messages under load that a stream joins, as few as super-packets of 64 KiB need. */
function leastPackets({ transport, workload }: Flow, messages: number): number {
  if (workload.kind === 'connect') return SEGMENTS_OF_CONNECTION * messages
  const joins = workload.kind === 'stream' || (workload.kind === 'open-loop' && transport === 'tcp')
  return joins ? Math.ceil((messages * workload.messageBytes) / LARGEST_PACKET_BYTES) : messages
}

function leastAcknowledgements({ workload }: Flow, messages: number): number {
  return Math.ceil((messages * workload.messageBytes) / LARGEST_WINDOW_BYTES)
}

function oneWay(key: DeviceKey, strays: number, sends: boolean): string {
  return `${key} is ${sends ? 'sent' : 'received'} on only, and counted ${strays} packets the other way`
}
