/**
 * The tail loss probe (RFC 8985, section 7): a sender that hears nothing for two round trips and a little sends once more. Nothing need be lost
 * for it to matter: what Nagle holds back behind several small packets leaves with the probe, long before a delayed acknowledgement would free it.
 * Kernel 6.18: tcp_schedule_loss_probe(), tcp_send_loss_probe(), tcp_process_tlp_ack(), tcp_write_timer().
 * Left out: a probe for loss proper (nothing is lost on these paths), the retransmission timer behind it.
 */
import { TCP_TRANSMIT } from '../../engine/charges.js'
import { jiffies } from '../../engine/jiffies.js'
import { charge, LOSS_PROBE_FIRES, type World } from '../../engine/world.js'
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
export function scheduleProbe(w: World, core: number, socket: number): void {
  const out = w.socketPacketsOut[socket]!
  if (out === 0) {
    w.socketProbeJiffies[socket] = Number.POSITIVE_INFINITY
    return
  }
  const roundTrip = w.socketSmoothedRttNs[socket]!
  const timeoutNs = roundTrip === 0 ? FIRST_TIMEOUT_NS : 2 * roundTrip + (out === 1 ? LEAST_RETRANSMISSION_NS : LEAST_TIMEOUT_NS)
  w.socketProbeJiffies[socket] = jiffies(w, w.coreTimeNs[core]!) + Math.ceil(timeoutNs / w.jiffyNs)
  if (w.socketProbeSet[socket] === 1 && w.socketProbeSetJiffies[socket]! <= w.socketProbeJiffies[socket]!) return
  arm(w, core, socket)
}

/** One event at a time stands for the timer: moved to later, it is left to come and set again. */
function arm(w: World, core: number, socket: number): void {
  w.socketProbeSet[socket] = 1
  w.socketProbeCore[socket] = core
  w.socketProbeSetJiffies[socket] = w.socketProbeJiffies[socket]!
  w.queue.push((w.socketProbeJiffies[socket]! + 1) * w.jiffyNs, 0, LOSS_PROBE_FIRES, socket)
}

/** The timer's event has come. @returns whether a probe was sent */
export function lossProbeFires(w: World, socket: number): boolean {
  const now = jiffies(w, w.queue.timeNs)
  // An event that a nearer one has overtaken.
  if (w.socketProbeSet[socket] === 0 || w.socketProbeSetJiffies[socket]! >= now) return false
  w.socketProbeSet[socket] = 0
  const core = w.socketProbeCore[socket]!
  if (w.socketProbeJiffies[socket] === Number.POSITIVE_INFINITY) return false
  if (w.socketProbeJiffies[socket]! >= now) {
    arm(w, core, socket)
    return false
  }
  if (w.socketOwned[socket] === 1) {
    w.socketProbeDeferred[socket] = 1
    return false
  }
  return probe(w, core, socket)
}

/** release_sock(): what the timer found locked is done now. */
export function probeDeferred(w: World, core: number, socket: number): void {
  if (w.socketProbeDeferred[socket] === 0) return
  w.socketProbeDeferred[socket] = 0
  probe(w, core, socket)
}

/** Unsent data goes first, whatever Nagle says; else the last segment goes again, and its receiver must answer a duplicate at once. */
function probe(w: World, core: number, socket: number): boolean {
  w.socketProbeJiffies[socket] = Number.POSITIVE_INFINITY
  if (w.socketPacketsOut[socket] === 0 || w.socketProbeHighSeq[socket]! > w.socketUnackedSeq[socket]!) return false
  if (w.socketWriteSeq[socket] === w.socketSentSeq[socket]) {
    charge(w, core, TCP_TRANSMIT, 1)
    const packet = emit(w, core, socket, 0, 0, false, 1)
    w.packetDuplicate[packet] = 1
    acknowledge(w, core, socket, packet)
  } else if (!transmitProbe(w, core, socket)) return false
  w.socketProbeHighSeq[socket] = w.socketSentSeq[socket]!
  return true
}
