/** dante 1.4.2 (danted), a SOCKS5 relay: processes that negotiate, connect and relay; `-N 1` keeps one that waits for connections. */
import type { RelayCall, RelayProgramCall } from './relay-call.js'

export function danteCall({ listens, file }: RelayCall): RelayProgramCall {
  const configuration = [
    'logoutput: stderr',
    `internal: ${listens.address} port = ${listens.port}`,
    `external: ${listens.address}`,
    'socksmethod: none',
    'clientmethod: none',
    'user.privileged: root',
    'user.unprivileged: root',
    'client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }',
    'socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }',
    '',
  ].join('\n')
  return { argv: ['danted', '-f', file, '-N', '1'], configuration }
}
