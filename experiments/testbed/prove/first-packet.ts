/** The first packet of a flow, apart from its steady state: it opens connections, and finds what later packets find done. */
import type { Flow } from '../../../models/topology/scenario.js'
import { type Hop, inWords } from './hops.js'
import { type Crossed, followPacket } from './packets.js'
import type { TraceEvent } from './trace-event.js'
import type { ExpectedPath } from './walk.js'

export interface FirstPacket {
  readonly verdict: 'proven' | 'unproven' | 'contradicted'
  /** Devices that the first packet of each leg crossed, as `inWords` has them. */
  readonly crossed: readonly string[]
  /** What happened while it was on its way and doesn't in steady state: tracepoint and how often. */
  readonly besides: Readonly<Record<string, number>>
  readonly objections: readonly string[]
}

/** What the kernel does for a first packet: routes looked up, neighbours and forwarding entries made. */
const FIRST_ONLY: ReadonlySet<string> = new Set(['fib_table_lookup', 'neigh_create', 'br_fdb_update', 'fdb_delete'])

/** Legs there only: the way back of a first packet is the handshake's answer, which later packets repeat. */
export function firstPacketOf(events: readonly TraceEvent[], expected: ExpectedPath, flow: Flow): FirstPacket {
  if (expected.isUnix) return firstOfUnix(events, expected, flow)
  const legs = flow.via.length + 1
  const crossed: string[] = []
  const objections: string[] = []
  const besides: Record<string, number> = {}
  let missing = false
  for (let leg = 0; leg < legs; leg++) {
    const hops = expected.hops[leg]!
    const tasks = expected.tasks[[flow.from, ...flow.via][leg]!] ?? new Set()
    const queuedAt = firstQueued(events, tasks, flow.transport)
    const queued = events[queuedAt]
    if (queued?.kind !== 'queue') {
      missing = true
      continue
    }
    const { way, last } = deviceEventsFrom(events, queuedAt, queued.packet, hops)
    crossed.push(inWords(way))
    if (!follows(way, hops)) objections.push(`the path says ${inWords(hops)}; the first packet crossed ${inWords(way)}`)
    for (const event of events.slice(startOfCall(events, queuedAt), last + 1))
      if (event.kind === 'other' && FIRST_ONLY.has(event.name)) besides[event.name] = (besides[event.name] ?? 0) + 1
  }
  const verdict = objections.length > 0 ? 'contradicted' : missing ? 'unproven' : 'proven'
  return { verdict, crossed, besides, objections }
}

/** A Unix-domain socket's peer is found by its path: connecting crosses no device. */
function firstOfUnix(events: readonly TraceEvent[], { tasks }: ExpectedPath, { from, to }: Flow): FirstPacket {
  const queued = events.find(
    (event) => event.kind === 'queue' && event.context === 'process' && (tasks[from]?.has(event.task) || tasks[to]?.has(event.task)),
  )
  const objections = queued?.kind === 'queue' ? [`the path crosses no device; a packet was handed to ${queued.device}`] : []
  const connects = events.some((event) => event.kind === 'connect' && tasks[from]?.has(event.task))
  return { verdict: objections.length > 0 ? 'contradicted' : connects ? 'proven' : 'unproven', crossed: [], besides: {}, objections }
}

/** What a process sends first: over TCP inside its first call of connect(2) that sends anything, else at all. */
function firstQueued(events: readonly TraceEvent[], tasks: ReadonlySet<number>, transport: Flow['transport']): number {
  const isQueued = ({ kind, context }: TraceEvent): boolean => kind === 'queue' && context === 'process'
  if (transport === 'udp') return events.findIndex((event) => isQueued(event) && tasks.has(event.task))
  for (const [entered, { kind, task }] of events.entries()) {
    if (!tasks.has(task) || kind !== 'connect') continue
    const isOwn = (event: TraceEvent, at: number): boolean => at > entered && event.task === task
    const left = events.findIndex((event, at) => isOwn(event, at) && event.kind === 'connect-exit')
    const queuedAt = events.findIndex((event, at) => isOwn(event, at) && isQueued(event))
    // A call on a Unix socket or on a datagram socket sends nothing.
    if (queuedAt >= 0 && (left < 0 || queuedAt < left)) return queuedAt
  }
  return -1
}

/** The packet's own way; where a bridge floods it, its copies are followed too as long as the softirq lasts. */
function deviceEventsFrom(
  events: readonly TraceEvent[],
  queuedAt: number,
  name: string,
  hops: readonly Hop[],
): { readonly way: readonly Crossed[]; readonly last: number } {
  const { crossed } = followPacket(events, queuedAt, name, events.length)
  const own = crossed.slice(0, hops.length)
  if (follows(own, hops)) return { way: own, last: own.at(-1)?.at ?? queuedAt }
  const { task } = events[queuedAt]!
  const until = events.findIndex(
    (event, at) => at > queuedAt && event.kind === 'queue' && event.task === task && event.context === 'process',
  )
  const end = until < 0 ? events.length : until
  const all: Crossed[] = []
  for (let at = queuedAt + 1; at < end; at++) {
    const event = events[at]!
    if (event.task !== task || (event.kind !== 'transmit' && event.kind !== 'receive')) continue
    const { kind, device, core, context } = event
    all.push({ kind, device, core, task, context, at })
  }
  // What follows the last hop is the answer, which runs inline.
  const lastHop = hops.at(-1)
  const arrived = all.findIndex(({ kind, device }) => kind === lastHop?.kind && device === lastHop.device)
  const way = arrived < 0 ? all : all.slice(0, arrived + 1)
  return { way, last: way.at(-1)?.at ?? queuedAt }
}

/** Whether the hops occur in this order; what a bridge floods stands between. */
function follows(way: readonly Crossed[], hops: readonly Hop[]): boolean {
  let next = 0
  for (const { kind, device } of way) if (kind === hops[next]?.kind && device === hops[next]?.device) next++
  return next === hops.length
}

/** Back to where the route was looked up: events of the same thread without a break. */
function startOfCall(events: readonly TraceEvent[], at: number): number {
  const { task } = events[at]!
  let start = at
  while (start > 0 && events[start - 1]!.task === task) start--
  return start
}
