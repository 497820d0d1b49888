import type { CostLaw } from './law.js'

const relay = (stage: string, kernel: string, optional?: true): CostLaw => ({
  stage,
  context: 'user space',
  per: ['perCallNs'],
  evidence: 'traced',
  witness: 'the return of its waiting call: syscalls:sys_exit_poll, pselect6, epoll_wait',
  kernel,
  ...(optional === true && { optional }),
})

/** What a relay does beside its reads and writes: poll() on both sockets, once per chunk, and its loop. Program: microsocks copyloop(). */
export const proxyRelay: CostLaw = {
  ...relay('proxy.relay', 'microsocks sockssrv.c copyloop(); do_sys_poll()'),
  witness: 'syscalls:sys_enter_poll',
}

/**
 * The same of other programs, per chunk: their waiting calls (pselect6 twice in dante), the calls that neither wait, read nor write (signal masks
 * in dante, the processor's clock and a read too many in HAProxy, eight looks for a child's end in socat), and their own code.
 */
export const danteRelay = relay('proxy.relay.dante', 'dante sockd_io.c doio(); do_pselect(), rt_sigprocmask()', true)
export const haproxyRelay = relay(
  'proxy.relay.haproxy',
  'haproxy ev_epoll.c _do_poll(), raw_sock.c; do_epoll_wait(), clock_gettime()',
  true,
)
export const nginxRelay = relay('proxy.relay.nginx', 'nginx ngx_stream_proxy_process(); do_epoll_wait()', true)
export const socatRelay = relay('proxy.relay.socat', 'socat xio-process.c socat_loop(); do_pselect(), recvfrom()', true)

/**
 * What a relay does for a connection beside the sockets' own calls: from accept() to its first chunk, and its end. Threads and processes that it starts or
 * hands the connection to, names that it looks up, rules that it asks.
 */
const serving = (program: string, kernel: string): CostLaw => ({
  stage: `proxy.serve.${program}`,
  context: 'user space',
  per: ['perConnectionNs'],
  evidence: 'unobservable',
  witness: "user space between the relay's own system calls",
  kernel,
  optional: true,
})

export const microsocksServe = serving('microsocks', 'microsocks sockssrv.c clientthread(); pthread_create()')
export const danteServe = serving('dante', 'dante sockd_negotiate.c, sockd_request.c; sendmsg() of descriptors between its processes')
export const haproxyServe = serving('haproxy', 'haproxy session_accept_fd(), connect_server()')
export const nginxServe = serving('nginx', 'nginx ngx_event_accept(), ngx_stream_proxy_connect()')
export const socatServe = serving('socat', 'socat xioaccept.c; fork()')
