/**
 * Routing: what a packet crosses between two processes of a layout. The walk follows addresses, routes, translations and bridge ports as the
 * kernel does; a path is never chosen, it is what routing makes of the topology.
 */
import { loopbackTransmit } from '../stages/loopback.js'
import { inSubnet } from './address.js'
import type { Crossing } from './crossing.js'
import { bareAddress, type Device, type Layout, type Process } from './devices.js'
import { Hooks } from './hooks.js'
import { Segment } from './segment.js'

export type { Crossing } from './crossing.js'

export interface Route {
  readonly crossings: readonly Crossing[]
  /** Largest IP packet that crosses the whole route, bytes: it decides the segment size, path-MTU discovery included. */
  readonly mtuBytes: number
}

/** Whether what is sent never leaves its namespace: it brings its route along. */
export function staysOnLoopback({ crossings }: Route): boolean {
  return crossings.every(({ law }) => law === loopbackTransmit)
}

/** The routes of one connection, and the addresses under which its ends see each other. */
export interface Connection {
  readonly there: Route
  readonly back: Route
  /** The address that the client connects to, and the one that the server sees the client under. */
  readonly dialled: string
  readonly seen: string
}

const LOOPBACK_MTU_BYTES = 65536
/** What VXLAN adds to an inner IP packet within the underlay's MTU (RFC 7348, section 5). */
const VXLAN_BYTES = 50
/** Namespaces that one packet may cross: more is a loop. */
const MOST_HOPS = 64

interface Packet {
  source: string
  destination: string
}

/** Where a walk of a packet has come to. */
interface Walked {
  readonly crossings: Crossing[]
  readonly namespace: string
  readonly mtuBytes: number
  readonly packet: Readonly<Packet>
}

/**
 * The routes of a connection that `from` opens to `dialled`, an address of `to` or one that is translated to it.
 * @throws RangeError where the layout has no route between the two, or answers come back from another address than was called
 */
export function resolveConnection(layout: Layout, from: Process, to: Process, dialled: string, bridgeNetfilter: boolean): Connection {
  const hooks = new Hooks(layout)
  const place = `from ${from.name} to ${to.name} (${dialled})`
  if (from.namespace === to.namespace && Object.values(to.addresses).includes(dialled)) {
    const route = overLoopback(from.namespace)
    return { there: route, back: route, dialled, seen: dialled }
  }
  const there = walk(layout, hooks, bridgeNetfilter, from.namespace, null, dialled)
  if (there === null || there.namespace !== to.namespace) throw new RangeError(`no route ${place}`)
  const seen = there.packet.source
  const back = walk(layout, hooks, bridgeNetfilter, to.namespace, there.packet.destination, seen)
  if (back === null || back.namespace !== from.namespace) throw new RangeError(`no route back ${place}`)
  if (back.packet.source !== dialled)
    throw new RangeError(`answers ${place} come back from ${back.packet.source}: nothing on their way translates them`)
  const mtuBytes = Math.min(there.mtuBytes, back.mtuBytes)
  return { there: { crossings: there.crossings, mtuBytes }, back: { crossings: back.crossings, mtuBytes }, dialled, seen }
}

/** @throws RangeError where the layout has no route between the two processes on this network. */
export function resolveRoute(layout: Layout, from: Process, to: Process, network: string, bridgeNetfilter: boolean): Route {
  return resolveConnection(layout, from, to, addressOn(to, network), bridgeNetfilter).there
}

/** @throws RangeError where the process is not on the network */
export function addressOn(process: Process, network: string): string {
  const address = process.addresses[network]
  if (address === undefined) throw new RangeError(`${process.name} has no address on network ${network}`)
  return address
}

function overLoopback(namespace: string): Route {
  return { crossings: [{ law: loopbackTransmit, namespace, device: 'lo' }], mtuBytes: LOOPBACK_MTU_BYTES }
}

/** IP: from a namespace's output to the namespace whose address is called; null where there is no way. */
function walk(
  layout: Layout,
  hooks: Hooks,
  bridgeNetfilter: boolean,
  start: string,
  source: string | null,
  destination: string,
): Walked | null {
  const crossings: Crossing[] = []
  const packet: Packet = { source: source ?? '', destination }
  let mtuBytes = LOOPBACK_MTU_BYTES
  let namespace = start
  let isOwn = true
  let device = 'lo'
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    if (isOwn && packet.source === '') packet.source = sourceFor(layout, namespace, packet.destination)
    crossings.push(...hooks.incoming(namespace, device, packet))
    if (isLocal(layout, namespace, packet.destination)) {
      if (isOwn) crossings.push({ law: loopbackTransmit, namespace, device: 'lo' })
      return { crossings, namespace, mtuBytes, packet }
    }
    if (!isOwn && !layout.forwarding.includes(namespace)) return null
    const step = nextHop(layout, namespace, packet.destination)
    const onward = step.flatMap(({ device, address }) => {
      const found = new Segment(layout, hooks, bridgeNetfilter, tunnelled).transmit(device, address)
      return found === null ? [] : [{ device, found }]
    })[0]
    if (onward === undefined) return null
    if (!isOwn) crossings.push(...hooks.forwarded(namespace, onward.device.name, packet))
    crossings.push(...hooks.outgoing(namespace, packet, onward.device, isOwn))
    crossings.push(...onward.found.crossings)
    mtuBytes = Math.min(mtuBytes, onward.device.mtuBytes, onward.found.mtuBytes)
    namespace = onward.found.at.namespace
    device = onward.found.at.name
    isOwn = false
  }
  return null

  /** The outer packet's way below a tunnel. */
  function tunnelled(from: string, local: string, remote: string): { readonly crossings: Crossing[]; readonly mtuBytes: number } | null {
    const outer = walk(layout, new Hooks(layout), bridgeNetfilter, from, local, remote)
    return outer === null ? null : { crossings: outer.crossings, mtuBytes: outer.mtuBytes - VXLAN_BYTES }
  }
}

function isLocal(layout: Layout, namespace: string, address: string): boolean {
  return layout.devices.some((device) => device.namespace === namespace && bareAddress(device) === address)
}

/** Devices by which an address may be reached, with the next address on the way: its own subnets first, then the routes, the longest prefix first. */
function nextHop(layout: Layout, namespace: string, destination: string): { readonly device: Device; readonly address: string }[] {
  const own = layout.devices.filter((device) => device.namespace === namespace)
  const attached = own
    .filter((device) => device.address !== undefined && !device.address.endsWith('/32') && inSubnet(destination, device.address))
    .map((device) => ({ device, address: destination }))
  const routed = layout.routes
    .filter((route) => route.namespace === namespace && inSubnet(destination, route.destination))
    .sort((a, b) => lengthOf(b.destination) - lengthOf(a.destination))
    .flatMap(({ device, via }) => own.filter((one) => one.name === device).map((one) => ({ device: one, address: via ?? destination })))
  return [...attached, ...routed]
}

const lengthOf = (prefix: string): number => Number(prefix.split('/')[1])

/** The address that the kernel would give a packet of this namespace: that of the device it leaves by. */
function sourceFor(layout: Layout, namespace: string, destination: string): string {
  const device = nextHop(layout, namespace, destination)[0]?.device
  if (device !== undefined) return bareAddress(device) ?? ''
  return isLocal(layout, namespace, destination) ? destination : ''
}
