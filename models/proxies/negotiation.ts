/**
 * A client asks a SOCKS5 proxy for its server (RFC 1928, sections 3 to 6: no authentication, IPv4) before the first message. What it leaves is seen for
 * long: sockets that have begun to measure their round trip with a few bytes and then rested, and so take two seconds for it, have a receive buffer
 * that grows fifteenfold with the first 64 KiB (tcp_rcv_rtt_measure(), tcp_rcvbuf_grow()). Left out: the proxy's connection to the server, which
 * stands from the beginning; a client's reads of single bytes (proxychains4).
 */

/** What the client sends: how it may authenticate; where it wants to go. */
export const REQUESTS_BYTES: readonly number[] = [3, 10]
/** What the proxy answers: how it shall; that it is connected. */
export const ANSWERS_BYTES: readonly number[] = [2, 10]

/**
 * From a client's first step to its first message, ns: sockperf 3.7 waits two seconds after it has connected. A run without a proxy that negotiates leaves
 * them out, since nothing happens in them.
 */
export const REST_NS = 2e9
