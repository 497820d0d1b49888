/** Packets in a trace: which a system call sent, and what each one crossed until it was delivered. */
import type { TraceContext, TraceEvent } from './trace-event.js'

/** A device event of one packet. */
export interface Crossed {
  readonly kind: 'transmit' | 'receive'
  readonly device: string
  readonly core: number
  readonly task: number
  readonly context: TraceContext
  /** Its place in the trace. */
  readonly at: number
}

export interface Packet {
  readonly queuedAt: number
  readonly crossed: readonly Crossed[]
  /** Where it was queued again, for the next device. */
  readonly handedOn: readonly number[]
  /** Where its segment reached its TCP socket, with the payload; null for what is no segment of an established connection. */
  readonly delivered: { readonly at: number; readonly dataBytes: number } | null
}

/** System calls that send, and those that receive. */
const SENDS: ReadonlySet<string> = new Set(['sendto', 'sendmsg', 'sendmmsg', 'write', 'writev', 'splice', 'sendfile64'])
const RECEIVES: ReadonlySet<string> = new Set(['recvfrom', 'recvmsg', 'recvmmsg', 'read', 'readv', 'splice'])
const WAITS: ReadonlySet<string> = new Set(['poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait'])

export const isSend = (event: TraceEvent): boolean => event.kind === 'enter' && SENDS.has(event.call)
export const isReceived = (event: TraceEvent): boolean => event.kind === 'exit' && RECEIVES.has(event.call) && event.result > 0
export const isWaited = (event: TraceEvent): boolean => event.kind === 'exit' && WAITS.has(event.call) && event.result > 0

/** What the proof records of each system call. */
export const recordedCalls: readonly string[] = [...new Set([...SENDS, ...RECEIVES, ...WAITS])]

/** A call that sent something: its entry, its return (the trace's end where that isn't in it), its packets. */
export interface SendCall {
  readonly enter: number
  readonly exit: number
  readonly packets: readonly Packet[]
  /** Where it told a Unix-domain socket of data, itself; -1: nowhere. */
  readonly toldPeer: number
}

/** AF_UNIX (include/linux/socket.h), as sk_data_ready prints it. */
const UNIX_FAMILY = 1

/** The next call of one of these threads, from `start` on, that hands a packet to a device; or, on the path of a Unix-domain socket, data to a peer. */
export function nextSend(
  events: readonly TraceEvent[],
  tasks: ReadonlySet<number>,
  start: number,
  end: number,
  isUnix = false,
): SendCall | null {
  for (let enter = start; enter < end; enter++) {
    const event = events[enter]!
    if (!tasks.has(event.task) || !isSend(event)) continue
    const exit = returnOf(events, enter, end)
    const packets = packetsQueuedIn(events, enter, exit, end)
    const toldPeer = isUnix ? toldIn(events, enter, exit) : -1
    if (packets.length > 0 || toldPeer >= 0) return { enter, exit, packets, toldPeer }
  }
  return null
}

function toldIn(events: readonly TraceEvent[], enter: number, exit: number): number {
  const { task } = events[enter]!
  return events.findIndex(
    (event, at) =>
      at > enter &&
      at < exit &&
      event.kind === 'data-ready' &&
      event.family === UNIX_FAMILY &&
      event.task === task &&
      event.context === 'process',
  )
}

function returnOf(events: readonly TraceEvent[], enter: number, end: number): number {
  const { task } = events[enter]!
  for (let i = enter + 1; i < end; i++) {
    const event = events[i]!
    if (event.task === task && (event.kind === 'exit' || event.kind === 'enter') && event.context === 'process') return i
  }
  return end
}

/** Packets that the thread itself hands to a device during a call: not those of the softirqs that run inside of it. */
export function packetsQueuedIn(events: readonly TraceEvent[], enter: number, exit: number, end: number): Packet[] {
  const { task } = events[enter]!
  const packets: Packet[] = []
  // What a tunnel's device hands on to the underlay, still in the call, is the same packet.
  const handedOn = new Set<number>()
  for (let i = enter + 1; i < exit; i++) {
    const event = events[i]!
    if (event.kind !== 'queue' || event.task !== task || event.context !== 'process' || handedOn.has(i)) continue
    const packet = followPacket(events, i, transmittedOf(events, i), end)
    for (const at of packet.handedOn) handedOn.add(at)
    packets.push(packet)
  }
  return packets
}

/** What a packet crosses, from where it is queued until it is delivered, or its memory holds another packet that a process sends. */
export function followPacket(events: readonly TraceEvent[], queuedAt: number, name: string, end: number): Packet {
  const crossed: Crossed[] = []
  const handedOn: number[] = []
  const { task } = events[queuedAt]!
  let isInCall = true
  for (let at = queuedAt + 1; at < end; at++) {
    const event = events[at]!
    if (event.task === task && (event.kind === 'enter' || event.kind === 'exit')) isInCall = false
    if (!('packet' in event) || event.packet !== name) continue
    if (event.kind === 'segment') return { queuedAt, crossed, handedOn, delivered: { at, dataBytes: event.dataBytes } }
    if (event.kind === 'queue') {
      if (event.context === 'process' && !(isInCall && event.task === task)) break
      handedOn.push(at)
      continue
    }
    crossed.push({ kind: event.kind, device: event.device, core: event.core, task: event.task, context: event.context, at })
  }
  return { queuedAt, crossed, handedOn, delivered: null }
}

/** A super-packet without offloads is cut where it is queued (validate_xmit_skb()): what is transmitted then is its first segment. */
function transmittedOf(events: readonly TraceEvent[], queuedAt: number): string {
  const queued = events[queuedAt] as Extract<TraceEvent, { kind: 'queue' }>
  const next = events.slice(queuedAt + 1, queuedAt + 12).find((event) => event.kind === 'transmit' && event.task === queued.task)
  return next?.kind === 'transmit' && next.device === queued.device ? next.packet : queued.packet
}
