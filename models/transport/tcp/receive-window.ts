/**
 * The receive window: what a socket offers its peer, how the offer grows, and how the buffer behind it grows (dynamic right-sizing).
 * It decides more than throughput: a receiver acknowledges a full segment at once only while it could offer as much as before.
 *
 * Kernel 6.18: __tcp_select_window(), tcp_select_window(), tcp_grow_window(), tcp_measure_rcv_mss() (scaling ratio), tcp_rcv_rtt_measure(),
 * tcp_rcv_rtt_measure_ts(), tcp_rcv_space_adjust(), tcp_rcvbuf_grow(), tcp_init_buffer_space(), tcp_select_initial_window().
 * Left out: memory pressure, windows that shrink, out-of-order data.
 */
import { world } from '../../engine/world.js'
import { PACKET_OVERHEAD_BYTES } from './receive-queue.js'

/** net.ipv4.tcp_rmem, second and third number: the buffer at first and at most (kernel 6.18's own defaults). */
const FIRST_BUFFER_BYTES = 131072
const MOST_BUFFER_BYTES = 33554432
/** The window's scale that the largest buffer asks for (tcp_select_initial_window()): offers are multiples of 1024 bytes. */
const OFFER_UNIT_BYTES = 1024
/** TCP_RMEM_TO_WIN_SCALE: the share of a buffer that counts as window is a number of 8 bits. TCP_DEFAULT_SCALING_RATIO: half, before any data. */
const RATIO_ONE = 256
const FIRST_RATIO = 128
/** Shorter packets don't open the window (tcp_event_data_recv()). */
const LEAST_GROWING_BYTES = 128
/** TCP_INIT_CWND segments are what a receiver expects to be read at first (tcp_init_buffer_space()). */
const FIRST_READ_SEGMENTS = 10
/** IPv4 and TCP headers without options, and the time stamps' twelve bytes. */
const BARE_HEADER_BYTES = 40
const TIMESTAMP_BYTES = 12
/** IPV4_MAX_PMTU: no segment is announced beyond it (ipv4_default_advmss()). */
const LARGEST_PACKET_BYTES = 65535

/** The window that a socket with this MTU offers in its SYN or, `answers`, in its SYN-ACK: whole segments. */
export function firstOfferBytes(mtuBytes: number, answers: boolean, bufferBytes = FIRST_BUFFER_BYTES): number {
  const segment = announcedMssBytes(mtuBytes) + (answers ? 0 : TIMESTAMP_BYTES)
  return Math.floor((bufferBytes * FIRST_RATIO) / RATIO_ONE / segment) * segment
}

function announcedMssBytes(mtuBytes: number): number {
  return Math.min(mtuBytes, LARGEST_PACKET_BYTES) - BARE_HEADER_BYTES - TIMESTAMP_BYTES
}

/** Columns of a connection just established. @param answers whether the socket was the passive one */
export function openReceiveWindow(socket: number, mtuBytes: number, answers: boolean, bufferBytes = FIRST_BUFFER_BYTES): void {
  const mss = announcedMssBytes(mtuBytes)
  const reserved = mss + (answers ? TIMESTAMP_BYTES : 0)
  const space = (bufferBytes * FIRST_RATIO) / RATIO_ONE
  const clamp = space > 2 * reserved ? Math.max(2 * reserved, space - reserved) : space
  const first = firstOfferBytes(mtuBytes, answers, bufferBytes)
  world.socketAnnouncedMssBytes[socket] = mss
  world.socketBufferBytes[socket] = bufferBytes
  world.socketWindowRatio[socket] = FIRST_RATIO
  world.socketWindowClampBytes[socket] = clamp
  world.socketWindowThresholdBytes[socket] = Math.min(first, clamp)
  // The active end has offered once more, with its scale, in the handshake's last segment.
  world.socketOfferedBytes[socket] = answers ? first : Math.max(first, roundedUp(Math.min(first, clamp)))
  world.socketReadSpaceBytes[socket] = Math.min(first, clamp, FIRST_READ_SEGMENTS * reserved)
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / OFFER_UNIT_BYTES) * OFFER_UNIT_BYTES
}

function windowOf(socket: number, spaceBytes: number): number {
  return Math.floor((spaceBytes * world.socketWindowRatio[socket]!) / RATIO_ONE)
}

/** tcp_space(): what the buffer still takes, as window. */
function freeWindowBytes(socket: number): number {
  return windowOf(socket, world.socketBufferBytes[socket]! - world.socketBacklogBytes[socket]! - world.socketQueuedBytes[socket]!)
}

/** __tcp_select_window(): the window that the socket would offer now. */
export function selectWindowBytes(socket: number): number {
  const allowed = windowOf(socket, world.socketBufferBytes[socket]!)
  const full = Math.min(world.socketWindowClampBytes[socket]!, allowed)
  let free = freeWindowBytes(socket)
  if (free < Math.floor(full / 2)) {
    world.socketQuickAcks[socket] = 0
    free = Math.floor(free / OFFER_UNIT_BYTES) * OFFER_UNIT_BYTES
    if (free < Math.floor(allowed / 16) || free < Math.min(world.socketReceiveMssBytes[socket]!, full)) return 0
  }
  return roundedUp(Math.min(free, world.socketWindowThresholdBytes[socket]!))
}

/** tcp_receive_window(): what is left of the last offer. */
export function openWindowBytes(socket: number): number {
  return Math.max(0, world.socketAckedSeq[socket]! + world.socketOfferedBytes[socket]! - world.socketReceivedSeq[socket]!)
}

