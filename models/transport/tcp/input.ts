/** A segment comes in: its acknowledgement frees and may release data, its payload is queued, and an answer is decided. Kernel: tcp_rcv_established(), tcp_ack(). */
import { TCP_RECEIVE, TCP_RECEIVE_ACK } from '../../engine/charges.js'
import { dataReady } from '../../engine/wakeup.js'
import { charge, type World } from '../../engine/world.js'
import { acknowledgeOrDelay, dataArrived } from './acknowledge.js'
import { measureReceiveMss } from './receive-mss.js'
import { transmitNext } from './segmentation.js'

/** RFC 6298, section 2: weight of a new round-trip sample. */
const RTT_WEIGHT = 1 / 8

export function chargeTcpInput(w: World, core: number, packet: number): void {
  charge(w, core, w.packetBytes[packet]! > 0 ? TCP_RECEIVE : TCP_RECEIVE_ACK, 1)
}

export function tcpInput(w: World, core: number, socket: number, packet: number): void {
  const bytes = w.packetBytes[packet]!
  if (bytes > 0) {
    w.socketReceivedSeq[socket]! += bytes
    measureReceiveMss(w, socket, w.packetSegmentBytes[packet]!, w.packetPush[packet] === 1)
    dataArrived(w, core, socket)
  }
  if (w.packetAckSeq[packet]! > w.socketUnackedSeq[socket]!) acknowledged(w, core, socket, w.packetAckSeq[packet]!)
  if (bytes > 0) {
    acknowledgeOrDelay(w, core, socket)
    dataReady(w, core, socket)
  }
}

function acknowledged(w: World, core: number, socket: number, sequence: number): void {
  const mss = w.socketMssBytes[socket]!
  const segments = Math.ceil((sequence - w.socketUnackedSeq[socket]!) / mss)
  const inFlight = Math.ceil((w.socketSentSeq[socket]! - w.socketUnackedSeq[socket]!) / mss)
  // Slow start (RFC 5681, section 3.1), only while the window was the limit (tcp_is_cwnd_limited()).
  if (2 * inFlight >= w.socketWindowSegments[socket]!) w.socketWindowSegments[socket]! += segments
  w.socketUnackedSeq[socket] = sequence
  const sample = w.coreTimeNs[core]! - w.socketSentAtNs[socket]!
  const smoothed = w.socketSmoothedRttNs[socket]!
  w.socketSmoothedRttNs[socket] = smoothed === 0 ? sample : smoothed + (sample - smoothed) * RTT_WEIGHT
  w.socketSentAtNs[socket] = w.coreTimeNs[core]!
  while (transmitNext(w, core, socket));
}
