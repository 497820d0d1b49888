/** h2load 1.52 (nghttp2), which wrk is held against: HTTP/1.1 by one client, one request at a time. It logs every request, in whole microseconds. */
import { latencyQuantile } from './wrk.js'

export interface H2loadCall {
  readonly address: string
  readonly port: number
  readonly seconds: number
  readonly logPath: string
}

export function h2loadArguments({ address, port, seconds, logPath }: H2loadCall): string[] {
  const one = ['--clients', '1', '--threads', '1', '--max-concurrent-streams', '1']
  return ['h2load', '--h1', ...one, '--duration', String(seconds), `--log-file=${logPath}`, `http://${address}:${port}/`]
}

/** Half a step: h2load subtracts whole nanoseconds before it cuts to microseconds, where wrk cuts first. */
const CUT_NS = 500

/** The median of its log (start, status, time), ns. @throws Error where a request failed or none is there */
export function h2loadMedian(log: string): number {
  const counts = new Map<number, number>()
  for (const line of log.split('\n')) {
    if (line === '') continue
    const [, status, us] = line.split('\t').map(Number)
    if (status !== 200) throw new Error(`a request was answered with ${status}`)
    counts.set(us!, (counts.get(us!) ?? 0) + 1)
  }
  if (counts.size === 0) throw new Error('no request was answered')
  return (
    latencyQuantile(
      [...counts].sort(([a], [b]) => a - b),
      0.5,
    ) + CUT_NS
  )
}
