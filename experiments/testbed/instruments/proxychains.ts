/** proxychains4: puts a program's TCP connections through SOCKS5 relays by intercepting connect(2) (LD_PRELOAD). */
import { CREDENTIALS } from '../../../models/proxies/negotiation.js'

export interface SocksRelay {
  readonly address: string
  readonly port: number
  readonly authenticates: boolean
}

/** The configuration for relays that stand in a row, in order. */
export function chainConfiguration(relays: readonly SocksRelay[]): string {
  const lines = relays.map(({ address, port, authenticates }) =>
    ['socks5', address, port, ...(authenticates ? [CREDENTIALS.user, CREDENTIALS.password] : [])].join(' '),
  )
  return ['strict_chain', 'quiet_mode', 'tcp_read_time_out 15000', 'tcp_connect_time_out 8000', '[ProxyList]', ...lines, ''].join('\n')
}

export function throughChain(configurationPath: string, argv: readonly string[]): string[] {
  return ['proxychains4', '-q', '-f', configurationPath, ...argv]
}
