/** A program reads what has come. */
import { world } from '../../engine/world.js'
import { unreadRow } from './receive-queue.js'
import { adjustReceiveSpace } from './receive-window.js'

/** tcp_recvmsg_locked(): the program reads packet after packet, and after each the socket looks how much was read in a round trip. */
export function readPackets(core: number, socket: number, bytes: number): void {
  const until = world.socketCopiedSeq[socket]! + bytes
  const end = world.socketUnreadEnd[socket]!
  let index = world.socketUnreadStart[socket]!
  while (world.socketCopiedSeq[socket]! < until) {
    const at = unreadRow(socket, index)
    const isWhole = index < end && world.unreadEndSeq[at]! <= until
    world.socketCopiedSeq[socket] = isWhole ? world.unreadEndSeq[at]! : until
    adjustReceiveSpace(core, socket)
    if (!isWhole) break
    world.socketQueuedBytes[socket]! -= world.unreadBytes[at]!
    index++
  }
  world.socketUnreadStart[socket] = index
}
