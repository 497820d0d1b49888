/** microsocks 1.0.3, a SOCKS5 relay: one thread a connection, `poll`, `read` into 1,024 bytes, `write`; it sets no socket option. */

/** Its buffer (sockssrv.c, copyloop; Debian 1.0.3-2). */
export const BUFFER_BYTES = 1024

export function relayArguments(address: string, port: number): string[] {
  return ['microsocks', '-i', address, '-p', String(port)]
}

/** Why this program can't play a proxy of an experiment; null when it can. */
export function whyNotRelay(proxy: { readonly bufferBytes: number; readonly noDelay: boolean }): string | null {
  if (proxy.noDelay) return 'microsocks never sets TCP_NODELAY: a relay with no-delay can only be simulated'
  if (proxy.bufferBytes !== BUFFER_BYTES)
    return `microsocks reads ${BUFFER_BYTES} B at a time: a relay with a buffer of ${proxy.bufferBytes} B can only be simulated`
  return null
}
