/**
 * The congestion window while nothing is lost: slow start (RFC 5681, section 3.1) as long as the window is the limit, and less of it after a sender has
 * been idle or has not used it (RFC 2861, RFC 7661). Kernel 6.18: tcp_cwnd_validate(), tcp_is_cwnd_limited(), tcp_slow_start(), tcp_cwnd_restart(),
 * tcp_cwnd_application_limited(). Left out: what ends slow start (loss, HyStart), so that the threshold stays infinite.
 */
import { jiffies } from '../../engine/jiffies.js'
import { world } from '../../engine/world.js'
import { retransmissionJiffies } from './retransmission.js'

/** TCP_INIT_CWND (RFC 6928). */
export const INITIAL_WINDOW_SEGMENTS = 10

export function openCongestionWindow(socket: number, segments: number): void {
  world.socketWindowSegments[socket] = segments
  world.socketFirstWindowSegments[socket] = segments
}

/** tcp_slow_start_after_idle_check(): new data is written; for each timeout that the sender was silent before, half of the window is lost. */
export function restartAfterIdle(core: number, socket: number): void {
  if (world.socketPacketsOut[socket]! > 0) return
  const timeout = retransmissionJiffies(socket)
  const idle = jiffies(world.coreTimeNs[core]!) - world.socketLastSentJiffies[socket]!
  if (idle <= timeout) return
  let window = world.socketWindowSegments[socket]!
  const least = Math.min(window, world.socketFirstWindowSegments[socket]!)
  for (let left = idle - timeout; left > 0 && window > least; left -= timeout) window = Math.floor(window / 2)
  world.socketWindowSegments[socket] = Math.max(window, least)
  world.socketFullJiffies[socket] = jiffies(world.coreTimeNs[core]!)
  world.socketUsedSegments[socket] = 0
}

/** tcp_cwnd_validate(): a packet has left. Was the window the limit, or else how much of it is used? */
export function noteUse(core: number, socket: number): void {
  const now = jiffies(world.coreTimeNs[core]!)
  const out = world.socketPacketsOut[socket]!
  const limits = out >= world.socketWindowSegments[socket]!
  world.socketLastSentJiffies[socket] = now
  const isNewWindow = world.socketUnackedSeq[socket]! >= world.socketUsageSeq[socket]!
  if (isNewWindow || limits || (world.socketWindowLimits[socket] === 0 && out > world.socketMostSegments[socket]!)) {
    world.socketWindowLimits[socket] = limits ? 1 : 0
    world.socketMostSegments[socket] = out
    world.socketUsageSeq[socket] = world.socketSentSeq[socket]!
  }
  if (isLimited(socket)) {
    world.socketUsedSegments[socket] = 0
    world.socketFullJiffies[socket] = now
    return
  }
  world.socketUsedSegments[socket] = Math.max(world.socketUsedSegments[socket]!, out)
  if (now - world.socketFullJiffies[socket]! >= retransmissionJiffies(socket)) shrinkToUse(socket, now)
}

function shrinkToUse(socket: number, now: number): void {
  const used = Math.max(world.socketUsedSegments[socket]!, world.socketFirstWindowSegments[socket]!)
  const window = world.socketWindowSegments[socket]!
  if (used < window) world.socketWindowSegments[socket] = Math.floor((window + used) / 2)
  world.socketUsedSegments[socket] = 0
  world.socketFullJiffies[socket] = now
}

/** tcp_is_cwnd_limited(): in slow start the window may grow to twice what was under way. */
function isLimited(socket: number): boolean {
  return world.socketWindowLimits[socket] === 1 || world.socketWindowSegments[socket]! < 2 * world.socketMostSegments[socket]!
}

/** tcp_slow_start(): as many segments as were acknowledged, if the window was the limit. */
export function growCongestionWindow(socket: number, acknowledgedSegments: number): void {
  if (isLimited(socket)) world.socketWindowSegments[socket]! += acknowledgedSegments
}
