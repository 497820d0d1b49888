import type { CostLaw } from './law.js'

/** The server of Fairway's own ping-pong (ping-pong.c): it counts the bytes that it has got, and answers. */
export const instrumentServerOwn: CostLaw = {
  stage: 'instrument.server.own',
  context: 'user space',
  per: ['perMessageNs'],
  evidence: 'unobservable',
  witness: 'user space between two system calls',
  kernel: 'ping-pong.c, serve()',
  optional: true,
}

/** The instrument's own loop: the client's between a reply and the next request, the server's between a request and its reply. Program: sockperf. */
export const instrumentClient: CostLaw = {
  stage: 'instrument.client',
  context: 'user space',
  per: ['perMessageNs'],
  evidence: 'unobservable',
  witness: 'user space between two system calls',
  kernel: 'sockperf client_handler',
}
export const instrumentServer: CostLaw = {
  stage: 'instrument.server',
  context: 'user space',
  per: ['perMessageNs'],
  evidence: 'unobservable',
  witness: 'user space between two system calls',
  kernel: 'sockperf server_handler',
}
