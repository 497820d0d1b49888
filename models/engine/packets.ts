/** Packets: taken from a free list, queued in a core's backlog or in a socket's, and given back. */
import { NONE, world } from './world.js'

/** @throws Error when more packets are in flight than the world has rows. */
export function takePacket(): number {
  const packet = world.packetFree
  if (packet === NONE) throw new Error(`more than ${world.packetNext.length} packets in flight at ${world.queue.timeNs} ns`)
  world.packetFree = world.packetNext[packet]!
  world.packetNext[packet] = NONE
  return packet
}

export function givePacketBack(packet: number): void {
  world.packetNext[packet] = world.packetFree
  world.packetFree = packet
}

/** Appends to a first-in-first-out list that is kept by head and tail columns. */
export function enqueue(head: Int32Array, tail: Int32Array, row: number, packet: number): void {
  world.packetNext[packet] = NONE
  if (head[row] === NONE) head[row] = packet
  else world.packetNext[tail[row]!] = packet
  tail[row] = packet
}

/** Removes the first packet of a list that is not empty. */
export function dequeue(head: Int32Array, row: number): number {
  const packet = head[row]!
  head[row] = world.packetNext[packet]!
  return packet
}
