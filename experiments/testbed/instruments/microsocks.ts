/** microsocks 1.0.3, a SOCKS5 relay: one thread a connection, `poll`, `read` into 1,024 bytes, `write`; it sets no socket option. */
import { CREDENTIALS } from '../../../models/proxies/negotiation.js'
import type { RelayCall, RelayProgramCall } from './relay-call.js'

export function microsocksCall({ listens, authenticates }: RelayCall): RelayProgramCall {
  const asks = authenticates === true ? ['-u', CREDENTIALS.user, '-P', CREDENTIALS.password] : []
  return { argv: ['microsocks', '-i', listens.address, '-p', String(listens.port), ...asks] }
}
