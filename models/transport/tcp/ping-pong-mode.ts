/**
 * Ping-pong mode: a socket that answers soon after it receives expects its acknowledgements to ride on replies.
 * Kernel 6.18: tcp_event_data_sent(), inet_csk_inc_pingpong_cnt(), inet_csk_in_pingpong_mode() with sysctl tcp_pingpong_thresh = 1.
 */
import { jiffies } from '../../engine/jiffies.js'
import { world } from '../../engine/world.js'

/** Data is being sent: within an acknowledgement timeout of the last data received, it counts as a reply. */
export function noteReply(core: number, socket: number): void {
  const since = jiffies(world.coreTimeNs[core]!) - world.socketLastReceiveJiffies[socket]!
  if (since < world.socketAckTimeoutJiffies[socket]!) world.socketPingPong[socket] = 1
}
