/**
 * What a sender has under way: its packets in order, each with its end, its segments and when it left; acknowledgements take them off.
 * Kernel 6.18: tcp_event_new_data_sent(), tcp_clean_rtx_queue(), tcp_tso_acked(); packets_out counts segments, small ones as well.
 * Left out: retransmission queues that are split, sacked segments.
 */
import { FLIGHT, type World } from '../../engine/world.js'

const place = (socket: number, index: number): number => socket * FLIGHT + (index & (FLIGHT - 1))

/** A packet has left: it ends at the socket's `socketSentSeq`. */
export function noteSent(w: World, core: number, socket: number, bytes: number): void {
  const segments = Math.ceil(bytes / w.socketMssBytes[socket]!)
  w.socketPacketsOut[socket]! += segments
  const full = w.socketFlightEnd[socket]! - w.socketFlightStart[socket]! === FLIGHT
  const at = place(socket, full ? w.socketFlightEnd[socket]! - 1 : w.socketFlightEnd[socket]!)
  w.flightEndSeq[at] = w.socketSentSeq[socket]!
  if (full) {
    w.flightSegments[at]! += segments
    return
  }
  w.flightSegments[at] = segments
  w.flightSentNs[at] = w.coreTimeNs[core]!
  w.socketFlightEnd[socket]! += 1
}

/**
 * Everything before `sequence` has arrived.
 * @returns segments taken off; the time at which the first of them left stands in `w.acknowledgedSentNs`
 */
export function takeAcknowledged(w: World, socket: number, sequence: number): number {
  const end = w.socketFlightEnd[socket]!
  let index = w.socketFlightStart[socket]!
  let segments = 0
  let start = w.socketUnackedSeq[socket]!
  w.acknowledgedSentNs = w.flightSentNs[place(socket, index)]!
  for (; index < end; index++) {
    const at = place(socket, index)
    if (w.flightEndSeq[at]! > sequence) {
      const whole = Math.floor((sequence - start) / w.socketMssBytes[socket]!)
      w.flightSegments[at]! -= whole
      segments += whole
      break
    }
    segments += w.flightSegments[at]!
    start = w.flightEndSeq[at]!
  }
  w.socketFlightStart[socket] = index
  w.socketPacketsOut[socket]! -= segments
  return segments
}
