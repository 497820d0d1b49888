/** proxychains4: puts a program's TCP connections through SOCKS5 relays by intercepting connect(2) (LD_PRELOAD). */

/** The configuration for relays that stand in a row, in order. */
export function chainConfiguration(relays: readonly { readonly address: string; readonly port: number }[]): string {
  const lines = relays.map((relay) => `socks5 ${relay.address} ${relay.port}`)
  return ['strict_chain', 'quiet_mode', 'tcp_read_time_out 15000', 'tcp_connect_time_out 8000', '[ProxyList]', ...lines, ''].join('\n')
}

export function throughChain(configurationPath: string, argv: readonly string[]): string[] {
  return ['proxychains4', '-q', '-f', configurationPath, ...argv]
}
