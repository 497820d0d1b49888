/** A packet leaves a socket: it joins the backlog of the core that runs the code, and its softirq follows at once. Kernel: __dev_queue_xmit(), netif_rx(). */
import { enqueue, takePacket } from '../engine/packets.js'
import type { World } from '../engine/world.js'

/** Queues one packet of `bytes` payload (0: a pure acknowledgement) from `socket` to its peer; returns the packet's row. */
export function emit(
  w: World,
  core: number,
  socket: number,
  bytes: number,
  segmentBytes: number,
  push: boolean,
  fragments: number,
): number {
  const packet = takePacket(w)
  const route = w.socketRoute[socket]!
  w.packetSocket[packet] = w.socketPeer[socket]!
  w.packetBytes[packet] = bytes
  w.packetSegmentBytes[packet] = segmentBytes
  w.packetDuplicate[packet] = 0
  w.packetPush[packet] = push ? 1 : 0
  w.packetFragments[packet] = fragments
  const first = w.routeFirstBurst[route]!
  w.packetBurst[packet] = first
  w.packetLastBurst[packet] = first + w.routeBursts[route]! - 1
  enqueue(w, w.coreBacklogHead, w.coreBacklogTail, core, packet)
  return packet
}
