/**
 * What TCP may send now: super-packets up to the size goal (GSO), bounded by the congestion window, the last partial segment subject to Nagle.
 * Kernel 6.18: tcp_write_xmit(), tcp_mss_split_point(), tcp_nagle_test(). Left out: the peer's window (buffers are never full here), TSQ
 * (never binds on an unshaped virtual device), pacing.
 */
import { TCP_BYTE, TCP_SUPER_PACKET, TCP_TRANSMIT } from '../../engine/charges.js'
import { charge, type World } from '../../engine/world.js'
import { emit } from '../emit.js'
import { acknowledgementSent } from './acknowledge.js'
import { heldByNagle, partialSegmentBytes, rememberSmallSegment } from './nagle.js'
import { noteReply } from './ping-pong-mode.js'

/** Payload bytes of the next super-packet, or 0 when nothing may be sent. */
function sendableBytes(w: World, socket: number): number {
  const unsent = w.socketWriteSeq[socket]! - w.socketSentSeq[socket]!
  if (unsent === 0) return 0
  const mss = w.socketMssBytes[socket]!
  if (unsent < mss && heldByNagle(w, socket)) return 0
  const inFlight = Math.ceil((w.socketSentSeq[socket]! - w.socketUnackedSeq[socket]!) / mss)
  const window = w.socketWindowSegments[socket]! - inFlight
  if (window <= 0) return 0
  const most = Math.min(w.socketSizeGoalBytes[socket]!, window * mss)
  if (unsent > most) return most
  const partial = partialSegmentBytes(unsent, mss)
  if (partial !== 0 && heldByNagle(w, socket)) return unsent - partial
  return unsent
}

/** Sends one super-packet if the rules allow one. @returns whether it did */
export function transmitNext(w: World, core: number, socket: number): boolean {
  const bytes = sendableBytes(w, socket)
  if (bytes === 0) return false
  charge(w, core, TCP_TRANSMIT, 1)
  charge(w, core, TCP_BYTE, bytes)
  if (bytes > w.socketMssBytes[socket]!) charge(w, core, TCP_SUPER_PACKET, 1)
  if (w.socketSentSeq[socket] === w.socketUnackedSeq[socket]) w.socketSentAtNs[socket] = w.coreTimeNs[core]!
  w.socketSentSeq[socket]! += bytes
  rememberSmallSegment(w, socket, bytes)
  noteReply(w, core, socket)
  // The end of what was written carries PSH (tcp_mark_push()).
  const push = w.socketSentSeq[socket] === w.socketWriteSeq[socket]
  emit(w, core, socket, bytes, Math.min(bytes, w.socketMssBytes[socket]!), push, 1)
  acknowledgementSent(w, socket)
  return true
}
