import type { CostLaw } from './law.js'

/** What a relay does beside its reads and writes: poll() on both sockets, once per chunk, and its loop. Program: microsocks copyloop(). */
export const proxyRelay: CostLaw = {
  stage: 'proxy.relay',
  context: 'user space',
  per: ['perCallNs'],
  evidence: 'traced',
  witness: 'syscalls:sys_enter_poll',
  kernel: 'microsocks sockssrv.c copyloop(); do_sys_poll()',
}
