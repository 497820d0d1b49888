/** iperf3 3.12, the field's instrument for bulk data: how it is called, and what it answers. */
import type { Stream } from '../../../models/topology/scenario.js'
import type { InstrumentResult } from './result.js'
import type { Timeline } from './sockperf.js'

/**
 * Its client connects at once and sends from then on; the first second is left out (--omit, whole seconds only), so that buffers and windows have grown.
 */
export const STREAM_TIMELINE: Timeline = { connectS: 0, trafficS: 0, warmUpS: 1, coolDownS: 0.15, printS: 0 }

export interface StreamCall {
  readonly address: string
  readonly port: number
  readonly noDelay: boolean
  readonly congestionControl: string
  readonly workload: Stream
  /** Of traffic, the part left out included; whole seconds only. */
  readonly seconds: number
}

/** It serves one client, and ends. */
export function iperf3ServerArguments({ address, port }: Pick<StreamCall, 'address' | 'port'>): string[] {
  return ['iperf3', '--server', '--one-off', '--bind', address, '--port', String(port)]
}

export function iperf3ClientArguments({ address, port, noDelay, congestionControl, workload, seconds }: StreamCall): string[] {
  const { warmUpS } = STREAM_TIMELINE
  const buffer = workload.sendBufferBytes
  return [
    ...['iperf3', '--client', address, '--port', String(port), '--json', '--length', String(workload.messageBytes)],
    ...['--omit', String(warmUpS), '--time', String(Math.max(1, seconds - warmUpS)), '--congestion', congestionControl],
    ...(noDelay ? ['--no-delay'] : []),
    ...(buffer === undefined ? [] : ['--window', String(buffer)]),
  ]
}

/** Why iperf3 can't play this stream; null where it can. Its server reads what its client writes, and both ends' buffers are of one size. */
export function whyNotByIperf3({ messageBytes, readBytes, sendBufferBytes, receiveBufferBytes }: Stream): string | null {
  if (readBytes !== messageBytes) return 'iperf3 reads as much at a time as it writes'
  return sendBufferBytes === receiveBufferBytes ? null : "iperf3 sets a socket's two buffers to the same size"
}

/** What is read of its document. */
interface Report {
  readonly error?: string
  readonly intervals: readonly { readonly sum: { readonly bytes: number; readonly seconds: number } }[]
  readonly end: {
    readonly streams: readonly {
      readonly sender: { readonly retransmits: number; readonly max_snd_cwnd: number; readonly mean_rtt: number }
    }[]
    readonly sum_received: { readonly bytes: number; readonly seconds: number; readonly bits_per_second: number }
  }
}

/** @throws Error where it answered with something else than a measurement */
export function parseIperf3(output: string, { messageBytes }: Stream): InstrumentResult {
  const report = JSON.parse(output) as Report
  if (report.error !== undefined) throw new Error(report.error)
  const { streams, sum_received: counted } = report.end
  const [stream] = streams
  if (stream === undefined || !(counted.bytes > 0)) throw new Error('iperf3 has received nothing')
  const sum = (of: 'bytes' | 'seconds'): number => report.intervals.reduce((total, interval) => total + interval.sum[of], 0)
  const messages = Math.floor(sum('bytes') / messageBytes)
  return {
    total: { seconds: sum('seconds'), sent: messages, received: messages },
    messages: Math.floor(counted.bytes / messageBytes),
    seconds: counted.seconds,
    latencyNs: {},
    dropped: 0,
    duplicated: 0,
    outOfOrder: 0,
    stream: {
      throughputBps: counted.bits_per_second,
      retransmits: stream.sender.retransmits,
      largestWindowBytes: stream.sender.max_snd_cwnd,
      meanRttUs: stream.sender.mean_rtt,
    },
  }
}
