/**
 * A connection's beginning and end, beside what its segments cost like any other: each of them is a segment without payload that is built
 * (`tcp.acknowledge`), crosses the path's stages, and is received (`tcp.receive` per acknowledgement).
 */
import type { CostLaw } from './law.js'

const perConnection = (law: Pick<CostLaw, 'stage' | 'context' | 'evidence' | 'witness' | 'kernel'>): CostLaw => ({
  ...law,
  per: ['perConnectionNs'],
  optional: true,
})

/** socket() and the socket's options. */
export const socketCreate = perConnection({
  stage: 'socket.create',
  context: 'system call',
  evidence: 'traced',
  witness: 'syscalls:sys_enter_socket',
  kernel: '__sys_socket(), inet_create(), do_tcp_setsockopt()',
})

/**
 * connect() as far as the handshake is done: a port and a route are found; both ends answer, of which the passive one makes a request and then the
 * socket that will be accepted. One stage, since all of it runs inline before connect() returns, so that no time tells its parts from each other.
 */
export const tcpConnect = perConnection({
  stage: 'tcp.connect',
  context: 'system call',
  evidence: 'traced',
  witness: 'syscalls:sys_enter_connect; sock:inet_sock_set_state',
  kernel: 'inet_hash_connect(), tcp_conn_request(), tcp_v4_syn_recv_sock(), tcp_finish_connect()',
})

/** accept() of a connection that is there: its descriptor and file. */
export const tcpAccept = perConnection({
  stage: 'tcp.accept',
  context: 'system call',
  evidence: 'traced',
  witness: 'syscalls:sys_enter_accept',
  kernel: '__sys_accept4(), inet_csk_accept()',
})

/** close() of one end: its FIN's states and the socket's end; TIME_WAIT at the end that closes first. */
export const tcpClose = perConnection({
  stage: 'tcp.close',
  context: 'system call',
  evidence: 'traced',
  witness: 'syscalls:sys_enter_close; sock:inet_sock_set_state',
  kernel: 'tcp_close(), tcp_fin(), tcp_time_wait(), inet_csk_destroy_sock()',
})
