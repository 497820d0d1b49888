/** A packet leaves a socket: it joins the backlog of the core that runs the code, and its softirq follows at once. Kernel: __dev_queue_xmit(), netif_rx(). */
import { enqueue, takePacket } from '../engine/packets.js'
import { world } from '../engine/world.js'

/** Queues one packet of `bytes` payload (0: a pure acknowledgement) from `socket` to its peer; returns the packet's row. */
export function emit(core: number, socket: number, bytes: number, segmentBytes: number, push: boolean, fragments: number): number {
  const packet = takePacket()
  const route = world.socketRoute[socket]!
  world.packetSocket[packet] = world.socketPeer[socket]!
  world.packetBytes[packet] = bytes
  world.packetSegmentBytes[packet] = segmentBytes
  world.packetDuplicate[packet] = 0
  world.packetKind[packet] = 0
  world.packetPush[packet] = push ? 1 : 0
  world.packetFragments[packet] = fragments
  const first = world.routeFirstBurst[route]!
  world.packetBurst[packet] = first
  world.packetLastBurst[packet] = first + world.routeBursts[route]! - 1
  enqueue(world.coreBacklogHead, world.coreBacklogTail, core, packet)
  return packet
}
