/**
 * The send buffer of a stream: what was written and is not acknowledged stands in it, packets with their overhead, and a full one makes its writer wait
 * until a third of it is free. It grows with the congestion window (autotuning).
 *
 * Kernel 6.18: sk_stream_memory_free(), __sk_stream_is_writeable(), sk_stream_wait_memory(), tcp_check_space(), tcp_new_space(),
 * tcp_should_expand_sndbuf(), tcp_sndbuf_expand(), tcp_init_buffer_space(). Left out: memory pressure, TCP_NOTSENT_LOWAT.
 */
import { roomReady } from '../../engine/wakeup.js'
import { world } from '../../engine/world.js'
import { PACKET_OVERHEAD_BYTES } from './receive-queue.js'

/** net.ipv4.tcp_wmem, the third number: how far the kernel lets a buffer grow (its own default). */
const MOST_BUFFER_BYTES = 4_194_304
/** TCP_INIT_CWND: segments that a buffer is made for at least, each twice. */
const LEAST_SEGMENTS = 10
/** MAX_TCP_HEADER and SKB_DATA_ALIGN(sizeof(struct skb_shared_info)); sizeof(struct sk_buff). `ss -m` shows tb87040 at 1500 bytes, tb2626560 on loopback. */
const HEADER_ROOM_BYTES = 320 + 320
const SK_BUFF_BYTES = 256
/** Headers of a segment that the peer has announced without options. */
const BARE_HEADER_BYTES = 40

/** Columns of a stream's socket. @param setBytes what the program asked for, of which the kernel makes the double */
export function openSendBuffer(socket: number, setBytes: number | undefined): void {
  if (setBytes === undefined) {
    world.socketSendBufferBytes[socket] = 0
    expandSendBuffer(socket)
    return
  }
  world.socketSendBufferLocked[socket] = 1
  world.socketSendBufferBytes[socket] = 2 * setBytes
}

/** tcp_sndbuf_expand(): twice the congestion window, in segments as large as the allocator makes them. */
function expandSendBuffer(socket: number): void {
  const segment = world.routeMtuBytes[world.socketRoute[socket]!]! - BARE_HEADER_BYTES + HEADER_ROOM_BYTES
  let allocated = 1
  while (allocated < segment) allocated *= 2
  const segments = Math.max(LEAST_SEGMENTS, world.socketWindowSegments[socket]!)
  const bytes = Math.min(MOST_BUFFER_BYTES, 2 * segments * (allocated + SK_BUFF_BYTES))
  if (bytes > world.socketSendBufferBytes[socket]!) world.socketSendBufferBytes[socket] = bytes
}

/** sk_wmem_queued: packets under way, and those that the unsent bytes will make. */
function queuedBytes(socket: number): number {
  const unsent = world.socketWriteSeq[socket]! - world.socketSentSeq[socket]!
  const packets = world.socketFlightEnd[socket]! - world.socketFlightStart[socket]! + Math.ceil(unsent / world.socketSizeGoalBytes[socket]!)
  return world.socketWriteSeq[socket]! - world.socketUnackedSeq[socket]! + packets * PACKET_OVERHEAD_BYTES
}

/** sk_stream_memory_free(): whether a write may begin another packet. */
export function hasSendRoom(socket: number): boolean {
  return world.socketSendBufferBytes[socket] === Number.POSITIVE_INFINITY || queuedBytes(socket) < world.socketSendBufferBytes[socket]!
}

/** __sk_stream_is_writeable(): a third of the buffer is free; else (SOCK_NOSPACE) its writer wants to be told when it is. */
export function isWriteable(socket: number): boolean {
  const queued = queuedBytes(socket)
  return world.socketSendBufferBytes[socket]! - queued >= queued / 2
}

/** tcp_check_space(), after an acknowledgement: who waits for room may have it. */
export function checkSpace(core: number, socket: number): void {
  if (world.socketNoSpace[socket] === 0) return
  const isWindowFull = world.socketPacketsOut[socket]! >= world.socketWindowSegments[socket]!
  if (!isWindowFull && world.socketSendBufferLocked[socket] === 0) expandSendBuffer(socket)
  if (!isWriteable(socket)) return
  world.socketNoSpace[socket] = 0
  roomReady(core, socket)
}
