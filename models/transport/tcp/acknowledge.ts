/**
 * When a receiver acknowledges: at once, with the next data, after recv(), or when a timer fires.
 * Kernel 6.18: tcp_event_data_recv(), __tcp_ack_snd_check(), tcp_send_delayed_ack(), tcp_delack_timer_handler(), tcp_cleanup_rbuf(),
 * tcp_dec_quickack_mode(). Left out: out-of-order data.
 */
import { TCP_ACKNOWLEDGE } from '../../engine/charges.js'
import { jiffies } from '../../engine/jiffies.js'
import { charge, DELAYED_ACK_FIRES, type World } from '../../engine/world.js'
import { emit } from '../emit.js'
import { milliseconds, offerWindow, openWindowBytes, selectWindowBytes } from './receive-window.js'

/** Flags of icsk_ack.pending. */
const SCHEDULED = 1
const TIMER = 2
export const PUSHED = 4
export const PUSHED_AGAIN = 8
const DEFERRED = 16

/** TCP_DELACK_MIN and TCP_ATO_MIN are HZ / 25 (include/net/tcp.h): the shortest delayed acknowledgement. */
const LEAST_DELAY_PER_SECOND = 25
/** TCP_MAX_QUICKACKS (include/net/tcp.h). */
const MOST_QUICK_ACKS = 16

function leastDelayJiffies(w: World): number {
  return 1e9 / w.jiffyNs / LEAST_DELAY_PER_SECOND
}

/** Data has come: tcp_event_data_recv() after the MSS was measured. */
export function dataArrived(w: World, core: number, socket: number): void {
  w.socketAckPending[socket]! |= SCHEDULED
  const now = jiffies(w, w.coreTimeNs[core]!)
  const least = leastDelayJiffies(w)
  const timeout = w.socketAckTimeoutJiffies[socket]!
  if (timeout === 0) {
    const quick = Math.floor(w.socketOfferedBytes[socket]! / (2 * w.socketReceiveMssBytes[socket]!)) || 2
    w.socketQuickAcks[socket] = Math.max(w.socketQuickAcks[socket]!, Math.min(quick, MOST_QUICK_ACKS))
    w.socketAckTimeoutJiffies[socket] = least
  } else {
    const since = now - w.socketLastReceiveJiffies[socket]!
    if (since <= least / 2) w.socketAckTimeoutJiffies[socket] = Math.floor(timeout / 2) + least / 2
    else if (since < timeout) w.socketAckTimeoutJiffies[socket] = Math.floor(timeout / 2) + since
  }
  w.socketLastReceiveJiffies[socket] = now
}

/** tcp_data_queue(): what came before is acknowledged at once, and so is what follows (tcp_enter_quickack_mode()). */
export function duplicateArrived(w: World, core: number, socket: number): void {
  w.socketPingPong[socket] = 0
  w.socketAckTimeoutJiffies[socket] = leastDelayJiffies(w)
  w.socketQuickAcks[socket] = MOST_QUICK_ACKS
  w.socketAckPending[socket]! |= SCHEDULED
  acknowledgeOrDelay(w, core, socket)
}

/** __tcp_ack_snd_check(): acknowledge now, or set the timer. */
export function acknowledgeOrDelay(w: World, core: number, socket: number): void {
  if ((w.socketAckPending[socket]! & SCHEDULED) === 0) return
  const unacknowledged = w.socketReceivedSeq[socket]! - w.socketAckedSeq[socket]!
  const quick = w.socketQuickAckRoute[socket] === 1 || (w.socketQuickAcks[socket]! > 0 && w.socketPingPong[socket] === 0)
  // More than a full segment, and the window can be offered again in full (otherwise recv() acknowledges).
  const full = unacknowledged > w.socketReceiveMssBytes[socket]! && selectWindowBytes(w, socket) >= w.socketOfferedBytes[socket]!
  if (full || quick) sendAcknowledgement(w, core, socket)
  else delay(w, core, socket)
}

function delay(w: World, core: number, socket: number): void {
  const now = jiffies(w, w.coreTimeNs[core]!)
  const least = leastDelayJiffies(w)
  let timeout = w.socketAckTimeoutJiffies[socket]!
  // A known round trip bounds the delay, but never below the minimum.
  if (timeout > least) {
    const rtt = Math.ceil(w.socketSmoothedRttNs[socket]! / w.jiffyNs)
    if (rtt > 0) timeout = Math.min(timeout, Math.max(rtt, least))
  }
  let deadline = now + timeout
  if ((w.socketAckPending[socket]! & TIMER) !== 0) {
    const earlier = w.socketAckDeadlineJiffies[socket]!
    if (earlier <= now + Math.floor(timeout / 4)) {
      sendAcknowledgement(w, core, socket)
      return
    }
    deadline = Math.min(deadline, earlier)
  }
  w.socketAckPending[socket]! |= SCHEDULED | TIMER
  w.socketAckDeadlineJiffies[socket] = deadline
  if (w.socketAckTimerSet[socket] === 0) arm(w, core, socket)
}

