/**
 * A connection's beginning and end: the three segments of the handshake (RFC 9293, section 3.5) and the FIN of each end (section 3.6). They cross the
 * path like any other segment. Kernel 6.18: tcp_connect(), tcp_conn_request(), tcp_rcv_synsent_state_process(), tcp_check_req(), tcp_send_fin(), tcp_fin().
 * Left out: SYN cookies, Fast Open, a full queue of the listener (each flow has one connection at a time, and a listener of its own), the round trip
 * that the handshake measures, TIME_WAIT beyond its acknowledgement.
 */
import { TCP_ACKNOWLEDGE } from '../../engine/charges.js'
import { dataReady } from '../../engine/wakeup.js'
import { charge, world } from '../../engine/world.js'
import { emit } from '../emit.js'
import { acknowledge, acknowledgeFin } from './acknowledge.js'

/** What a segment is (`packetKind`). */
export const DATA = 0
export const SYN = 1
const SYN_ACK = 2
const HANDSHAKE_ACK = 3
const FIN = 4

function emitBare(core: number, socket: number, kind: number): number {
  charge(core, TCP_ACKNOWLEDGE, 1)
  const packet = emit(core, socket, 0, 0, false, 1)
  world.packetKind[packet] = kind
  return packet
}

export function sendSyn(core: number, socket: number): void {
  emitBare(core, socket, SYN)
}

/** A segment of the handshake comes in. @returns whether it was one */
export function handshakeArrived(core: number, socket: number, kind: number): boolean {
  switch (kind) {
    case SYN:
      emitBare(core, socket, SYN_ACK)
      return true
    case SYN_ACK:
      world.socketJoined[socket] = 1
      dataReady(core, socket)
      emitBare(core, socket, HANDSHAKE_ACK)
      return true
    case HANDSHAKE_ACK:
      world.socketJoined[socket] = 1
      dataReady(core, socket)
      return true
    default:
      return false
  }
}

/** A closed socket's FIN leaves when all that was written has, and acknowledges what has come. */
export function finishClosed(core: number, socket: number): void {
  if (world.socketFinished[socket] === 1 || world.socketSentSeq[socket] !== world.socketWriteSeq[socket]) return
  world.socketFinished[socket] = 1
  acknowledge(core, socket, emitBare(core, socket, FIN))
  if (world.socketEnded[socket] === 1) world.socketJoined[socket] = 0
}

/** tcp_fin(): who reads there finds the end; who has sent its own FIN answers at once, the other end with its own. */
export function finArrived(core: number, socket: number, kind: number): void {
  if (kind !== FIN) return
  world.socketEnded[socket] = 1
  dataReady(core, socket)
  const isLast = world.socketFinished[socket] === 1
  acknowledgeFin(core, socket, isLast)
  if (isLast) world.socketJoined[socket] = 0
}
