/**
 * The programs that relay, as parameters: what one read takes, which of their two sockets has TCP_NODELAY, and the system calls that they make
 * beside a read and a write, per chunk, counted with strace on Debian 12. Threading is left out: an instance serves one connection here, so
 * that a thread each (microsocks), a process each (socat, dante) and one loop for all (HAProxy, nginx) are one task.
 */
import { haproxyHttp, nginxHttp } from '../stages/http.js'
import type { CostLaw } from '../stages/law.js'
import {
  danteRelay,
  danteServe,
  haproxyRelay,
  haproxyServe,
  microsocksServe,
  nginxRelay,
  nginxServe,
  proxyRelay,
  socatRelay,
  socatServe,
} from '../stages/proxy.js'
import type { Proxy } from '../topology/scenario.js'

export interface RelayProgram {
  /** What it speaks when nothing else is said. */
  readonly kind: Exclude<Proxy['kind'], 'http'>
  readonly law: CostLaw
  /** What it pays for a request at layer 7; absent where it speaks no HTTP. */
  readonly http?: CostLaw
  /** What it pays for a connection. */
  readonly serves: CostLaw
  /** The program's own default, bytes. */
  readonly bufferBytes: number
  /** The program's own default: on both sockets, none, or the one towards the server alone. */
  readonly noDelay: boolean | 'server'
  /** System calls per chunk beside its read, its write and the first wait. */
  readonly otherCalls: number
}

export const RELAY_PROGRAMS: Readonly<Record<Proxy['program'], RelayProgram>> = {
  /** 1.0.3: poll, read, write. */
  microsocks: { kind: 'socks5', law: proxyRelay, serves: microsocksServe, bufferBytes: 1024, noDelay: false, otherCalls: 0 },
  /** 1.4.2: pselect6 for what can be read, pselect6 for whether it can be written, four rt_sigprocmask around them, recvmsg, sendto. */
  dante: { kind: 'socks5', law: danteRelay, serves: danteServe, bufferBytes: 65_536, noDelay: 'server', otherCalls: 5 },
  /** 2.6.12, mode tcp, one thread: epoll_wait, two clock_gettime, recvfrom (on every other chunk once more, in vain), sendto. */
  haproxy: {
    kind: 'tcp',
    law: haproxyRelay,
    http: haproxyHttp,
    serves: haproxyServe,
    bufferBytes: 16_384,
    noDelay: true,
    otherCalls: 2.5,
  },
  /** 1.22.1, stream module, one process: epoll_wait, recvfrom, writev. */
  nginx: {
    kind: 'tcp',
    law: nginxRelay,
    http: nginxHttp,
    serves: nginxServe,
    bufferBytes: 16_384,
    noDelay: true,
    otherCalls: 0,
  },
  /** 1.7.4: pselect6, eight recvfrom in vain on the socket by which signal handlers report, read, write. */
  socat: { kind: 'tcp', law: socatRelay, serves: socatServe, bufferBytes: 8192, noDelay: false, otherCalls: 8 },
}

/** What a proxy pays for a request at layer 7; nothing where it relays at another. */
export function httpOf({ kind, program }: Pick<Proxy, 'kind' | 'program'>): CostLaw | undefined {
  return kind === 'http' ? RELAY_PROGRAMS[program].http : undefined
}

export function speaks(program: Proxy['program'], kind: Proxy['kind']): boolean {
  const { kind: usual, http } = RELAY_PROGRAMS[program]
  return usual === kind || (kind === 'http' && http !== undefined)
}
