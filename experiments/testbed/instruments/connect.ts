/** Fairway's own instrument for connections (connect.c): how it is compiled and called, and what it answers. */
import { CREDENTIALS } from '../../../models/proxies/negotiation.js'
import { CONNECTION_STEPS } from '../../../models/workloads/connect.js'
import { quantile } from '../../../sim/statistics/index.js'
import { latencyStatistics } from '../../replication-record.js'
import type { SocksRelay } from './proxychains.js'
import type { InstrumentResult } from './result.js'
import { TIMELINE } from './sockperf.js'

export interface ConnectSocket {
  readonly address: string
  readonly port: number
  readonly noDelay: boolean
  readonly messageBytes: number
}

export interface ConnectCall extends ConnectSocket {
  readonly seconds: number
  readonly logPath: string
  /** SOCKS5 relays on the way, from the client's side on. */
  readonly relays: readonly SocksRelay[]
}

export function connectServerArguments(program: string, socket: ConnectSocket): string[] {
  return [program, 'serve', ...socketArguments(socket)]
}

/** Its traffic begins and ends when sockperf's does, and as much of it is left out at both ends. */
export function connectClientArguments(program: string, { seconds, logPath, relays, ...socket }: ConnectCall): string[] {
  const { warmUpS, coolDownS, trafficS } = TIMELINE
  const counted = (seconds - warmUpS - coolDownS).toFixed(3)
  const places = relays.map(({ address, port, authenticates }) =>
    [address, port, ...(authenticates ? [CREDENTIALS.user, CREDENTIALS.password] : [])].join(':'),
  )
  return [program, 'open', ...socketArguments(socket), String(warmUpS), counted, String(trafficS * 1000), logPath, ...places]
}

function socketArguments({ address, port, noDelay, messageBytes }: ConnectSocket): string[] {
  return [address, String(port), String(messageBytes), noDelay ? 'nodelay' : 'nagle']
}

/** What each counted connection's steps took, ns, the clock's own reading subtracted from each. */
function stepsOf(log: string): number[][] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(',').map(Number))
}

/** All of each connection, ns, in the order in which they were opened. */
export function parseConnectLog(log: string): Float64Array {
  return Float64Array.from(stepsOf(log), (steps) => steps.reduce((sum, ns) => sum + ns))
}

/**
 * @param client what the client printed, and the server when it was interrupted
 * @throws Error where one of them printed something else, nothing was counted, or somebody else answered
 */
export function parseConnect(client: string, server: string, log: string): InstrumentResult {
  const { connections, seconds, clockNs } = JSON.parse(client) as Record<string, number>
  const { answered } = JSON.parse(server) as Record<string, number>
  const times = parseConnectLog(log)
  if (times.length === 0) throw new Error(`none of ${connections} connections was counted`)
  if (answered !== connections) throw new Error(`${connections} connections were opened, and the server answered ${answered}`)
  const steps = stepsOf(log)
  const median = (step: number): number =>
    quantile(
      steps.map((line) => line[step]!),
      0.5,
    )
  return {
    total: { seconds: seconds!, sent: connections!, received: connections! },
    messages: times.length,
    seconds: seconds! - TIMELINE.warmUpS,
    latencyNs: latencyStatistics(times),
    dropped: 0,
    duplicated: 0,
    outOfOrder: 0,
    clockNs: clockNs!,
    steps: Object.fromEntries(CONNECTION_STEPS.map((step, i) => [step, { passedNs: median(i) }])),
  }
}
