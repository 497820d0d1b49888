/** nginx 1.22 as a relay, with its stream module or at layer 7: one process, one loop for all connections. */
import { KEEP_ALIVE, nginxHttpConfiguration } from './nginx-server.js'
import type { RelayCall, RelayProgramCall } from './relay-call.js'

/** Where Debian's package libnginx-mod-stream puts the module. */
const MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so'

export function nginxCall(call: RelayCall): RelayProgramCall {
  const configuration = call.kind === 'http' ? httpConfiguration(call) : streamConfiguration(call)
  return { argv: ['nginx', '-e', 'stderr', '-c', call.file], configuration }
}

function streamConfiguration({ listens, target, bufferBytes, noDelay, file }: RelayCall): string {
  return [
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
}

/** It asks the server on a connection that it keeps, and holds a reply in memory: no file is written. */
function httpConfiguration({ listens, target, bufferBytes, noDelay, file }: RelayCall): string {
  return nginxHttpConfiguration(file, noDelay !== false, [
    `upstream target { server ${target.address}:${target.port}; keepalive 1; ${KEEP_ALIVE.join(' ')} }`,
    'server {',
    `  listen ${listens.address}:${listens.port};`,
    '  location / {',
    '    proxy_pass http://target;',
    '    proxy_http_version 1.1;',
    '    proxy_set_header Connection "";',
    `    proxy_buffer_size ${bufferBytes};`,
    `    proxy_buffers 128 ${bufferBytes};`,
    `    proxy_busy_buffers_size ${2 * bufferBytes};`,
    '    proxy_max_temp_file_size 0;',
    '  }',
    '}',
  ])
}
