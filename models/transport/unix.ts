/**
 * Unix-domain sockets: what is written stands in the peer's queue when the writer's call goes on, in buffers that count against the writer until
 * they are read. Kernel 6.18: unix_stream_sendmsg(), unix_stream_read_generic(), unix_dgram_sendmsg(), __unix_dgram_recvmsg().
 * Left out: what a peer on another core writes or reads while a call copies (the call sees what was there when it began); the limit of datagrams
 * that wait (net.unix.max_dgram_qlen), which peers that are connected to each other don't have.
 */
import { RECEIVE_BYTE, SEND_BYTE, UNIX_BYTE, UNIX_COLD_BYTE, UNIX_FRAGMENT, UNIX_TRANSMIT } from '../engine/charges.js'
import { dequeue, enqueue, givePacketBack } from '../engine/packets.js'
import { dataReady, roomReady, wokenInVain } from '../engine/wakeup.js'
import { charge, NONE, UNIX_DATAGRAM, world } from '../engine/world.js'
import { emit } from './emit.js'

/** net.core.wmem_default of this kernel: what a socket may have written that its peer has not read. */
export const UNIX_BUFFER_BYTES = 212_992
/** unix_dgram_sendmsg(): the longest datagram is the buffer less 32 bytes. */
export const LARGEST_DATAGRAM_BYTES = UNIX_BUFFER_BYTES - 32

const PAGE_BYTES = 4096
/** skb_shared_info lies behind a head's data, sk_buff apart. */
const SHARED_INFO_BYTES = 320
const SK_BUFF_BYTES = 256
/** Heads are powers of two, from this on. */
const SMALLEST_HEAD_BYTES = 512
/** PAGE_ALLOC_COSTLY_ORDER, and get_order(UNIX_SKB_FRAGS_SZ): pages come in stretches of at most eight. */
const LONGEST_STRETCH_PAGES = 8
/**
 * What is still in the first-level cache when it is read: a third of the 48 KiB that the Xeon has, as a message stands there in the writer's, the
 * kernel's and the reader's memory. On a processor with 32 KiB cold bytes begin at 11 KiB: that is left out.
 */
const HOT_BYTES = 16_384

/** SKB_MAX_HEAD(0): a stream's buffer has a head of one page, and 32 KiB of pages behind it (UNIX_SKB_FRAGS_SZ). */
const STREAM_HEAD_BYTES = PAGE_BYTES - SHARED_INFO_BYTES
export const STREAM_BUFFER_BYTES = STREAM_HEAD_BYTES + 32_768
/** SKB_MAX_ALLOC: a datagram's head has four pages before others follow, of which there are MAX_SKB_FRAGS at most. */
const DATAGRAM_HEAD_BYTES = 4 * PAGE_BYTES - SHARED_INFO_BYTES
const MOST_DATAGRAM_PAGES = 17

/** Pages of a buffer of `bytes` behind its head, which has what is left: PAGE_ALIGN(data_len). */
function pagesBehindHead(bytes: number, isDatagram: boolean): number {
  if (isDatagram) return Math.min(MOST_DATAGRAM_PAGES, Math.ceil(Math.max(0, bytes - DATAGRAM_HEAD_BYTES) / PAGE_BYTES))
  return Math.ceil(Math.max(0, bytes - STREAM_HEAD_BYTES) / PAGE_BYTES)
}

function headBytes(bytes: number, isDatagram: boolean): number {
  const needed = Math.max(0, bytes - PAGE_BYTES * pagesBehindHead(bytes, isDatagram)) + SHARED_INFO_BYTES
  let head = SMALLEST_HEAD_BYTES
  while (head < needed) head *= 2
  return head
}

/** What a buffer takes of its writer's allowance (skb->truesize): SIOCOUTQ shows the same for 1 to 212,960 bytes. */
export function unixTruesizeBytes(bytes: number, isDatagram: boolean): number {
  return SK_BUFF_BYTES + headBytes(bytes, isDatagram) + PAGE_BYTES * pagesBehindHead(bytes, isDatagram)
}

/**
 * Stretches of pages behind a buffer's head, each as long as a power of two still fits (alloc_skb_with_pages()), and the head where it holds bytes
 * beside them; 0 of a buffer that is all head. A message of whole pages has no bytes in the head.
 */
