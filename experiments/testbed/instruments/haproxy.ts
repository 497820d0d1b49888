/**
 * HAProxy 2.6 in TCP or HTTP mode: one thread, one loop for all connections. It sets TCP_NODELAY on both sides, and has no option against it. In HTTP mode
 * it keeps its connection to the server.
 */
import type { RelayCall, RelayProgramCall } from './relay-call.js'

export function haproxyCall({ kind, listens, target, bufferBytes, file }: RelayCall): RelayProgramCall {
  const configuration = [
    'global',
    '  nbthread 1',
    '  maxconn 64',
    `  tune.bufsize ${bufferBytes}`,
    'defaults',
    ...(kind === 'http' ? ['  mode http', '  option http-keep-alive', '  http-reuse always'] : ['  mode tcp']),
    '  timeout connect 5s',
    '  timeout client 1h',
    '  timeout server 1h',
    'listen relay',
    `  bind ${listens.address}:${listens.port}`,
    `  server target ${target.address}:${target.port}`,
    '',
  ].join('\n')
  // Never -q: it closes standard output, by whose end we know that a process in a container has ended.
  return { argv: ['haproxy', '-db', '-f', file], configuration }
}
