/**
 * A client asks a SOCKS5 proxy for its server (RFC 1928, sections 3 to 6: IPv4) before the first message, and may have to say who it is (RFC 1929). What
 * it leaves is seen for long: sockets that have begun to measure their round trip with a few bytes and then rested, and so take two seconds for it, have
 * a receive buffer that grows fifteenfold with the first 64 KiB (tcp_rcv_rtt_measure(), tcp_rcvbuf_grow()). Left out: the proxy's connection to the
 * server, which stands from the beginning unless each message has its own (workloads/connect.ts); a client's reads of single bytes (proxychains4).
 */
import type { Proxy } from '../topology/scenario.js'

/** Whom a client of a relay that asks for it says it is: the testbed's own. */
export const CREDENTIALS = { user: 'fairway', password: 'fairway' } as const

export interface Negotiation {
  /** What the client sends, bytes: how it may authenticate; who it is, where that is asked for; where it wants to go. */
  readonly requests: readonly number[]
  /** What the proxy answers: how it shall; that it is known; that it is connected. */
  readonly answers: readonly number[]
}

const OPEN: Negotiation = { requests: [3, 10], answers: [2, 10] }
const AUTHENTICATED: Negotiation = {
  requests: [3, 3 + CREDENTIALS.user.length + CREDENTIALS.password.length, 10],
  answers: [2, 2, 10],
}
const NONE: Negotiation = { requests: [], answers: [] }

/** Of one proxy; nothing where it speaks no SOCKS5. */
export function negotiationWith(proxy: Pick<Proxy, 'kind' | 'authenticates'> | undefined): Negotiation {
  if (proxy?.kind !== 'socks5') return NONE
  return proxy.authenticates === true ? AUTHENTICATED : OPEN
}

/**
 * From a client's first step to its first message, ns: sockperf 3.7 waits two seconds after it has connected. A run without a proxy that negotiates leaves
 * them out, since nothing happens in them.
 */
export const REST_NS = 2e9
