/** The programs that relay: how each is called, what it reads, and what of an experiment it can't do. */
import { RELAY_PROGRAMS } from '../../../models/proxies/programs.js'
import type { Proxy } from '../../../models/topology/scenario.js'
import { danteCall } from './dante.js'
import { haproxyCall } from './haproxy.js'
import { microsocksCall } from './microsocks.js'
import { nginxCall } from './nginx.js'
import type { RelayCall, RelayProgramCall } from './relay-call.js'
import { socatCall } from './socat.js'

const CALLS: Readonly<Record<Proxy['program'], (call: RelayCall) => RelayProgramCall>> = {
  microsocks: microsocksCall,
  dante: danteCall,
  haproxy: haproxyCall,
  nginx: nginxCall,
  socat: socatCall,
}

export function relayCall(program: Proxy['program'], call: RelayCall): RelayProgramCall {
  return CALLS[program](call)
}

/** What a program takes as an option; the rest is as it was written. */
const OPTIONS: Readonly<Record<Proxy['program'], { readonly buffer: boolean; readonly noDelay: readonly Proxy['noDelay'][] }>> = {
  microsocks: { buffer: false, noDelay: [false] },
  dante: { buffer: false, noDelay: ['server'] },
  haproxy: { buffer: true, noDelay: [true] },
  nginx: { buffer: true, noDelay: [true, false] },
  socat: { buffer: true, noDelay: [true, false] },
}

/** Why a program can't play a proxy of an experiment; null when it can. */
export function whyNotRelay(proxy: Pick<Proxy, 'program' | 'bufferBytes' | 'noDelay' | 'authenticates'>): string | null {
  const { program, bufferBytes, noDelay } = proxy
  if (proxy.authenticates === true && program === 'dante')
    return 'dante asks the system for its users, of whom the testbed makes none: a relay that authenticates can only be simulated'
  const options = OPTIONS[program]
  const own = RELAY_PROGRAMS[program].bufferBytes
  if (!options.noDelay.includes(noDelay)) {
    const does = { true: 'always sets', false: 'never sets', server: 'sets towards the server alone' }[String(options.noDelay[0])]
    return `${program} ${does} TCP_NODELAY: a relay that does otherwise can only be simulated`
  }
  if (!options.buffer && bufferBytes !== own)
    return `${program} reads ${own} B at a time: a relay with a buffer of ${bufferBytes} B can only be simulated`
  return null
}
