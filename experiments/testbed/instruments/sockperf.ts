/** sockperf 3.7, the field's ping-pong instrument: how it is called, and what it answers. */
import type { InstrumentResult } from './result.js'

/** Its header: the smallest message (src/message.h, MsgHeader::EFFECTIVE_SIZE). */
export const SMALLEST_MESSAGE_BYTES = 14
/** Largest TCP message (src/defs.h, MAX_TCP_SIZE) and UDP datagram (MAX_PAYLOAD_SIZE_LIMIT). */
export const LARGEST_MESSAGE_BYTES = { tcp: 1_048_575, udp: 65_507 } as const

/**
 * When the client does what, s after it starts: it connects after 0.1, sleeps 2 more, sends for `-t` seconds, and prints 0.1 later. Of the
 * traffic it leaves out the first 0.4 s and the last 0.05 (src/defs.h, TEST_START_WARMUP_MSEC, TEST_END_COOLDOWN_MSEC).
 */
export const TIMELINE: Timeline = { connectS: 0.1, trafficS: 2.1, warmUpS: 0.4, coolDownS: 0.05, printS: 0.1 }

export interface Timeline {
  readonly connectS: number
  readonly trafficS: number
  readonly warmUpS: number
  readonly coolDownS: number
  readonly printS: number
}

export interface ServerCall {
  readonly transport: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly noDelay: boolean
  /** Largest message that a server has to take, bytes. */
  readonly largestBytes: number
}

export interface ClientCall extends ServerCall {
  readonly messageBytes: number
  /** Whole seconds only. */
  readonly seconds: number
  /** Where the time of every message is written. */
  readonly logPath: string
}

/** A server takes messages up to 65,507 B unless told otherwise. */
export function serverArguments(call: ServerCall): string[] {
  const size = call.largestBytes > LARGEST_MESSAGE_BYTES.udp ? ['--msg-size', String(call.largestBytes)] : []
  return ['sockperf', 'server', ...socketOptions(call), ...size]
}

export function clientArguments(call: ClientCall): string[] {
  return [
    ...['sockperf', 'ping-pong', ...socketOptions(call), '--msg-size', String(call.messageBytes)],
    ...['--time', String(call.seconds), '--full-log', call.logPath],
  ]
}

/** sockperf sets TCP_NODELAY unless told otherwise. */
function socketOptions(call: ServerCall): string[] {
  const options = ['-i', call.address, '-p', String(call.port)]
  return call.transport === 'udp' ? options : ['--tcp', ...options, ...(call.noDelay ? [] : ['--tcp-avoid-nodelay'])]
}

/** sockperf answered with something else than statistics; the text holds what it said. */
export class SockperfError extends Error {
  override readonly name = 'SockperfError'
}

/** @throws SockperfError */
export function parseSockperf(output: string): InstrumentResult {
  // Colours: ECMA-48 "select graphic rendition".
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  const text = output.replace(/\u001b\[[0-9;]*m/g, '')
  const total = /\[Total Run\] RunTime=([\d.]+) sec;.*SentMessages=(\d+); ReceivedMessages=(\d+)/.exec(text)
  const valid = /\[Valid Duration\] RunTime=([\d.]+) sec; SentMessages=(\d+); ReceivedMessages=(\d+)/.exec(text)
  const mean = /avg-latency=\s*([\d.]+) \(std-dev=\s*([\d.]+)\)/.exec(text)
  if (total === null || valid === null || mean === null) throw new SockperfError(complaintIn(text))
  const latencyNs: Record<string, number> = { mean: toNs(mean[1]!), 'std-dev': toNs(mean[2]!) }
  for (const match of text.matchAll(/---> percentile\s+([\d.]+) =\s+([\d.]+)/g)) latencyNs[`p${Number(match[1])}`] = toNs(match[2]!)
  for (const match of text.matchAll(/---> <(MIN|MAX)> observation =\s+([\d.]+)/g)) latencyNs[match[1]!.toLowerCase()] = toNs(match[2]!)
  const losses = /# dropped messages = (\d+); # duplicated messages = (\d+); # out-of-order messages = (\d+)/.exec(text)
  return {
    total: { seconds: Number(total[1]), sent: Number(total[2]), received: Number(total[3]) },
    messages: Number(valid[3]),
    seconds: Number(valid[1]),
    latencyNs,
    dropped: Number(losses?.[1] ?? 0),
    duplicated: Number(losses?.[2] ?? 0),
    outOfOrder: Number(losses?.[3] ?? 0),
  }
}

/** Microseconds with three decimals, to whole nanoseconds. */
function toNs(text: string): number {
  return Math.round(Number(text) * 1000)
}

function complaintIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const complaint =
    lines.find((line) => /error|No messages|No valid|end before|refused/i.test(line)) ?? lines.filter((line) => line !== '').at(-1)
  return complaint ?? 'sockperf wrote nothing'
}

/** Latencies (half a round trip), ns, in the order sent, out of a full log. */
export function parseFullLog(text: string): Float64Array {
  const start = text.indexOf('\npacket, txTime(sec), rxTime(sec), latency(usec)\n')
  if (start < 0) return new Float64Array(0)
  const latencies: number[] = []
  for (const line of text.slice(text.indexOf('\n', start + 1) + 1).split('\n')) {
    if (line.startsWith('---')) break
    const comma = line.lastIndexOf(',')
    if (comma > 0) latencies.push(toNs(line.slice(comma + 1)))
  }
  return Float64Array.from(latencies)
}
