/**
 * What a sender has under way: its packets in order, each with its end, its segments and when it left; acknowledgements take them off.
 * Kernel 6.18: tcp_event_new_data_sent(), tcp_clean_rtx_queue(), tcp_tso_acked(); packets_out counts segments, small ones as well.
 * Left out: retransmission queues that are split, sacked segments.
 */
import { world } from '../../engine/world.js'

const place = (socket: number, index: number): number => socket * world.flight + (index & (world.flight - 1))

/** A packet has left: it ends at the socket's `socketSentSeq`. */
export function noteSent(core: number, socket: number, bytes: number): void {
  const segments = Math.ceil(bytes / world.socketMssBytes[socket]!)
  world.socketPacketsOut[socket]! += segments
  const full = world.socketFlightEnd[socket]! - world.socketFlightStart[socket]! === world.flight
  const at = place(socket, full ? world.socketFlightEnd[socket]! - 1 : world.socketFlightEnd[socket]!)
  world.flightEndSeq[at] = world.socketSentSeq[socket]!
  if (full) {
    world.flightSegments[at]! += segments
    return
  }
  world.flightSegments[at] = segments
  world.flightSentNs[at] = world.coreTimeNs[core]!
  world.socketFlightEnd[socket]! += 1
}

/**
 * Everything before `sequence` has arrived.
 * @returns segments taken off; the time at which the first of them left stands in `world.acknowledgedSentNs`
 */
export function takeAcknowledged(socket: number, sequence: number): number {
  const end = world.socketFlightEnd[socket]!
  let index = world.socketFlightStart[socket]!
  let segments = 0
  let start = world.socketUnackedSeq[socket]!
  world.acknowledgedSentNs = world.flightSentNs[place(socket, index)]!
  for (; index < end; index++) {
    const at = place(socket, index)
    if (world.flightEndSeq[at]! > sequence) {
      const whole = Math.floor((sequence - start) / world.socketMssBytes[socket]!)
      world.flightSegments[at]! -= whole
      segments += whole
      break
    }
    segments += world.flightSegments[at]!
    start = world.flightEndSeq[at]!
  }
  world.socketFlightStart[socket] = index
  world.socketPacketsOut[socket]! -= segments
  return segments
}
