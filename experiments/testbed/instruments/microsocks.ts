/** microsocks 1.0.3, a SOCKS5 relay: one thread a connection, `poll`, `read` into 1,024 bytes, `write`; it sets no socket option. */
import type { RelayCall, RelayProgramCall } from './relay-call.js'

export function microsocksCall({ listens }: RelayCall): RelayProgramCall {
  return { argv: ['microsocks', '-i', listens.address, '-p', String(listens.port)] }
}
