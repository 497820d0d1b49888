/**
 * What TCP may send now: super-packets up to the size goal (GSO), bounded by the congestion window and by what the peer has offered, the last
 * partial segment subject to Nagle. Kernel 6.18: tcp_write_xmit(), tcp_snd_wnd_test(), tcp_mss_split_point(), tcp_nagle_test(),
 * tcp_xmit_size_goal(), tcp_bound_to_half_wnd(). Left out: TSQ (never binds on an unshaped virtual device), pacing, deferred super-packets.
 */
import { TCP_BYTE, TCP_SUPER_PACKET, TCP_TRANSMIT } from '../../engine/charges.js'
import { charge, type World } from '../../engine/world.js'
import { emit } from '../emit.js'
import { acknowledge } from './acknowledge.js'
import { noteSent } from './in-flight.js'
import { heldByNagle, partialSegmentBytes, rememberSmallSegment } from './nagle.js'
import { noteReply } from './ping-pong-mode.js'

/** sk_gso_max_size: GSO_LEGACY_MAX_SIZE less the room for headers, MAX_TCP_HEADER + 1 (sk_dst_gso_max_size()). */
const LARGEST_SUPER_PACKET_BYTES = 65536 - 321

/** No segment is larger than half of the largest window that the peer has offered. */
export function boundToHalfWindow(w: World, socket: number, bytes: number): number {
  return Math.min(bytes, Math.floor(w.socketLargestWindowBytes[socket]! / 2))
}

/** The peer offers a window that ends at `endSeq`; a larger one than ever makes room for larger super-packets. Kernel: tcp_ack_update_window(). */
export function windowOffered(w: World, socket: number, endSeq: number, bytes: number): void {
  w.socketSendLimitSeq[socket] = endSeq
  if (bytes <= w.socketLargestWindowBytes[socket]!) return
  w.socketLargestWindowBytes[socket] = bytes
  setSizeGoal(w, socket)
}

/** Whole segments, at least one; without offloads a packet is a segment. */
export function setSizeGoal(w: World, socket: number): void {
  const mss = w.socketMssBytes[socket]!
  const most = boundToHalfWindow(w, socket, LARGEST_SUPER_PACKET_BYTES)
  w.socketSizeGoalBytes[socket] = w.socketSegments[socket] === 1 ? mss : Math.max(mss, Math.floor(most / mss) * mss)
}

/** Payload bytes of the next super-packet, or 0 when nothing may be sent. */
function sendableBytes(w: World, socket: number): number {
  const unsent = w.socketWriteSeq[socket]! - w.socketSentSeq[socket]!
  if (unsent === 0) return 0
  const mss = w.socketMssBytes[socket]!
  const offered = w.socketSendLimitSeq[socket]! - w.socketSentSeq[socket]!
  if (Math.min(unsent, mss) > offered) return 0
  if (unsent < mss && heldByNagle(w, socket)) return 0
  // tcp_cwnd_test(): never more than half of the window at once.
  const congestionWindow = w.socketWindowSegments[socket]!
  const window = Math.min(congestionWindow - w.socketPacketsOut[socket]!, Math.max(1, Math.floor(congestionWindow / 2)))
  if (window <= 0) return 0
  const most = Math.min(w.socketSizeGoalBytes[socket]!, window * mss)
  const needed = Math.min(unsent, offered)
  if (needed > most) return most
  const partial = partialSegmentBytes(needed, mss)
  if (partial !== 0 && heldByNagle(w, socket)) return needed - partial
  return needed
}

/** Sends one super-packet if the rules allow one. @returns whether it did */
export function transmitNext(w: World, core: number, socket: number): boolean {
  const bytes = sendableBytes(w, socket)
  if (bytes === 0) return false
  transmit(w, core, socket, bytes)
  return true
}

/** A probe: one segment of what is not sent yet, whatever Nagle and the congestion window say. @returns whether the peer's window let it go */
export function transmitProbe(w: World, core: number, socket: number): boolean {
  const bytes = Math.min(w.socketWriteSeq[socket]! - w.socketSentSeq[socket]!, w.socketMssBytes[socket]!)
  if (bytes > w.socketSendLimitSeq[socket]! - w.socketSentSeq[socket]!) return false
  transmit(w, core, socket, bytes)
  return true
}

function transmit(w: World, core: number, socket: number, bytes: number): void {
  charge(w, core, TCP_TRANSMIT, 1)
  charge(w, core, TCP_BYTE, bytes)
  if (bytes > w.socketMssBytes[socket]!) charge(w, core, TCP_SUPER_PACKET, 1)
  w.socketSentSeq[socket]! += bytes
  noteSent(w, core, socket, bytes)
  rememberSmallSegment(w, socket, bytes)
  noteReply(w, core, socket)
  // The end of what was written carries PSH (tcp_mark_push()).
  const push = w.socketSentSeq[socket] === w.socketWriteSeq[socket]
  acknowledge(w, core, socket, emit(w, core, socket, bytes, Math.min(bytes, w.socketMssBytes[socket]!), push, 1))
}
