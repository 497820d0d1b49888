/** Fairway's own open-loop generator (open-loop.c): how it is compiled and called, and what it answers. */
import type { OpenLoop } from '../../../models/topology/scenario.js'
import { quantiles } from '../../../sim/statistics/index.js'
import { latencyStatistics } from '../../replication-record.js'
import type { InstrumentResult } from './result.js'
import { type ServerCall, TIMELINE } from './sockperf.js'

export interface OpenLoopCall extends ServerCall {
  readonly workload: OpenLoop
  /** Of the times between messages. */
  readonly seed: number
  readonly seconds: number
  readonly logPath: string
}

export function openLoopServerArguments(program: string, call: ServerCall & { readonly workload: OpenLoop }): string[] {
  return [program, 'serve', ...socketArguments(call)]
}

/** Its traffic begins and ends when sockperf's does, so that a series mixes both. */
export function openLoopClientArguments(program: string, call: OpenLoopCall): string[] {
  const { ratePerSecond, arrivals } = call.workload
  const warmUpS = TIMELINE.warmUpS
  const load = [ratePerSecond, arrivals, call.seed, warmUpS, call.seconds - warmUpS, TIMELINE.trafficS * 1000, call.logPath]
  return [program, 'send', ...socketArguments(call), ...load.map(String)]
}

function socketArguments({ transport, address, port, noDelay, workload }: ServerCall & { readonly workload: OpenLoop }): string[] {
  return [transport, address, String(port), String(workload.messageBytes), noDelay ? 'nodelay' : 'nagle']
}

/** Response times, ns, of the counted messages that were answered, in the order sent. */
export function parseOpenLoopLog(log: string): Float64Array {
  return Float64Array.from(linesOf(log).flatMap(([intended, , received]) => (received! < 0 ? [] : [received! - intended!])))
}

function linesOf(log: string): number[][] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(',').map(Number))
}

/**
 * @param client what the client printed, and the server when it was interrupted
 * @throws Error where one of them printed something else, or nothing came back
 */
export function parseOpenLoop(client: string, server: string, log: string): InstrumentResult {
  const { sent, received, counted, seconds, busyNs } = JSON.parse(client) as Record<string, number>
  const { processorNs } = JSON.parse(server) as Record<string, number>
  const times = parseOpenLoopLog(log)
  if (times.length === 0) throw new Error(`no reply to any of ${sent} messages`)
  const lateness = Float64Array.from(linesOf(log), ([intended, actual]) => actual! - intended!)
  const [late50, late99] = quantiles(lateness, [0.5, 0.99]) as [number, number]
  return {
    total: { seconds: seconds!, sent: sent!, received: received! },
    messages: times.length,
    seconds: seconds! - TIMELINE.warmUpS,
    latencyNs: latencyStatistics(times),
    dropped: counted! - times.length,
    duplicated: 0,
    outOfOrder: 0,
    load: {
      latenessNs: { p50: late50, p99: late99 },
      clientBusy: busyNs! / (1e9 * seconds!),
      serverBusy: processorNs! / (1e9 * seconds!),
    },
  }
}
