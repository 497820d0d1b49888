/** nginx 1.22 with its stream module: one process, one loop for all connections. */
import type { RelayCall, RelayProgramCall } from './relay-call.js'

/** Where Debian's package libnginx-mod-stream puts the module. */
const MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so'

export function nginxCall({ listens, target, bufferBytes, noDelay, file }: RelayCall): RelayProgramCall {
  const configuration = [
    `load_module ${MODULE};`,
    'daemon off;',
    'master_process off;',
    `pid ${file}.pid;`,
    'error_log stderr;',
    'events { worker_connections 64; }',
    'stream {',
    '  server {',
    `    listen ${listens.address}:${listens.port};`,
    `    proxy_pass ${target.address}:${target.port};`,
    `    proxy_buffer_size ${bufferBytes};`,
    `    tcp_nodelay ${noDelay === false ? 'off' : 'on'};`,
    '    proxy_timeout 1h;',
    '  }',
    '}',
    '',
  ].join('\n')
  return { argv: ['nginx', '-e', 'stderr', '-c', file], configuration }
}
