/**
 * A segment finds its socket locked and waits for the owner. An acknowledgement joins the segment before it, so that the owner meets one that says all.
 * Kernel 6.18: tcp_add_backlog(). Left out: payload that joins, a limit to the backlog.
 */
import { enqueue, givePacketBack } from '../../engine/packets.js'
import { NONE, world } from '../../engine/world.js'
import { DATA } from './connection.js'
import { PACKET_OVERHEAD_BYTES } from './receive-queue.js'

export function waitForOwner(socket: number, packet: number): void {
  if (joinsTail(socket, packet)) {
    const tail = world.socketBacklogTail[socket]!
    world.packetAckSeq[tail] = world.packetAckSeq[packet]!
    world.packetWindowBytes[tail] = world.packetWindowBytes[packet]!
    givePacketBack(packet)
    return
  }
  enqueue(world.socketBacklogHead, world.socketBacklogTail, socket, packet)
  world.socketBacklogBytes[socket]! += world.packetBytes[packet]! + PACKET_OVERHEAD_BYTES
}

/** Their time stamps must be the same; a segment that came twice stays alone, and so does one of a handshake or a FIN. */
function joinsTail(socket: number, packet: number): boolean {
  if (world.socketBacklogHead[socket] === NONE || world.packetBytes[packet]! > 0) return false
  const tail = world.socketBacklogTail[socket]!
  const sameStamps = world.packetStampMs[tail] === world.packetStampMs[packet] && world.packetEchoMs[tail] === world.packetEchoMs[packet]
  const isPlain = world.packetKind[tail] === DATA && world.packetKind[packet] === DATA
  return isPlain && sameStamps && world.packetDuplicate[tail] === 0 && world.packetDuplicate[packet] === 0
}
