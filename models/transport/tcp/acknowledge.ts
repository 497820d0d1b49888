/**
 * When a receiver acknowledges: at once, with the next data, after recv(), or when a timer fires.
 * Kernel 6.18: tcp_event_data_recv(), __tcp_ack_snd_check(), tcp_send_delayed_ack(), tcp_delack_timer_handler(), tcp_cleanup_rbuf(),
 * tcp_dec_quickack_mode(). Left out: out-of-order data.
 */
import { TCP_ACKNOWLEDGE } from '../../engine/charges.js'
import { jiffies } from '../../engine/jiffies.js'
import { charge, DELAYED_ACK_FIRES, world } from '../../engine/world.js'
import { emit } from '../emit.js'
import { milliseconds, offerWindow, openWindowBytes, selectWindowBytes } from './receive-window.js'
import { retransmissionJiffies } from './retransmission.js'

/** Flags of icsk_ack.pending. */
const SCHEDULED = 1
const TIMER = 2
export const PUSHED = 4
export const PUSHED_AGAIN = 8
const DEFERRED = 16
/** TCP_ACK_DEFERRED of sk_tsq_flags. */
const OWED = 32

/** TCP_DELACK_MIN and TCP_ATO_MIN are HZ / 25 (include/net/tcp.h): the shortest delayed acknowledgement. */
const LEAST_DELAY_PER_SECOND = 25
/** TCP_MAX_QUICKACKS (include/net/tcp.h). */
const MOST_QUICK_ACKS = 16

function leastDelayJiffies(): number {
  return 1e9 / world.jiffyNs / LEAST_DELAY_PER_SECOND
}

/** tcp_fin(): after the end's own FIN at once (tcp_send_ack()); else the end's own is expected soon, to carry it (inet_csk_enter_pingpong_mode()). */
export function acknowledgeFin(core: number, socket: number, atOnce: boolean): void {
  if (atOnce) {
    sendAcknowledgement(core, socket)
    return
  }
  world.socketAckPending[socket]! |= SCHEDULED
  world.socketPingPong[socket] = 1
  acknowledgeOrDelay(core, socket)
}

/** Data has come: tcp_event_data_recv() after the MSS was measured. */
export function dataArrived(core: number, socket: number): void {
  world.socketAckPending[socket]! |= SCHEDULED
  const now = jiffies(world.coreTimeNs[core]!)
  const least = leastDelayJiffies()
  const timeout = world.socketAckTimeoutJiffies[socket]!
  if (timeout === 0) {
    acknowledgeQuickly(socket)
    world.socketAckTimeoutJiffies[socket] = least
  } else {
    const since = now - world.socketLastReceiveJiffies[socket]!
    if (since <= least / 2) world.socketAckTimeoutJiffies[socket] = Math.floor(timeout / 2) + least / 2
    else if (since < timeout) world.socketAckTimeoutJiffies[socket] = Math.floor(timeout / 2) + since
    else if (since > retransmissionJiffies(socket)) acknowledgeQuickly(socket)
  }
  world.socketLastReceiveJiffies[socket] = now
}

/** tcp_incr_quickack(): a sender in slow start is answered at once, for half a window of segments. */
function acknowledgeQuickly(socket: number): void {
  const quick = Math.floor(world.socketOfferedBytes[socket]! / (2 * world.socketReceiveMssBytes[socket]!)) || 2
  world.socketQuickAcks[socket] = Math.max(world.socketQuickAcks[socket]!, Math.min(quick, MOST_QUICK_ACKS))
}

/** tcp_data_queue(): what came before is acknowledged at once, and so is what follows (tcp_enter_quickack_mode()). */
export function duplicateArrived(core: number, socket: number): void {
  world.socketPingPong[socket] = 0
  world.socketAckTimeoutJiffies[socket] = leastDelayJiffies()
  world.socketQuickAcks[socket] = MOST_QUICK_ACKS
  world.socketAckPending[socket]! |= SCHEDULED
  acknowledgeOrDelay(core, socket)
}

/** __tcp_ack_snd_check(): acknowledge now, or set the timer. */
export function acknowledgeOrDelay(core: number, socket: number): void {
  if ((world.socketAckPending[socket]! & SCHEDULED) === 0) return
  const unacknowledged = world.socketReceivedSeq[socket]! - world.socketAckedSeq[socket]!
  const quick = world.socketQuickAckRoute[socket] === 1 || (world.socketQuickAcks[socket]! > 0 && world.socketPingPong[socket] === 0)
  // More than a full segment, and the window can be offered again in full (otherwise recv() acknowledges).
  const full = unacknowledged > world.socketReceiveMssBytes[socket]! && selectWindowBytes(socket) >= world.socketOfferedBytes[socket]!
  if (!full && !quick) delay(core, socket)
  // Its owner works off what waited for it: one acknowledgement for all of that (sysctl tcp_backlog_ack_defer).
  else if (world.socketOwned[socket] === 1) world.socketAckPending[socket]! |= OWED
  else sendAcknowledgement(core, socket)
}

