/**
 * A UDP socket's receive buffer: datagrams in order, each counted with its overhead; what finds it full is dropped.
 * Kernel 6.18: __udp_enqueue_schedule_skb(), __skb_recv_udp(), udp_rmem_release(). Left out: skb_condense() where the buffer is more than half
 * full (these packets are linear already).
 */
import { dequeue, enqueue, givePacketBack } from '../engine/packets.js'
import { world } from '../engine/world.js'

/** net.core.rmem_default of this kernel: UDP's buffers do not grow. */
export const UDP_BUFFER_BYTES = 212_992
/** udp_init_sock(): what is read is given back when it comes to a quarter of the buffer, or when the reader's own queue is empty. */
const DEFICIT_BYTES = UDP_BUFFER_BYTES / 4

/** Headers and what __ip_append_data() keeps free before and behind them: IPv4 20, UDP 8, the device 16, 15 for alignment. */
const ROOM_BYTES = 59
/** skb_shared_info lies behind the data, sk_buff apart. */
const SHARED_INFO_BYTES = 320
const SK_BUFF_BYTES = 256
/** The smallest head (skb_small_head_cache); others are powers of two, and of those larger than SKB_MAX_ALLOC the payload lies in pages. */
const SMALL_HEAD_BYTES = 576
const LARGEST_HEAD_BYTES = 16_384

/** What a packet of `bytes` payload takes of a buffer (skb->truesize): `ss -m` shows the same for 1 to 65507 bytes. */
export function datagramTruesizeBytes(bytes: number): number {
  const needed = bytes + ROOM_BYTES + SHARED_INFO_BYTES
  if (needed <= SMALL_HEAD_BYTES) return SK_BUFF_BYTES + SMALL_HEAD_BYTES
  if (needed > LARGEST_HEAD_BYTES) return SK_BUFF_BYTES + SMALL_HEAD_BYTES + bytes
  let head = 1024
  while (head < needed) head *= 2
  return SK_BUFF_BYTES + head
}

/** A reassembled datagram takes what its fragments took. */
function truesizeOf(packet: number): number {
  const fragments = world.packetFragments[packet]!
  return fragments * datagramTruesizeBytes(Math.ceil(world.packetBytes[packet]! / fragments))
}

/** @returns whether there was room for it; an empty buffer takes any datagram */
export function queueDatagram(socket: number, packet: number): boolean {
  const size = truesizeOf(packet)
  const used = world.socketQueuedBytes[socket]!
  if (used > 0 && used + size > UDP_BUFFER_BYTES) return false
  world.socketQueuedBytes[socket] = used + size
  world.socketDatagrams[socket]! += 1
  enqueue(world.socketDatagramHead, world.socketDatagramTail, socket, packet)
  return true
}

/** The first datagram goes to the program, whose task has its number then. A reader takes over all that waits, and gives its room back late. @returns its bytes */
export function readDatagram(task: number, socket: number): number {
  const packet = dequeue(world.socketDatagramHead, socket)
  if (world.socketDatagramsTaken[socket] === 0) world.socketDatagramsTaken[socket] = world.socketDatagrams[socket]!
  world.socketDatagrams[socket]! -= 1
  world.socketDatagramsTaken[socket]! -= 1
  world.socketDeficitBytes[socket]! += truesizeOf(packet)
  if (world.socketDatagramsTaken[socket] === 0 || world.socketDeficitBytes[socket]! >= DEFICIT_BYTES) {
    world.socketQueuedBytes[socket]! -= world.socketDeficitBytes[socket]!
    world.socketDeficitBytes[socket] = 0
  }
  world.taskMessage[task] = world.packetMessage[packet]!
  const bytes = world.packetBytes[packet]!
  givePacketBack(packet)
  return bytes
}
