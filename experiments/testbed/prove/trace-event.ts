/** One event of the kernel's trace, as the proof needs it. */

export type TraceContext = 'process' | 'softirq' | 'hardirq'

interface At {
  readonly core: number
  /** The thread in which it happened, also where a softirq or an interrupt ran inside of it. */
  readonly task: number
  readonly context: TraceContext
}

/** What the tracepoints say; addresses of packets are the kernel's own, hashed, and the same for one packet everywhere. */
export type TraceEvent = At &
  (
    | { readonly kind: 'enter'; readonly call: string }
    /** Entry and exit of connect(2). */
    | { readonly kind: 'connect' }
    | { readonly kind: 'connect-exit' }
    | { readonly kind: 'exit'; readonly call: string; readonly result: number }
    /** net_dev_queue: a packet is handed to a device. */
    | { readonly kind: 'queue'; readonly device: string; readonly packet: string }
    /** net_dev_start_xmit: the device's transmit function is called. */
    | { readonly kind: 'transmit'; readonly device: string; readonly packet: string }
    /** netif_receive_skb: a device's packet enters the stack. */
    | { readonly kind: 'receive'; readonly device: string; readonly packet: string }
    /** tcp_probe: a segment reaches its established socket. */
    | { readonly kind: 'segment'; readonly packet: string; readonly dataBytes: number; readonly source: string; readonly target: string }
    /** sk_data_ready; family 2 is IPv4, 1 Unix; protocol 6 TCP, 17 UDP. */
    | { readonly kind: 'data-ready'; readonly family: number; readonly protocol: number }
    | { readonly kind: 'waking'; readonly woken: number; readonly onCore: number }
    | { readonly kind: 'switch'; readonly from: number; readonly to: number }
    | { readonly kind: 'idle-exit' }
    /** Everything else, by its name: `fib_table_lookup`, `br_fdb_update`, `neigh_create`. */
    | { readonly kind: 'other'; readonly name: string; readonly text: string }
  )

/** `          sockperf-1995   [001] b.s1. 11095.901557: netif_rx: dev=eth0 ...`: kernel/trace/trace_output.c, trace_print_context(). */
const LINE = /^\s*.+-(\d+)\s+\[(\d+)\]\s+(\S)(\S)(\S)\S*\s+\d+\.\d+: (.*)$/

/** PWR_EVENT_EXIT, -1 as the kernel prints it (include/trace/events/power.h). */
const IDLE_EXIT = 'state=4294967295'

export function parseTrace(text: string): TraceEvent[] {
  const events: TraceEvent[] = []
  for (const line of text.split('\n')) {
    const match = LINE.exec(line)
    if (match === null) continue
    const [, task, core, , , interrupt, rest] = match as unknown as string[]
    const event = whatHappened(rest!)
    if (event !== null) events.push({ core: Number(core), task: Number(task), context: contextOf(interrupt!), ...event })
  }
  return events
}

/** The third flag: `s` softirq, `h` interrupt, `H` interrupt inside a softirq, `.` neither (Documentation/trace/ftrace.rst). */
function contextOf(flag: string): TraceContext {
  if (flag === 's') return 'softirq'
  return flag === '.' ? 'process' : 'hardirq'
}

type What = TraceEvent extends infer E ? (E extends At ? Omit<E, keyof At> : never) : never

function whatHappened(text: string): What | null {
  const call = /^sys_(\w+)(\(| -> )(.*)$/.exec(text)
  if (call !== null) {
    const name = call[1]!
    if (name === 'connect') return { kind: call[2] === '(' ? 'connect' : 'connect-exit' }
    return call[2] === '(' ? { kind: 'enter', call: name } : { kind: 'exit', call: name, result: signed(call[3]!) }
  }
  const colon = text.indexOf(': ')
  if (colon < 0) return null
  const name = text.slice(0, colon)
  const field = (key: string): string => new RegExp(`(?:^| )${key}=(\\S+)`).exec(text.slice(colon + 2))?.[1] ?? ''
  switch (name) {
    case 'net_dev_queue':
      return { kind: 'queue', device: field('dev'), packet: field('skbaddr') }
    case 'net_dev_start_xmit':
      return { kind: 'transmit', device: field('dev'), packet: field('skbaddr') }
    case 'netif_receive_skb':
      return { kind: 'receive', device: field('dev'), packet: field('skbaddr') }
    case 'tcp_probe':
      return {
        kind: 'segment',
        packet: field('skbaddr'),
        dataBytes: Number(field('data_len')),
        source: field('src'),
        target: field('dest'),
      }
    case 'sk_data_ready':
      return { kind: 'data-ready', family: Number(field('family')), protocol: Number(field('protocol')) }
    case 'sched_waking':
      return { kind: 'waking', woken: Number(field('pid')), onCore: Number(field('target_cpu')) }
    case 'sched_switch':
      return { kind: 'switch', from: Number(field('prev_pid')), to: Number(field('next_pid')) }
    case 'cpu_idle':
      return text.includes(IDLE_EXIT) ? { kind: 'idle-exit' } : null
    default:
      return { kind: 'other', name, text }
  }
}

/** A system call's result as the trace prints it: 64 bits in hexadecimal, errors as large numbers. */
function signed(hexadecimal: string): number {
  return Number(BigInt.asIntN(64, BigInt(hexadecimal.trim())))
}
