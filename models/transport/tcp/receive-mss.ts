/**
 * The receiver's estimate of the sender's segment size, which decides what counts as "more than a full frame", and the note of a pushed small segment.
 * Kernel 6.18: tcp_measure_rcv_mss(), tcp_initialize_rcv_mss().
 */
import { world } from '../../engine/world.js'
import { PUSHED, PUSHED_AGAIN } from './acknowledge.js'
import { measureWindowRatio } from './receive-window.js'

/** TCP_MSS_DEFAULT (RFC 9293, section 3.7.1): the estimate before any data. */
export const INITIAL_RECEIVE_MSS_BYTES = 536
/**
 * The kernel compares a segment with its header of 32 bytes (time stamps) against a size with a header of 20: a payload counts as full from 12 bytes
 * less than TCP_MSS_DEFAULT, and without PSH from 12 bytes less than TCP_MIN_MSS (88).
 */
const LEAST_FULL_BYTES = INITIAL_RECEIVE_MSS_BYTES + 20 - 32
const LEAST_UNPUSHED_BYTES = 88 + 20 - 32

/** @param bytes the packet's payload @param segmentBytes that of one of its segments */
export function measureReceiveMss(socket: number, bytes: number, segmentBytes: number, push: boolean): void {
  const last = world.socketLastSegmentBytes[socket]!
  world.socketLastSegmentBytes[socket] = 0
  if (segmentBytes >= world.socketReceiveMssBytes[socket]!) {
    if (segmentBytes !== world.socketReceiveMssBytes[socket]) measureWindowRatio(socket, bytes)
    world.socketReceiveMssBytes[socket] = Math.min(segmentBytes, world.socketAnnouncedMssBytes[socket]!)
    if (push) world.socketAckPending[socket]! |= PUSHED
    return
  }
  // Two segments of one size in a row make that the size.
  if (segmentBytes >= LEAST_FULL_BYTES || (!push && segmentBytes >= LEAST_UNPUSHED_BYTES)) {
    world.socketLastSegmentBytes[socket] = segmentBytes
    if (segmentBytes === last) {
      world.socketReceiveMssBytes[socket] = segmentBytes
      return
    }
  }
  if ((world.socketAckPending[socket]! & PUSHED) !== 0) world.socketAckPending[socket]! |= PUSHED_AGAIN
  world.socketAckPending[socket]! |= PUSHED
}