/** The timer wheel rounds up: a timer for jiffy n fires in the tick after it (kernel/time/timer.c, calc_index()). */
function arm(w: World, core: number, socket: number): void {
  w.socketAckTimerSet[socket] = 1
  w.socketAckTimerCore[socket] = core
  w.queue.push((w.socketAckDeadlineJiffies[socket]! + 1) * w.jiffyNs, 0, DELAYED_ACK_FIRES, socket)
}

/** The delayed-acknowledgement timer fires on the core that set it. @returns whether an acknowledgement was sent */
export function delayedAcknowledgementFires(w: World, socket: number): boolean {
  w.socketAckTimerSet[socket] = 0
  if ((w.socketAckPending[socket]! & TIMER) === 0) return false
  const core = w.socketAckTimerCore[socket]!
  if (w.socketAckDeadlineJiffies[socket]! >= jiffies(w, w.queue.timeNs)) {
    arm(w, core, socket)
    return false
  }
  if (w.socketOwned[socket] === 1) {
    w.socketAckPending[socket]! |= DEFERRED
    return false
  }
  expire(w, core, socket)
  return true
}

/** release_sock(): what the timer found locked is done now. */
export function runDeferred(w: World, core: number, socket: number): void {
  if ((w.socketAckPending[socket]! & DEFERRED) !== 0) expire(w, core, socket)
}

function expire(w: World, core: number, socket: number): void {
  if ((w.socketAckPending[socket]! & SCHEDULED) === 0) return
  if (w.socketPingPong[socket] === 0) {
    // Delayed acknowledgement missed: inflate the timeout.
    w.socketAckTimeoutJiffies[socket]! *= 2
  } else {
    // Leave ping-pong mode and deflate it.
    w.socketPingPong[socket] = 0
    w.socketAckTimeoutJiffies[socket] = leastDelayJiffies(w)
  }
  const flow = w.socketFlow[socket]!
  w.flowStalled[flow]! |= w.flowReplying[flow] === 1 ? 2 : 1
  sendAcknowledgement(w, core, socket)
}

/** tcp_cleanup_rbuf(): the application has read `copied` bytes. */
export function acknowledgeAfterRead(w: World, core: number, socket: number, copied: number): void {
  const pending = w.socketAckPending[socket]!
  if ((pending & SCHEDULED) === 0) {
    if (freedMuch(w, socket)) sendAcknowledgement(w, core, socket)
    return
  }
  const unacknowledged = w.socketReceivedSeq[socket]! - w.socketAckedSeq[socket]!
  const drained = w.socketReceivedSeq[socket] === w.socketCopiedSeq[socket]
  const pushed = (pending & PUSHED_AGAIN) !== 0 || ((pending & PUSHED) !== 0 && w.socketPingPong[socket] === 0)
  if (unacknowledged > w.socketReceiveMssBytes[socket]! || (copied > 0 && pushed && drained) || freedMuch(w, socket)) {
    sendAcknowledgement(w, core, socket)
  }
}

/** What was read frees so much that the peer should know: at least twice of what it may still send. */
function freedMuch(w: World, socket: number): boolean {
  const open = openWindowBytes(w, socket)
  if (2 * open > w.socketWindowClampBytes[socket]!) return false
  const selected = selectWindowBytes(w, socket)
  return selected > 0 && selected >= 2 * open
}

function sendAcknowledgement(w: World, core: number, socket: number): void {
  charge(w, core, TCP_ACKNOWLEDGE, 1)
  w.flowPureAcks[w.socketFlow[socket]!]! += 1
  acknowledge(w, core, socket, emit(w, core, socket, 0, 0, false, 1))
}

/** Any segment acknowledges what was received and offers a window (tcp_select_window(), tcp_event_ack_sent()). */
export function acknowledge(w: World, core: number, socket: number, packet: number): void {
  offerWindow(w, socket)
  w.packetAckSeq[packet] = w.socketReceivedSeq[socket]!
  w.packetWindowBytes[packet] = w.socketOfferedBytes[socket]!
  w.packetStampMs[packet] = milliseconds(w.coreTimeNs[core]!)
  w.packetEchoMs[packet] = w.socketRecentStampMs[socket]!
  const scheduled = w.socketAckPending[socket]! & SCHEDULED
  if (w.socketQuickAcks[socket]! > 0 && scheduled !== 0) {
    w.socketQuickAcks[socket]! -= 1
    // Leaving quick-acknowledgement mode deflates the timeout.
    if (w.socketQuickAcks[socket] === 0) w.socketAckTimeoutJiffies[socket] = leastDelayJiffies(w)
  }
  w.socketAckPending[socket] = 0
  w.socketAckedSeq[socket] = w.socketReceivedSeq[socket]!
}
