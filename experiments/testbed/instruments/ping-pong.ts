/** Fairway's own ping-pong over Unix-domain sockets (ping-pong.c): how it is compiled and called, and what it answers. */
import type { Transport } from '../../../models/topology/scenario.js'
import { latencyStatistics } from '../../replication-record.js'
import type { InstrumentResult } from './result.js'
import { TIMELINE } from './sockperf.js'

export interface PingPongSocket {
  /** TCP and UDP hold the instrument against sockperf. */
  readonly transport: Transport
  /** The volume's folder, as this end finds it; or an address. */
  readonly place: string
  /** The socket's name in it; or a port. */
  readonly name: string
  readonly messageBytes: number
}

export interface PingPongCall extends PingPongSocket {
  readonly seconds: number
  readonly logPath: string
}

export function pingPongServerArguments(program: string, socket: PingPongSocket): string[] {
  return [program, 'serve', ...socketArguments(socket)]
}

/** Its traffic begins and ends when sockperf's does, and as much of it is left out at both ends. */
export function pingPongClientArguments(program: string, { seconds, logPath, ...socket }: PingPongCall): string[] {
  const { warmUpS, coolDownS, trafficS } = TIMELINE
  const counted = (seconds - warmUpS - coolDownS).toFixed(3)
  return [program, 'send', ...socketArguments(socket), String(warmUpS), counted, String(trafficS * 1000), logPath]
}

function socketArguments({ transport, place, name, messageBytes }: PingPongSocket): string[] {
  return [transport, place, name, String(messageBytes)]
}

/** Latencies (half a round trip, the clock's own reading subtracted), ns, in the order sent. */
export function parsePingPongLog(log: string): Float64Array {
  return Float64Array.from(
    log.split('\n').filter((line) => line !== ''),
    Number,
  )
}

/** @throws Error where it printed something else, or counted nothing */
export function parsePingPong(output: string, log: string): InstrumentResult {
  const { messages, seconds, clockNs } = JSON.parse(output) as Record<string, number>
  const latencies = parsePingPongLog(log)
  if (latencies.length === 0) throw new Error(`no reply to any of ${messages} messages`)
  return {
    total: { seconds: seconds!, sent: messages!, received: messages! },
    messages: latencies.length,
    seconds: seconds! - TIMELINE.warmUpS,
    latencyNs: latencyStatistics(latencies),
    dropped: 0,
    duplicated: 0,
    outOfOrder: 0,
    clockNs: clockNs!,
  }
}
