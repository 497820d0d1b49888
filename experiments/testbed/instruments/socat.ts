/** socat 1.7.4, the shape of an engine's userland proxy: a process for each connection. */
import type { RelayCall, RelayProgramCall } from './relay-call.js'

export function socatCall({ listens, target, bufferBytes, noDelay }: RelayCall): RelayProgramCall {
  const option = noDelay === true ? ',nodelay' : ''
  return {
    argv: [
      ...['socat', '-b', String(bufferBytes)],
      `TCP4-LISTEN:${listens.port},bind=${listens.address},reuseaddr,fork${option}`,
      `TCP4:${target.address}:${target.port}${option}`,
    ],
  }
}
