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
