/**
 * What waits unread in a socket, as the buffer sees it: packets with their overhead, freed one by one as the program reads them.
 * Kernel 6.18: tcp_queue_rcv(), tcp_try_coalesce(), skb_try_coalesce(), tcp_eat_recv_skb(). Left out: a limit to the fragments of one packet.
 */
import { UNREAD, type World } from '../../engine/world.js'

/**
 * What a packet takes of a receive buffer besides its payload: sk_buff, skb_shared_info and the head with room for all headers.
 * `ss -m` shows r833 for one unread byte on kernel 6.18.
 */
export const PACKET_OVERHEAD_BYTES = 832

const place = (socket: number, index: number): number => socket * UNREAD + (index & (UNREAD - 1))

/**
 * A packet has come that ends at the socket's `socketReceivedSeq`. It joins the one before it, and saves its own overhead, only where the sender
 * holds no copy of that one any more: where it is acknowledged (skb_cloned()).
 */
export function queueUnread(w: World, socket: number, bytes: number): void {
  const start = w.socketUnreadStart[socket]!
  const end = w.socketUnreadEnd[socket]!
  const before = w.socketReceivedSeq[socket]! - bytes
  const joins = end > start && w.socketUnackedSeq[w.socketPeer[socket]!]! >= before
  const size = joins ? bytes : bytes + PACKET_OVERHEAD_BYTES
  w.socketQueuedBytes[socket]! += size
  if (joins || end - start === UNREAD) {
    const at = place(socket, end - 1)
    w.unreadBytes[at]! += size
    w.unreadEndSeq[at] = w.socketReceivedSeq[socket]!
    return
  }
  const at = place(socket, end)
  w.unreadBytes[at] = size
  w.unreadEndSeq[at] = w.socketReceivedSeq[socket]!
  w.socketUnreadEnd[socket] = end + 1
}

/** The program has read up to the socket's `socketCopiedSeq`. */
export function freeRead(w: World, socket: number): void {
  const read = w.socketCopiedSeq[socket]!
  const end = w.socketUnreadEnd[socket]!
  let index = w.socketUnreadStart[socket]!
  for (; index < end; index++) {
    const at = place(socket, index)
    if (w.unreadEndSeq[at]! > read) break
    w.socketQueuedBytes[socket]! -= w.unreadBytes[at]!
  }
  w.socketUnreadStart[socket] = index
}
