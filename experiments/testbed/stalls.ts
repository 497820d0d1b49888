/** Messages that waited for a timer, and in which direction: which end's delayed-acknowledgement timer had to fire before data went on. */
import type { Layout } from '../../models/topology/layout.js'
import type { Flow } from '../../models/topology/scenario.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import type { Counters } from './counters.js'

export interface Stalls {
  /** Share of the messages whose latency is longer than any path takes without a timer. */
  readonly share: number
  /**
   * Delayed acknowledgements that a timer sent (`TcpExt.DelayedACKs`) per message, at the server (they hold up the request) and at the
   * client (the reply); null where both ends share a namespace, whose counters can't tell them apart.
   */
  readonly request: number | null
  readonly reply: number | null
}

/**
 * Half of the shortest delayed acknowledgement (TCP_DELACK_MIN, 40 ms: include/net/tcp.h) is 20 ms; nothing else here takes 15.
 */
const STALLED_NS = 15e6

export function stallsOf(layout: Layout, flow: Flow, sketchText: string, counted: Counters, messages: number): Stalls {
  const sketch = LatencySketch.decode(sketchText)
  let stalled = 0
  for (const bucket of sketch.buckets()) if (bucket.lowNs >= STALLED_NS) stalled += bucket.count
  const namespaceOf = (name: string): string => layout.processes.find((process) => process.name === name)!.namespace
  const [client, server] = [namespaceOf(flow.from), namespaceOf(flow.to)]
  const timers = (namespace: string): number => (counted.protocols[namespace]?.['TcpExt.DelayedACKs'] ?? 0) / messages
  const shared = client === server
  return {
    share: sketch.count === 0 ? 0 : stalled / sketch.count,
    request: shared ? null : timers(server),
    reply: shared ? null : timers(client),
  }
}

/** In words for `Row.limits`; null when nothing stalls. A tenth of the messages is far above what connecting leaves in the counters. */
export function stallInWords(stalls: Stalls): string | null {
  if (stalls.share < 0.1) return null
  const directions = [
    stalls.request !== null && stalls.request > 0.1 ? 'request' : null,
    stalls.reply !== null && stalls.reply > 0.1 ? 'reply' : null,
  ]
  const named = directions.filter((direction) => direction !== null).join(' and ')
  return `delayed-acknowledgement timer${named === '' ? '' : ` (${named})`}: ${Math.round(stalls.share * 100)} % of the messages wait for it`
}
