/** Packets: taken from a free list, queued in a core's backlog or in a socket's, and given back. */
import { NONE, type World } from './world.js'

/** @throws Error when more packets are in flight than the world has rows. */
export function takePacket(w: World): number {
  const packet = w.packetFree
  if (packet === NONE) throw new Error(`more than ${w.packetNext.length} packets in flight at ${w.queue.timeNs} ns`)
  w.packetFree = w.packetNext[packet]!
  w.packetNext[packet] = NONE
  return packet
}

export function givePacketBack(w: World, packet: number): void {
  w.packetNext[packet] = w.packetFree
  w.packetFree = packet
}

/** Appends to a first-in-first-out list that is kept by head and tail columns. */
export function enqueue(w: World, head: Int32Array, tail: Int32Array, row: number, packet: number): void {
  w.packetNext[packet] = NONE
  if (head[row] === NONE) head[row] = packet
  else w.packetNext[tail[row]!] = packet
  tail[row] = packet
}

/** Removes the first packet of a list that is not empty. */
export function dequeue(w: World, head: Int32Array, row: number): number {
  const packet = head[row]!
  head[row] = w.packetNext[packet]!
  return packet
}
