/**
 * Ping-pong mode: a socket that answers soon after it receives expects its acknowledgements to ride on replies.
 * Kernel 6.18: tcp_event_data_sent(), inet_csk_inc_pingpong_cnt(), inet_csk_in_pingpong_mode() with sysctl tcp_pingpong_thresh = 1.
 */
import { jiffies } from '../../engine/jiffies.js'
import type { World } from '../../engine/world.js'

/** Data is being sent: within an acknowledgement timeout of the last data received, it counts as a reply. */
export function noteReply(w: World, core: number, socket: number): void {
  const since = jiffies(w, w.coreTimeNs[core]!) - w.socketLastReceiveJiffies[socket]!
  if (since < w.socketAckTimeoutJiffies[socket]!) w.socketPingPong[socket] = 1
}
