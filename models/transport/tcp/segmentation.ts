/**
 * What TCP may send now: super-packets up to the size goal (GSO), bounded by the congestion window and by what the peer has offered, the last
 * partial segment subject to Nagle. Kernel 6.18: tcp_write_xmit(), tcp_snd_wnd_test(), tcp_mss_split_point(), tcp_nagle_test(),
 * tcp_xmit_size_goal(), tcp_bound_to_half_wnd(). Left out: TSQ (never binds on an unshaped virtual device), pacing, deferred super-packets.
 */
import { TCP_BYTE, TCP_SUPER_PACKET, TCP_TRANSMIT } from '../../engine/charges.js'
import { charge, world } from '../../engine/world.js'
import { emit } from '../emit.js'
import { acknowledge } from './acknowledge.js'
import { noteUse } from './congestion-window.js'
import { noteSent } from './in-flight.js'
import { heldByNagle, partialSegmentBytes, rememberSmallSegment } from './nagle.js'
import { noteReply } from './ping-pong-mode.js'

/** sk_gso_max_size: GSO_LEGACY_MAX_SIZE less the room for headers, MAX_TCP_HEADER + 1 (sk_dst_gso_max_size()). */
const LARGEST_SUPER_PACKET_BYTES = 65536 - 321
/** IPv4 and TCP headers with time stamps (RFC 9293, RFC 7323). */
/** IP_MAX_MTU: no packet is longer, whatever its route takes (ip_dst_mtu_maybe_forward()). */
const LARGEST_PACKET_BYTES = 65_535
const TCP_HEADER_BYTES = 52

/** No segment is larger than half of the largest window that the peer has offered. */
export function boundToHalfWindow(socket: number, bytes: number): number {
  return Math.min(bytes, Math.floor(world.socketLargestWindowBytes[socket]! / 2))
}

/** The peer offers a window that ends at `endSeq`; a larger one than ever makes room for larger super-packets. Kernel: tcp_ack_update_window(). */
export function windowOffered(socket: number, endSeq: number, bytes: number): void {
  world.socketSendLimitSeq[socket] = endSeq
  if (bytes <= world.socketLargestWindowBytes[socket]!) return
  world.socketLargestWindowBytes[socket] = bytes
  if (world.flowReadBytes[world.socketFlow[socket]!]! > 0) world.socketMssBytes[socket] = segmentBytesOf(socket)
  setSizeGoal(socket)
}

/** tcp_sync_mss(): what fits into the route's packets. Between messages it stays what it was at first. */
export function segmentBytesOf(socket: number): number {
  return boundToHalfWindow(socket, Math.min(world.routeMtuBytes[world.socketRoute[socket]!]!, LARGEST_PACKET_BYTES) - TCP_HEADER_BYTES)
}

/** Whole segments, at least one; without offloads a packet is a segment. */
export function setSizeGoal(socket: number): void {
  const mss = world.socketMssBytes[socket]!
  const most = boundToHalfWindow(socket, LARGEST_SUPER_PACKET_BYTES)
  world.socketSizeGoalBytes[socket] = world.socketSegments[socket] === 1 ? mss : Math.max(mss, Math.floor(most / mss) * mss)
}

/** Payload bytes of the next super-packet, or 0 when nothing may be sent. */
function sendableBytes(socket: number): number {
  const unsent = world.socketWriteSeq[socket]! - world.socketSentSeq[socket]!
  if (unsent === 0) return 0
  const mss = world.socketMssBytes[socket]!
  const offered = world.socketSendLimitSeq[socket]! - world.socketSentSeq[socket]!
  if (Math.min(unsent, mss) > offered) return 0
  if (unsent < mss && heldByNagle(socket)) return 0
  // tcp_cwnd_test(): never more than half of the window at once.
  const congestionWindow = world.socketWindowSegments[socket]!
  const window = Math.min(congestionWindow - world.socketPacketsOut[socket]!, Math.max(1, Math.floor(congestionWindow / 2)))
  if (window <= 0) return 0
  const most = Math.min(world.socketSizeGoalBytes[socket]!, window * mss)
  const needed = Math.min(unsent, offered)
  if (needed > most) return most
  const partial = partialSegmentBytes(needed, mss)
  if (partial !== 0 && heldByNagle(socket)) return needed - partial
  return needed
}

/** Sends one super-packet if the rules allow one. @returns whether it did */
export function transmitNext(core: number, socket: number): boolean {
  const bytes = sendableBytes(socket)
  if (bytes === 0) return false
  transmit(core, socket, bytes)
  return true
}

/** A probe: one segment of what is not sent yet, whatever Nagle and the congestion window say. @returns whether the peer's window let it go */
export function transmitProbe(core: number, socket: number): boolean {
  const bytes = Math.min(world.socketWriteSeq[socket]! - world.socketSentSeq[socket]!, world.socketMssBytes[socket]!)
  if (bytes > world.socketSendLimitSeq[socket]! - world.socketSentSeq[socket]!) return false
  transmit(core, socket, bytes)
  return true
}

function transmit(core: number, socket: number, bytes: number): void {
  charge(core, TCP_TRANSMIT, 1)
  charge(core, TCP_BYTE, bytes)
  if (bytes > world.socketMssBytes[socket]!) charge(core, TCP_SUPER_PACKET, 1)
  world.socketSentSeq[socket]! += bytes
  noteSent(core, socket, bytes)
  noteUse(core, socket)
  rememberSmallSegment(socket, bytes)
  noteReply(core, socket)
  // The end of what was written carries PSH (tcp_mark_push()).
  const push = world.socketSentSeq[socket] === world.socketWriteSeq[socket]
  acknowledge(core, socket, emit(core, socket, bytes, Math.min(bytes, world.socketMssBytes[socket]!), push, 1))
}
