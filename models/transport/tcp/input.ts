/** A segment comes in: its acknowledgement frees and may release data, its payload is queued, and an answer is decided. Kernel: tcp_rcv_established(), tcp_ack(). */
import { TCP_RECEIVE, TCP_RECEIVE_ACK } from '../../engine/charges.js'
import { dataReady } from '../../engine/wakeup.js'
import { charge, type World } from '../../engine/world.js'
import { acknowledgeOrDelay, dataArrived, duplicateArrived } from './acknowledge.js'
import { takeAcknowledged } from './in-flight.js'
import { scheduleProbe } from './loss-probe.js'
import { measureReceiveMss } from './receive-mss.js'
import { queueUnread } from './receive-queue.js'
import { growWindow, measureEchoedRtt, measureReceiveRtt } from './receive-window.js'
import { transmitNext, windowOffered } from './segmentation.js'

/** RFC 6298, section 2: weight of a new round-trip sample. */
const RTT_WEIGHT = 1 / 8

export function chargeTcpInput(w: World, core: number, packet: number): void {
  charge(w, core, w.packetBytes[packet]! > 0 ? TCP_RECEIVE : TCP_RECEIVE_ACK, 1)
}

export function tcpInput(w: World, core: number, socket: number, packet: number): void {
  const bytes = w.packetBytes[packet]!
  // RFC 7323, section 4.3: the stamp of a segment that fills what was acknowledged is the one to echo.
  if (w.socketReceivedSeq[socket] === w.socketAckedSeq[socket]) w.socketRecentStampMs[socket] = w.packetStampMs[packet]!
  if (bytes > 0) {
    measureEchoedRtt(w, core, socket, bytes, w.packetEchoMs[packet]!)
    w.socketReceivedSeq[socket]! += bytes
    queueUnread(w, socket, bytes)
    measureReceiveMss(w, socket, bytes, w.packetSegmentBytes[packet]!, w.packetPush[packet] === 1)
    measureReceiveRtt(w, core, socket)
    dataArrived(w, core, socket)
    growWindow(w, socket, bytes)
  }
  windowOffered(w, socket, w.packetAckSeq[packet]! + w.packetWindowBytes[packet]!, w.packetWindowBytes[packet]!)
  if (w.packetDuplicate[packet] === 1) duplicateArrived(w, core, socket)
  if (w.packetAckSeq[packet]! > w.socketUnackedSeq[socket]!) acknowledged(w, core, socket, w.packetAckSeq[packet]!)
  if (bytes > 0) {
    acknowledgeOrDelay(w, core, socket)
    dataReady(w, core, socket)
  }
}

function acknowledged(w: World, core: number, socket: number, sequence: number): void {
  const inFlight = w.socketPacketsOut[socket]!
  const segments = takeAcknowledged(w, socket, sequence)
  // Slow start (RFC 5681, section 3.1), only while the window was the limit (tcp_is_cwnd_limited()).
  if (2 * inFlight >= w.socketWindowSegments[socket]!) w.socketWindowSegments[socket]! += segments
  w.socketUnackedSeq[socket] = sequence
  const sample = w.coreTimeNs[core]! - w.acknowledgedSentNs
  const smoothed = w.socketSmoothedRttNs[socket]!
  // tcp_rtt_estimator(): a known round trip is never nothing.
  w.socketSmoothedRttNs[socket] = smoothed === 0 ? Math.max(1, sample) : smoothed + (sample - smoothed) * RTT_WEIGHT
  scheduleProbe(w, core, socket)
  while (transmitNext(w, core, socket)) scheduleProbe(w, core, socket)
}
