/**
 * The tail loss probe (RFC 8985, section 7): a sender that hears nothing for two round trips and a little sends once more. Nothing need be lost
 * for it to matter: what Nagle holds back behind several small packets leaves with the probe, long before a delayed acknowledgement would free it.
 * Kernel 6.18: tcp_schedule_loss_probe(), tcp_send_loss_probe(), tcp_process_tlp_ack(), tcp_write_timer().
 * Left out: a probe for loss proper (nothing is lost on these paths), the retransmission timer behind it.
 */
import { TCP_TRANSMIT } from '../../engine/charges.js'
import { jiffies } from '../../engine/jiffies.js'
import { charge, LOSS_PROBE_FIRES, world } from '../../engine/world.js'
import { emit } from '../emit.js'
import { acknowledge } from './acknowledge.js'
import { transmitProbe } from './segmentation.js'

/** TCP_TIMEOUT_MIN_US (include/net/tcp.h): what is added to two round trips, ns. */
const LEAST_TIMEOUT_NS = 2e6
/** TCP_RTO_MIN (include/net/tcp.h), a fifth of a second: added instead while a single packet is under way, since its acknowledgement may be delayed. */
const LEAST_RETRANSMISSION_NS = 2e8
/** TCP_TIMEOUT_INIT (RFC 6298): before any round trip is known, s. */
const FIRST_TIMEOUT_NS = 1e9

/** Sets the probe's time after data left or was acknowledged; with nothing under way there is none. */
export function scheduleProbe(core: number, socket: number): void {
  const out = world.socketPacketsOut[socket]!
  if (out === 0) {
    world.socketProbeJiffies[socket] = Number.POSITIVE_INFINITY
    return
  }
  const roundTrip = world.socketSmoothedRttNs[socket]!
  const timeoutNs = roundTrip === 0 ? FIRST_TIMEOUT_NS : 2 * roundTrip + (out === 1 ? LEAST_RETRANSMISSION_NS : LEAST_TIMEOUT_NS)
  world.socketProbeJiffies[socket] = jiffies(world.coreTimeNs[core]!) + Math.ceil(timeoutNs / world.jiffyNs)
  if (world.socketProbeSet[socket] === 1 && world.socketProbeSetJiffies[socket]! <= world.socketProbeJiffies[socket]!) return
  arm(core, socket)
}

/** One event at a time stands for the timer: moved to later, it is left to come and set again. */
function arm(core: number, socket: number): void {
  world.socketProbeSet[socket] = 1
  world.socketProbeCore[socket] = core
  world.socketProbeSetJiffies[socket] = world.socketProbeJiffies[socket]!
  world.queue.push((world.socketProbeJiffies[socket]! + 1) * world.jiffyNs, 0, LOSS_PROBE_FIRES, socket)
}

/** The timer's event has come. @returns whether a probe was sent */
export function lossProbeFires(socket: number): boolean {
  const now = jiffies(world.queue.timeNs)
  // An event that a nearer one has overtaken.
  if (world.socketProbeSet[socket] === 0 || world.socketProbeSetJiffies[socket]! >= now) return false
  world.socketProbeSet[socket] = 0
  const core = world.socketProbeCore[socket]!
  if (world.socketProbeJiffies[socket] === Number.POSITIVE_INFINITY) return false
  if (world.socketProbeJiffies[socket]! >= now) {
    arm(core, socket)
    return false
  }
  if (world.socketOwned[socket] === 1) {
    world.socketProbeDeferred[socket] = 1
    return false
  }
  return probe(core, socket)
}

/** release_sock(): what the timer found locked is done now. */
export function probeDeferred(core: number, socket: number): void {
  if (world.socketProbeDeferred[socket] === 0) return
  world.socketProbeDeferred[socket] = 0
  probe(core, socket)
}

/** Unsent data goes first, whatever Nagle says; else the last segment goes again, and its receiver must answer a duplicate at once. */
function probe(core: number, socket: number): boolean {
  world.socketProbeJiffies[socket] = Number.POSITIVE_INFINITY
  if (world.socketPacketsOut[socket] === 0 || world.socketProbeHighSeq[socket]! > world.socketUnackedSeq[socket]!) return false
  if (world.socketWriteSeq[socket] === world.socketSentSeq[socket]) {
    charge(core, TCP_TRANSMIT, 1)
    const packet = emit(core, socket, 0, 0, false, 1)
    world.packetDuplicate[packet] = 1
    acknowledge(core, socket, packet)
  } else if (!transmitProbe(core, socket)) return false
  world.socketProbeHighSeq[socket] = world.socketSentSeq[socket]!
  return true
}