/** tcp_select_window(): fixes the offer that the segment under way carries; an offer is never taken back. */
export function offerWindow(socket: number): void {
  const selected = selectWindowBytes(socket)
  const open = openWindowBytes(socket)
  world.socketOfferedBytes[socket] = selected < open ? roundedUp(open) : selected
}

/** tcp_measure_rcv_mss(), where the estimate has risen: how much of the buffer such packets fill with payload. */
export function measureWindowRatio(socket: number, bytes: number): void {
  const ratio = Math.max(1, Math.floor((bytes * RATIO_ONE) / (bytes + PACKET_OVERHEAD_BYTES)))
  if (ratio === world.socketWindowRatio[socket]) return
  world.socketWindowRatio[socket] = ratio
  const clamp = windowOf(socket, world.socketBufferBytes[socket]!)
  // tcp_set_window_clamp(): a wider clamp lets the window grow from what is offered already.
  const threshold = world.socketWindowThresholdBytes[socket]!
  world.socketWindowThresholdBytes[socket] =
    clamp < world.socketWindowClampBytes[socket]!
      ? Math.min(threshold, clamp)
      : Math.max(threshold, Math.min(world.socketOfferedBytes[socket]!, clamp))
  world.socketWindowClampBytes[socket] = clamp
  if (clamp < world.socketReadSpaceBytes[socket]!) world.socketReadSpaceBytes[socket] = clamp
}

/** tcp_grow_window(): each packet of some length opens the window by twice its length, as far as the buffer carries. */
export function growWindow(socket: number, bytes: number): void {
  if (bytes < LEAST_GROWING_BYTES) return
  const room = Math.min(world.socketWindowClampBytes[socket]!, freeWindowBytes(socket)) - world.socketWindowThresholdBytes[socket]!
  if (room <= 0) return
  world.socketWindowThresholdBytes[socket]! += Math.min(room, 2 * Math.max(world.socketAnnouncedMssBytes[socket]!, bytes))
  if (world.socketQuickAcks[socket]! % 2 === 0) world.socketQuickAcks[socket]! += 1
}

/** tcp_rcv_rtt_measure(): the time in which one window comes in bounds the round trip from above. */
export function measureReceiveRtt(core: number, socket: number): void {
  const nowUs = microseconds(world.coreTimeNs[core]!)
  const startUs = world.socketRttStartUs[socket]!
  if (startUs !== 0) {
    if (world.socketReceivedSeq[socket]! < world.socketRttSeq[socket]!) return
    const sample = Math.max(1, nowUs - startUs)
    if (world.socketReceiveRttUs[socket] === 0 || sample < world.socketReceiveRttUs[socket]!) world.socketReceiveRttUs[socket] = sample
  }
  world.socketRttSeq[socket] = world.socketReceivedSeq[socket]! + world.socketOfferedBytes[socket]!
  world.socketRttStartUs[socket] = nowUs
}

/** tcp_rcv_rtt_measure_ts(): an echoed time stamp that is new, on a segment of full size; stamps are whole milliseconds (TCP_TS_HZ). */
export function measureEchoedRtt(core: number, socket: number, bytes: number, echoMs: number): void {
  if (echoMs === world.socketLastEchoMs[socket]) return
  world.socketLastEchoMs[socket] = echoMs
  const sample = 1000 * (milliseconds(world.coreTimeNs[core]!) - echoMs)
  if (sample <= 0 || bytes < world.socketReceiveMssBytes[socket]!) return
  const old = world.socketReceiveRttUs[socket]!
  if (old === 0 || sample < old) world.socketReceiveRttUs[socket] = sample
  else if (world.socketReceivedSeq[socket] === world.socketCopiedSeq[socket]) world.socketReceiveRttUs[socket] = old + (sample - old) / 8
}

/** tcp_rcv_space_adjust(): the program has read; where it read more in a round trip than ever, the buffer is made to fit the double and more. */
export function adjustReceiveSpace(core: number, socket: number): void {
  const rtt = world.socketReceiveRttUs[socket]!
  if (rtt === 0) return
  const nowUs = microseconds(world.coreTimeNs[core]!)
  if (nowUs - world.socketReadStartUs[socket]! < Math.floor(rtt)) return
  const queued = world.socketReceivedSeq[socket]! - world.socketCopiedSeq[socket]!
  const read = world.socketCopiedSeq[socket]! - world.socketReadStartSeq[socket]! - queued
  if (read > world.socketReadSpaceBytes[socket]!) growBuffer(socket, read)
  world.socketReadStartSeq[socket] = world.socketCopiedSeq[socket]!
  world.socketReadStartUs[socket] = nowUs
}

/** tcp_rcvbuf_grow(): twice what was read, and as much again as it has grown by. */
function growBuffer(socket: number, readBytes: number): void {
  if (world.socketReceiveBufferLocked[socket] === 1) return
  const before = world.socketReadSpaceBytes[socket]!
  world.socketReadSpaceBytes[socket] = readBytes
  const window = 2 * readBytes + 2 * Math.floor((2 * readBytes * (readBytes - before)) / before)
  const buffer = Math.min(Math.floor((window * RATIO_ONE) / world.socketWindowRatio[socket]!), MOST_BUFFER_BYTES)
  if (buffer <= world.socketBufferBytes[socket]!) return
  world.socketBufferBytes[socket] = buffer
  world.socketWindowClampBytes[socket] = windowOf(socket, buffer)
}

function microseconds(timeNs: number): number {
  return Math.floor(timeNs / 1e3)
}

/** A connection's clock of time stamps. */
export function milliseconds(timeNs: number): number {
  return Math.floor(timeNs / 1e6)
}
