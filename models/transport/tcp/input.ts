/** A segment comes in: its acknowledgement frees and may release data, its payload is queued, and an answer is decided. Kernel: tcp_rcv_established(), tcp_ack(). */
import { TCP_RECEIVE, TCP_RECEIVE_ACK } from '../../engine/charges.js'
import { dataReady } from '../../engine/wakeup.js'
import { charge, world } from '../../engine/world.js'
import { acknowledgeOrDelay, dataArrived, duplicateArrived } from './acknowledge.js'
import { growCongestionWindow } from './congestion-window.js'
import { DATA, finArrived, finishClosed, handshakeArrived } from './connection.js'
import { takeAcknowledged } from './in-flight.js'
import { scheduleProbe } from './loss-probe.js'
import { measureReceiveMss } from './receive-mss.js'
import { queueUnread } from './receive-queue.js'
import { growWindow, measureEchoedRtt, measureReceiveRtt } from './receive-window.js'
import { transmitNext, windowOffered } from './segmentation.js'
import { checkSpace } from './send-buffer.js'

/** What is left to do for a packet that the owner works off. */
export const IS_DONE = 0
const SENDS = 1
const SENDS_THEN_ANSWERS = 2

/** RFC 6298, section 2: weight of a new round-trip sample. */
const RTT_WEIGHT = 1 / 8

export function chargeTcpInput(core: number, packet: number): void {
  charge(core, world.packetBytes[packet]! > 0 ? TCP_RECEIVE : TCP_RECEIVE_ACK, 1)
}

/**
 * In the order of the kernel: what is acknowledged, what has come, waking who waits for it, what may now be sent, and only then an answer. A wake-up that
 * preempts so leaves the sending of the answer to the account of whom it wakes (eevdf.ts); a trace of 6.18 shows no acknowledgement before its wake-up.
 */
export function tcpInput(core: number, socket: number, packet: number): void {
  const bytes = world.packetBytes[packet]!
  const kind = world.packetKind[packet]!
  if (kind !== DATA && handshakeArrived(core, socket, kind)) return
  // RFC 7323, section 4.3: the stamp of a segment that fills what was acknowledged is the one to echo.
  if (world.socketReceivedSeq[socket] === world.socketAckedSeq[socket]) world.socketRecentStampMs[socket] = world.packetStampMs[packet]!
  windowOffered(socket, world.packetAckSeq[packet]! + world.packetWindowBytes[packet]!, world.packetWindowBytes[packet]!)
  if (world.packetAckSeq[packet]! > world.socketUnackedSeq[socket]!) acknowledged(core, socket, world.packetAckSeq[packet]!)
  if (bytes > 0) {
    measureEchoedRtt(core, socket, bytes, world.packetEchoMs[packet]!)
    world.socketReceivedSeq[socket]! += bytes
    queueUnread(socket, bytes)
    measureReceiveMss(socket, bytes, world.packetSegmentBytes[packet]!, world.packetPush[packet] === 1)
    measureReceiveRtt(core, socket)
    dataArrived(core, socket)
    growWindow(socket, bytes)
    dataReady(core, socket)
  }
  if (world.packetDuplicate[packet] === 1) duplicateArrived(core, socket)
  if (world.socketOwned[socket] === 1 && kind === DATA) {
    world.socketInputStep[socket] = bytes > 0 ? SENDS_THEN_ANSWERS : SENDS
    return
  }
  while (transmitNext(core, socket)) scheduleProbe(core, socket)
  checkSpace(core, socket)
  if (bytes > 0) acknowledgeOrDelay(core, socket)
  if (kind !== DATA) finArrived(core, socket, kind)
  if (world.socketClosed[socket] === 1) finishClosed(core, socket)
}

/**
 * The rest of a packet that its socket's owner works off: what it releases leaves one packet at a time, since softirq runs inline in a process that sends.
 * @returns whether a packet has left, and more may follow
 */
export function goesOnWithInput(core: number, socket: number): boolean {
  if (transmitNext(core, socket)) {
    scheduleProbe(core, socket)
    return true
  }
  checkSpace(core, socket)
  if (world.socketInputStep[socket] === SENDS_THEN_ANSWERS) acknowledgeOrDelay(core, socket)
  if (world.socketClosed[socket] === 1) finishClosed(core, socket)
  world.socketInputStep[socket] = IS_DONE
  return false
}

function acknowledged(core: number, socket: number, sequence: number): void {
  growCongestionWindow(socket, takeAcknowledged(socket, sequence))
  world.socketUnackedSeq[socket] = sequence
  const sample = world.coreTimeNs[core]! - world.acknowledgedSentNs
  const smoothed = world.socketSmoothedRttNs[socket]!
  // tcp_rtt_estimator(): a known round trip is never nothing.
  world.socketSmoothedRttNs[socket] = smoothed === 0 ? Math.max(1, sample) : smoothed + (sample - smoothed) * RTT_WEIGHT
  scheduleProbe(core, socket)
}
