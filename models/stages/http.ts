import type { CostLaw } from './law.js'

/**
 * The instrument's own time of a request, between the time stamps that it takes: epoll_ctl() and epoll_wait() around its wait for the reply, and its parser.
 * Left out: the same once more between a reply and the next request, which no response time holds. Program: wrk 4.1.0.
 */
export const httpClient: CostLaw = {
  stage: 'http.client',
  context: 'user space',
  per: ['perMessageNs'],
  evidence: 'traced',
  witness: 'syscalls:sys_enter_epoll_wait',
  kernel: 'wrk socket_writeable(), socket_readable(), http_parser_execute(); do_epoll_ctl(), do_epoll_wait()',
  optional: true,
}

/** The server's time of a request: its wait, its parser, and the reply that it puts together in memory (per byte). Program: nginx 1.22.1, `return 200`. */
export const httpServer: CostLaw = {
  stage: 'http.server',
  context: 'user space',
  per: ['perMessageNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'syscalls:sys_enter_epoll_wait',
  kernel: 'nginx ngx_http_process_request_line(), ngx_http_send_response(); do_epoll_wait()',
  optional: true,
}

/**
 * What a relay at layer 7 does for a request over its turns at layer 4 (`proxy.relay.*`): it reads and rewrites the headers of request and reply, chooses
 * a connection that stands, and keeps the body in buffers of its own (per byte).
 */
const relaying = (program: string, kernel: string): CostLaw => ({
  stage: `proxy.http.${program}`,
  context: 'user space',
  per: ['perMessageNs', 'perByteNs'],
  evidence: 'unobservable',
  witness: "user space between the relay's own system calls",
  kernel,
  optional: true,
})

export const haproxyHttp = relaying('haproxy', 'haproxy h1_parse_msg_hdrs(), http_process_req_common(), h1_make_data()')
export const nginxHttp = relaying('nginx', 'nginx ngx_http_proxy_create_request(), ngx_http_proxy_process_header(), ngx_event_pipe()')
