/** UDP: one datagram a message; above the MTU it travels in fragments. Kernel: udp_sendmsg(), ip_fragment(), ip_defrag(). */
import { UDP_FRAGMENT, UDP_REASSEMBLE, UDP_RECEIVE, UDP_TRANSMIT } from '../engine/charges.js'
import { givePacketBack } from '../engine/packets.js'
import { dataReady } from '../engine/wakeup.js'
import { charge, world } from '../engine/world.js'
import { emit } from './emit.js'
import { queueDatagram } from './udp-queue.js'

/** RFC 768: 8 bytes of header stand in the first fragment. */
const UDP_HEADER_BYTES = 8
/** RFC 791, section 3.1, without options. */
const IP_HEADER_BYTES = 20

/** Fragments of a datagram behind this MTU; all but the last carry a multiple of 8 bytes (RFC 791, section 3.2). Kernel: __ip_append_data(). */
export function fragmentsOf(messageBytes: number, mtuBytes: number): number {
  const roomBytes = mtuBytes - IP_HEADER_BYTES
  const payloadBytes = messageBytes + UDP_HEADER_BYTES
  return payloadBytes <= roomBytes ? 1 : 1 + Math.ceil((payloadBytes - roomBytes) / (roomBytes - (roomBytes % 8)))
}

export function udpSend(core: number, socket: number, bytes: number): void {
  const fragments = fragmentsOf(bytes, world.routeMtuBytes[world.socketRoute[socket]!]!)
  charge(core, UDP_TRANSMIT, 1)
  if (fragments > 1) charge(core, UDP_FRAGMENT, fragments)
  const packet = emit(core, socket, bytes, bytes, true, fragments)
  world.packetMessage[packet] = world.taskMessage[world.socketTask[socket]!]!
}

/** Charged before the datagram's softirq is spent; the socket has it when that is done. */
export function chargeUdpInput(core: number, packet: number): void {
  charge(core, UDP_RECEIVE, 1)
  const fragments = world.packetFragments[packet]!
  if (fragments > 1) charge(core, UDP_REASSEMBLE, fragments)
}

/** The datagram waits to be read, or is dropped. */
export function udpInput(core: number, socket: number, packet: number): void {
  if (!queueDatagram(socket, packet)) {
    world.flowDropped[world.socketFlow[socket]!]! += 1
    givePacketBack(packet)
    return
  }
  world.socketReceivedSeq[socket]! += world.packetBytes[packet]!
  dataReady(core, socket)
}
