/** The retransmission timeout: nothing is lost here, but a sender that is silent for longer counts as idle (RFC 6298; __tcp_set_rto()). */
import { world } from '../../engine/world.js'

/** TCP_RTO_MIN, HZ / 5 (include/net/tcp.h; sysctl tcp_rto_min_us). */
const LEAST_RETRANSMISSION_NS = 2e8

/** While round trips hardly vary. */
export function retransmissionJiffies(socket: number): number {
  return Math.ceil((LEAST_RETRANSMISSION_NS + world.socketSmoothedRttNs[socket]!) / world.jiffyNs)
}