export function fragmentsOfBuffer(bytes: number, isDatagram: boolean): number {
  let pages = pagesBehindHead(bytes, isDatagram)
  if (pages === 0) return 0
  let fragments = bytes > PAGE_BYTES * pages ? 1 : 0
  for (let stretch = LONGEST_STRETCH_PAGES; stretch >= 1; stretch /= 2) {
    const whole = Math.floor(pages / stretch)
    fragments += whole
    pages -= whole * stretch
  }
  return fragments
}

/** Buffers that a message is written in. */
export function buffersOf(bytes: number, isDatagram: boolean): number {
  return isDatagram ? 1 : Math.ceil(bytes / STREAM_BUFFER_BYTES)
}

/** Fragments of a whole message. */
export function unixFragmentsOf(bytes: number, isDatagram: boolean): number {
  if (isDatagram) return fragmentsOfBuffer(bytes, true)
  const whole = Math.floor(bytes / STREAM_BUFFER_BYTES)
  return whole * fragmentsOfBuffer(STREAM_BUFFER_BYTES, false) + fragmentsOfBuffer(bytes - whole * STREAM_BUFFER_BYTES, false)
}

/** Bytes of one read that have left the first-level cache. */
export const coldBytesOf = (bytes: number): number => Math.max(0, bytes - HOT_BYTES)

/** Whether a write may allocate: below the limit any buffer may (sock_alloc_send_pskb()). */
export function hasRoom(socket: number): boolean {
  return world.socketQueuedBytes[world.socketPeer[socket]!]! < UNIX_BUFFER_BYTES
}

/** One buffer of a write. @returns its bytes */
export function unixSend(core: number, socket: number, left: number): number {
  const isDatagram = world.socketTransport[socket] === UNIX_DATAGRAM
  const bytes = isDatagram ? left : Math.min(left, STREAM_BUFFER_BYTES)
  charge(core, SEND_BYTE, bytes)
  charge(core, UNIX_TRANSMIT, 1)
  charge(core, UNIX_FRAGMENT, fragmentsOfBuffer(bytes, isDatagram))
  charge(core, UNIX_BYTE, bytes)
  world.socketQueuedBytes[world.socketPeer[socket]!]! += unixTruesizeBytes(bytes, isDatagram)
  // Its route has no stage: it arrives as soon as what the write has cost until here is spent.
  emit(core, socket, bytes, bytes, true, 1)
  return bytes
}

/** The buffer stands in its reader's queue. */
export function unixInput(core: number, socket: number, packet: number): void {
  enqueue(world.socketDatagramHead, world.socketDatagramTail, socket, packet)
  world.socketReceivedSeq[socket]! += world.packetBytes[packet]!
  dataReady(core, socket)
}

/** A datagram, or of a stream as much as the call has room for: buffer after buffer, each given back when it is empty. */
export function unixRead(core: number, task: number, socket: number): void {
  const isDatagram = world.socketTransport[socket] === UNIX_DATAGRAM
  do {
    const packet = world.socketDatagramHead[socket]!
    const rest = world.packetBytes[packet]!
    const bytes = isDatagram ? rest : Math.min(rest, world.taskCallBytes[task]!)
    charge(core, RECEIVE_BYTE, bytes)
    world.taskGotBytes[task]! += bytes
    world.taskCallBytes[task]! -= bytes
    world.socketCopiedSeq[socket]! += bytes
    world.packetBytes[packet] = rest - bytes
    if (bytes === rest) giveBack(core, socket, isDatagram)
  } while (!isDatagram && world.taskCallBytes[task]! > 0 && world.socketDatagramHead[socket] !== NONE)
  charge(core, UNIX_COLD_BYTE, coldBytesOf(world.taskGotBytes[task]!))
}

function giveBack(core: number, socket: number, isDatagram: boolean): void {
  const packet = dequeue(world.socketDatagramHead, socket)
  const bytes = world.packetSegmentBytes[packet]!
  world.socketQueuedBytes[socket]! -= unixTruesizeBytes(bytes, isDatagram)
  givePacketBack(packet)
  // unix_writable(): a writer is told when three quarters of its allowance are free.
  if (4 * world.socketQueuedBytes[socket]! > UNIX_BUFFER_BYTES) return
  const writer = world.socketPeer[socket]!
  roomReady(core, writer)
  if (!isDatagram) wokenInVain(core, writer)
}
