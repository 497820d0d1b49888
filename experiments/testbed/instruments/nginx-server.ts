/** nginx 1.22 as the server of HTTP: it answers every request with a body of one size, out of memory, on connections that it keeps. */
export interface HttpServerCall {
  readonly address: string
  readonly port: number
  readonly noDelay: boolean
  readonly bodyBytes: number
  /** Path of a file for its configuration, free of others'. */
  readonly file: string
}

/** What its keep-alive is bounded by in the testbed: nothing. Also what a relay at layer 7 keeps its connections for. */
export const KEEP_ALIVE = ['keepalive_requests 1000000000;', 'keepalive_timeout 1h;']

/** What instances have in common that serve or relay HTTP: one process, no log of requests. */
export function nginxHttpConfiguration(file: string, noDelay: boolean, block: readonly string[]): string {
  return [
    'daemon off;',
    'master_process off;',
    `pid ${file}.pid;`,
    'error_log stderr;',
    'events { worker_connections 64; }',
    'http {',
    '  access_log off;',
    '  default_type text/plain;',
    `  tcp_nodelay ${noDelay ? 'on' : 'off'};`,
    ...[...KEEP_ALIVE, ...block].map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n')
}

export function nginxServerCall({ address, port, noDelay, bodyBytes, file }: HttpServerCall): {
  readonly argv: string[]
  readonly configuration: string
} {
  const block = ['server {', `  listen ${address}:${port};`, ...bodyOf(bodyBytes).map((line) => `  ${line}`), '}']
  return { argv: ['nginx', '-e', 'stderr', '-c', file], configuration: nginxHttpConfiguration(file, noDelay, block) }
}

const KIB = 1024

/** Text in a configuration may not exceed 4 KiB (NGX_CONF_BUFFER): a long body is put together from variables. */
function bodyOf(bytes: number): string[] {
  const [large, small, rest] = [Math.floor(bytes / (64 * KIB)), Math.floor(bytes / KIB) % 64, bytes % KIB]
  return [
    ...(bytes < KIB ? [] : [`set $kib "${'x'.repeat(KIB)}";`]),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx's own variables
    ...(large === 0 ? [] : [`set $kib64 "${'${kib}'.repeat(64)}";`]),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx's own variables
    `location / { return 200 "${'${kib64}'.repeat(large)}${'${kib}'.repeat(small)}${'x'.repeat(rest)}"; }`,
  ]
}
