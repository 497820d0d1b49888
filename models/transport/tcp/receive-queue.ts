/**
 * What waits unread in a socket, as the buffer sees it: packets with their overhead, freed one by one as the program reads them.
 * Kernel 6.18: tcp_queue_rcv(), tcp_try_coalesce(), skb_try_coalesce(), tcp_eat_recv_skb(). Left out: a limit to the fragments of one packet.
 */
import { world } from '../../engine/world.js'

/**
 * What a packet takes of a receive buffer besides its payload: sk_buff, skb_shared_info and the head with room for all headers.
 * `ss -m` shows r833 for one unread byte on kernel 6.18.
 */
export const PACKET_OVERHEAD_BYTES = 832

/** The row of a socket's packet in the columns of unread packets. */
export const unreadRow = (socket: number, index: number): number => socket * world.flight + (index & (world.flight - 1))

/**
 * A packet has come that ends at the socket's `socketReceivedSeq`. It joins the one before it, and saves its own overhead, only where the sender
 * holds no copy of that one any more: where it is acknowledged (skb_cloned()).
 */
export function queueUnread(socket: number, bytes: number): void {
  const start = world.socketUnreadStart[socket]!
  const end = world.socketUnreadEnd[socket]!
  const before = world.socketReceivedSeq[socket]! - bytes
  const joins = end > start && world.socketUnackedSeq[world.socketPeer[socket]!]! >= before
  const size = joins ? bytes : bytes + PACKET_OVERHEAD_BYTES
  world.socketQueuedBytes[socket]! += size
  if (joins || end - start === world.flight) {
    const at = unreadRow(socket, end - 1)
    world.unreadBytes[at]! += size
    world.unreadEndSeq[at] = world.socketReceivedSeq[socket]!
    return
  }
  const at = unreadRow(socket, end)
  world.unreadBytes[at] = size
  world.unreadEndSeq[at] = world.socketReceivedSeq[socket]!
  world.socketUnreadEnd[socket] = end + 1
}