function delay(core: number, socket: number): void {
  const now = jiffies(world.coreTimeNs[core]!)
  const least = leastDelayJiffies()
  let timeout = world.socketAckTimeoutJiffies[socket]!
  // A known round trip bounds the delay, but never below the minimum.
  if (timeout > least) {
    const rtt = Math.ceil(world.socketSmoothedRttNs[socket]! / world.jiffyNs)
    if (rtt > 0) timeout = Math.min(timeout, Math.max(rtt, least))
  }
  let deadline = now + timeout
  if ((world.socketAckPending[socket]! & TIMER) !== 0) {
    const earlier = world.socketAckDeadlineJiffies[socket]!
    if (earlier <= now + Math.floor(timeout / 4)) {
      sendAcknowledgement(core, socket)
      return
    }
    deadline = Math.min(deadline, earlier)
  }
  world.socketAckPending[socket]! |= SCHEDULED | TIMER
  world.socketAckDeadlineJiffies[socket] = deadline
  if (world.socketAckTimerSet[socket] === 0) arm(core, socket)
}

/** The timer wheel rounds up: a timer for jiffy n fires in the tick after it (kernel/time/timer.c, calc_index()). */
function arm(core: number, socket: number): void {
  world.socketAckTimerSet[socket] = 1
  world.socketAckTimerCore[socket] = core
  world.queue.push((world.socketAckDeadlineJiffies[socket]! + 1) * world.jiffyNs, 0, DELAYED_ACK_FIRES, socket)
}

/** The delayed-acknowledgement timer fires on the core that set it. @returns whether an acknowledgement was sent */
export function delayedAcknowledgementFires(socket: number): boolean {
  world.socketAckTimerSet[socket] = 0
  if ((world.socketAckPending[socket]! & TIMER) === 0) return false
  const core = world.socketAckTimerCore[socket]!
  if (world.socketAckDeadlineJiffies[socket]! >= jiffies(world.queue.timeNs)) {
    arm(core, socket)
    return false
  }
  if (world.socketOwned[socket] === 1) {
    world.socketAckPending[socket]! |= DEFERRED
    return false
  }
  expire(core, socket)
  return true
}

/** tcp_release_cb(): what the timer found locked is done now, and what the backlog owes is acknowledged. */
export function runDeferred(core: number, socket: number): void {
  if ((world.socketAckPending[socket]! & DEFERRED) !== 0) expire(core, socket)
  if ((world.socketAckPending[socket]! & OWED) !== 0) sendAcknowledgement(core, socket)
}

function expire(core: number, socket: number): void {
  if ((world.socketAckPending[socket]! & SCHEDULED) === 0) return
  if (world.socketPingPong[socket] === 0) {
    // Delayed acknowledgement missed: inflate the timeout.
    world.socketAckTimeoutJiffies[socket]! *= 2
  } else {
    // Leave ping-pong mode and deflate it.
    world.socketPingPong[socket] = 0
    world.socketAckTimeoutJiffies[socket] = leastDelayJiffies()
  }
  const flow = world.socketFlow[socket]!
  world.flowStalled[flow]! |= world.flowReplying[flow] === 1 ? 2 : 1
  sendAcknowledgement(core, socket)
}

/** tcp_cleanup_rbuf(): the application has read `copied` bytes. */
export function acknowledgeAfterRead(core: number, socket: number, copied: number): void {
  const pending = world.socketAckPending[socket]!
  if ((pending & SCHEDULED) === 0) {
    if (freedMuch(socket)) sendAcknowledgement(core, socket)
    return
  }
  const unacknowledged = world.socketReceivedSeq[socket]! - world.socketAckedSeq[socket]!
  const drained = world.socketReceivedSeq[socket] === world.socketCopiedSeq[socket]
  const pushed = (pending & PUSHED_AGAIN) !== 0 || ((pending & PUSHED) !== 0 && world.socketPingPong[socket] === 0)
  if (unacknowledged > world.socketReceiveMssBytes[socket]! || (copied > 0 && pushed && drained) || freedMuch(socket)) {
    sendAcknowledgement(core, socket)
  }
}

/** What was read frees so much that the peer should know: at least twice of what it may still send. */
function freedMuch(socket: number): boolean {
  const open = openWindowBytes(socket)
  if (2 * open > world.socketWindowClampBytes[socket]!) return false
  const selected = selectWindowBytes(socket)
  return selected > 0 && selected >= 2 * open
}

function sendAcknowledgement(core: number, socket: number): void {
  charge(core, TCP_ACKNOWLEDGE, 1)
  world.flowPureAcks[world.socketFlow[socket]!]! += 1
  acknowledge(core, socket, emit(core, socket, 0, 0, false, 1))
}

/** Any segment acknowledges what was received and offers a window (tcp_select_window(), tcp_event_ack_sent()). */
export function acknowledge(core: number, socket: number, packet: number): void {
  offerWindow(socket)
  world.packetAckSeq[packet] = world.socketReceivedSeq[socket]!
  world.packetWindowBytes[packet] = world.socketOfferedBytes[socket]!
  world.packetStampMs[packet] = milliseconds(world.coreTimeNs[core]!)
  world.packetEchoMs[packet] = world.socketRecentStampMs[socket]!
  const scheduled = world.socketAckPending[socket]! & SCHEDULED
  if (world.socketQuickAcks[socket]! > 0 && scheduled !== 0) {
    world.socketQuickAcks[socket]! -= 1
    // Leaving quick-acknowledgement mode deflates the timeout.
    if (world.socketQuickAcks[socket] === 0) world.socketAckTimeoutJiffies[socket] = leastDelayJiffies()
  }
  world.socketAckPending[socket] = 0
  world.socketAckedSeq[socket] = world.socketReceivedSeq[socket]!
}
