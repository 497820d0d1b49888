/** One message's events held against the stages of its path: which stage showed itself where, and what spoke against it. */
import { type Hop, inWords } from './hops.js'
import { type Crossed, isReceived, isSend, isWaited, nextSend, type Packet, type SendCall } from './packets.js'
import type { PathStep } from './steps.js'
import type { TraceContext, TraceEvent } from './trace-event.js'

/** What a flow's messages are held against. */
export interface ExpectedPath {
  readonly steps: readonly PathStep[]
  /** Hops of each leg. */
  readonly hops: readonly (readonly Hop[])[]
  /** Threads of each process. */
  readonly tasks: Readonly<Record<string, ReadonlySet<number>>>
  /** From socket to socket, over no device. */
  readonly isUnix: boolean
}

export interface Fault {
  readonly step: PathStep
  readonly text: string
}

export interface MessageWalk {
  /** Steps that showed themselves in this message, and the tracepoints that showed them. */
  readonly seen: ReadonlyMap<PathStep, string>
  readonly faults: readonly Fault[]
  /** Packets of all legs that were followed. */
  readonly packets: number
}

/** Where each message begins: the client's calls that send. The last one may be cut off by the trace's end, and is left out. */
export function messagesIn(
  events: readonly TraceEvent[],
  tasks: ReadonlySet<number>,
  isUnix = false,
): { readonly start: number; readonly end: number }[] {
  const starts: number[] = []
  for (let at = 0; at < events.length; ) {
    const send = nextSend(events, tasks, at, events.length, isUnix)
    if (send === null) break
    starts.push(send.enter)
    at = send.exit
  }
  return starts.slice(0, -1).map((start, index) => ({ start, end: starts[index + 1]! }))
}

export function walkMessage(events: readonly TraceEvent[], expected: ExpectedPath, start: number, end: number): MessageWalk {
  const walk = new Walk(events, expected, start, end)
  for (const step of expected.steps) walk.step(step)
  return walk
}

class Walk implements MessageWalk {
  readonly seen = new Map<PathStep, string>()
  readonly faults: Fault[] = []
  packets = 0
  private cursor: number
  private send: SendCall | null = null
  private carrier: Packet | null = null
  private leg = -1
  private received = -1

  constructor(
    private readonly events: readonly TraceEvent[],
    private readonly expected: ExpectedPath,
    start: number,
    private readonly end: number,
  ) {
    this.cursor = start
  }

  step(step: PathStep): void {
    if (step.leg !== this.leg) this.beginLeg(step)
    switch (step.stage.name) {
      case 'socket.send':
        this.sent(step)
        break
      case 'tcp.transmit':
      case 'udp.transmit':
        this.queued(step)
        break
      case 'unix.transmit':
        this.told(step)
        break
      case 'unix.receive':
        this.takenOver(step)
        break
      case 'bridge.forward':
        this.forwarded(step)
        break
      case 'tcp.receive':
      case 'udp.receive':
        this.delivered(step)
        break
      case 'socket.wakeup':
        this.woken(step)
        break
      case 'interrupt.deliver':
        this.delivers(step)
        break
      case 'idle.exit':
        this.next(step, 'cpu_idle', (event) => event.kind === 'idle-exit' && event.core === step.stage.core, 'any')
        break
      case 'context.switch':
        this.next(step, 'sched_switch', (event) => event.kind === 'switch' && this.receivers().has(event.to), 'process')
        break
      case 'proxy.relay':
      case 'proxy.relay.dante':
      case 'proxy.relay.haproxy':
      case 'proxy.relay.nginx':
      case 'proxy.relay.socat':
        this.relayed(step)
        break
      case 'socket.receive':
        this.read(step)
        break
      case 'instrument.server':
      case 'instrument.server.own':
        this.answered(step)
        break
      default:
        this.crossed(step)
        break
    }
  }

  private beginLeg(step: PathStep): void {
    this.leg = step.leg
    this.send = nextSend(this.events, this.tasksOf(step.sender), this.cursor, this.end, this.expected.isUnix)
    this.carrier = null
    this.received = -1
    if (this.send === null) return
    this.cursor = this.send.enter
    const { packets } = this.send
    this.packets += packets.length
    // The packet whose delivery wakes the receiver: a datagram's last fragment, a TCP message's first segment.
    this.carrier = packets.find(({ delivered }) => delivered !== null && delivered.dataBytes > 0) ?? packets.at(-1)!
    for (const packet of packets) this.compare(packet.crossed, step)
  }

  /** The device events of a packet, in order, are exactly those that the stages say. */
  private compare(crossed: readonly Crossed[], step: PathStep): void {
    const hops = this.expected.hops[step.leg]!
    const differs = [...hops, null].findIndex((hop, i) => hop?.kind !== crossed[i]?.kind || hop?.device !== crossed[i]?.device)
    if (differs < 0) return
    const at = hops[Math.min(differs, hops.length - 1)]?.step ?? step
    this.fault(at, `the path says ${inWords(hops)}; the packet crossed ${crossed.length === 0 ? 'no device' : inWords(crossed)}`)
  }

  private sent(step: PathStep): void {
    const { send } = this
    if (send === null) return
    const event = this.events[send.enter]!
    this.see(step, `sys_enter_${event.kind === 'enter' ? event.call : ''}`, event, 'process')
  }

  private queued(step: PathStep): void {
    if (this.carrier === null) return
    const event = this.events[this.carrier.queuedAt]!
    this.cursor = this.carrier.queuedAt
    this.see(step, 'net_dev_queue', event, 'process')
  }

  /** The writer itself tells its peer's socket, in its own call. */
  private told(step: PathStep): void {
    if (this.send === null || this.send.toldPeer < 0) return
    const { toldPeer } = this.send
    this.cursor = toldPeer
    this.see(step, 'sk_data_ready of a Unix-domain socket', this.events[toldPeer]!, 'process')
  }

  /** What the receiver's call returns was sent in the sender's: neither of them has handed a packet to a device since. */
  private takenOver(step: PathStep): void {
    const at = this.receiveReturn(step)
    if (this.send === null || at >= this.end) return
    const own = new Set([...this.tasksOf(step.sender), ...this.receivers(step)])
    const queued = this.events.slice(this.send.enter, at).find((event) => event.kind === 'queue' && own.has(event.task))
    const event = this.events[at]!
    const call = `sys_exit_${event.kind === 'exit' ? event.call : ''}`
    if (queued?.kind === 'queue') this.fault(step, `a packet was handed to ${queued.device} before ${call}`)
    else this.see(step, `${call}, no net_dev_queue since the send`, event, 'process')
  }

  private crossed(step: PathStep): void {
    const hops = this.expected.hops[step.leg]!
    const own = hops.map((hop, i) => ({ hop, event: this.carrier?.crossed[i] })).filter(({ hop }) => hop.step === step)
    if (own.length === 0 || own.some(({ hop, event }) => event?.kind !== hop.kind || event.device !== hop.device)) return
    for (const { hop, event } of own) {
      this.cursor = Math.max(this.cursor, event!.at)
      const name = hop.kind === 'transmit' ? 'net_dev_start_xmit' : 'netif_receive_skb'
      // A transmit function is called by whoever sends; what a device receives is a softirq's to take.
      const before = this.seen.get(step)
      this.see(step, `${name} ${hop.device}`, event!, hop.kind === 'receive' ? 'softirq' : 'any')
      if (before !== undefined) this.seen.set(step, `${before}, ${name} ${hop.device}`)
    }
  }

  /** A bridge has no tracepoint of its own: the packet comes in on one of its ports and leaves on another. */
  private forwarded(step: PathStep): void {
    const hops = this.expected.hops[step.leg]!
    const out = hops.findIndex((hop) => this.expected.steps.indexOf(hop.step) > this.expected.steps.indexOf(step))
    const [before, after] = [this.carrier?.crossed[out - 1], this.carrier?.crossed[out]]
    if (out < 1 || before?.device !== hops[out - 1]!.device || after?.device !== hops[out]!.device) return
    if (before.kind !== 'receive' || after.kind !== 'transmit') return
    this.see(step, `netif_receive_skb ${before.device}, then net_dev_start_xmit ${after.device}`, after, 'softirq')
  }

  private delivered(step: PathStep): void {
    if (this.carrier === null) return
    const last = this.carrier.delivered?.at ?? this.carrier.crossed.at(-1)?.at ?? this.cursor
    const tcp = step.stage.name === 'tcp.receive'
    if (tcp && this.carrier.delivered === null) return
    this.cursor = Math.max(this.cursor, last)
    const protocol = tcp ? 6 : 17
    const ready = this.find((event) => event.kind === 'data-ready' && event.protocol === protocol)
    if (ready < 0) return
    this.cursor = ready
    const { task, context } = this.events[ready]!
    // A packet that finds its socket locked waits in the socket's backlog; the owner takes it, on its own core (release_sock()).
    if (context === 'process' && this.receivers(step).has(task)) return
    this.see(step, tcp ? 'tcp_probe, sk_data_ready' : 'sk_data_ready', this.events[ready]!, 'any')
  }

  private next(step: PathStep, name: string, is: (event: TraceEvent) => boolean, context: TraceContext | 'any'): void {
    const bound = this.receiveReturn(step)
    const at = this.find(is, bound)
    if (at < 0) return
    const event = this.events[at]!
    this.cursor = at
    this.see(step, name, event, context)
  }

  /** A receiver that a Unix-domain stream has woken when it read what that one had written is awake before the send: nobody wakes it again. */
  private woken(step: PathStep): void {
    const { isUnix } = this.expected
    this.next(step, 'sched_waking', (event) => event.kind === 'waking' && this.receivers().has(event.woken), isUnix ? 'process' : 'any')
    if (!isUnix || this.seen.has(step) || this.send === null) return
    const before = this.events.slice(0, this.send.enter)
    const ran = before.findLastIndex((event) => event.kind === 'switch' && this.receivers().has(event.to))
    const early = before
      .slice(ran + 1)
      .find((event) => event.kind === 'waking' && this.receivers().has(event.woken) && this.tasksOf(step.sender).has(event.task))
    if (early !== undefined) this.see(step, 'sched_waking when the sender read what it had before', early, 'process')
  }

  /** The other core's switch shows that the interrupt came; an idle one leaves its idle state before that. */
  private delivers(step: PathStep): void {
    const at = this.find((event) => event.kind === 'switch' && this.receivers().has(event.to), this.receiveReturn(step))
    if (at >= 0) this.see(step, 'sched_switch', this.events[at]!, 'process')
  }

  private relayed(step: PathStep): void {
    const at = this.find((event) => this.receivers(step).has(event.task) && isWaited(event))
    if (at < 0) return
    this.cursor = at
    const event = this.events[at]!
    this.see(step, `sys_exit_${event.kind === 'exit' ? event.call : ''}`, event, 'process')
  }

  private read(step: PathStep): void {
    const at = this.receiveReturn(step)
    if (at >= this.end) return
    this.cursor = at
    this.received = at
    const event = this.events[at]!
    this.see(step, `sys_exit_${event.kind === 'exit' ? event.call : ''}`, event, 'process')
  }

  /** In user space: between the return of the call that received last and the entry of the one that sends, with no other call between. */
  private answered(step: PathStep): void {
    if (this.received < 0) return
    const tasks = this.receivers(step)
    const send = this.find((event) => tasks.has(event.task) && isSend(event), this.end, this.received + 1)
    if (send < 0) return
    const { task } = this.events[send]!
    const before = this.events.findLast(
      (event, at) => at < send && event.task === task && (event.kind === 'enter' || event.kind === 'exit'),
    )
    if (before === undefined || !isReceived(before)) return
    this.see(step, 'between its calls that receive and send', this.events[send]!, 'process')
  }

  private receiveReturn(step: PathStep): number {
    const tasks = this.receivers(step)
    const at = this.find((event) => tasks.has(event.task) && isReceived(event))
    return at < 0 ? this.end : at
  }

  private find(is: (event: TraceEvent) => boolean, end: number = this.end, start: number = this.cursor): number {
    for (let at = start; at < end; at++) if (is(this.events[at]!)) return at
    return -1
  }

  private receivers(step?: PathStep): ReadonlySet<number> {
    const { receiver } = step ?? this.expected.steps.find(({ leg }) => leg === this.leg)!
    return this.tasksOf(receiver)
  }

  private tasksOf(process: string): ReadonlySet<number> {
    return this.expected.tasks[process] ?? new Set()
  }

  private see(
    step: PathStep,
    by: string,
    event: { readonly core: number; readonly context: TraceContext },
    context: TraceContext | 'any',
  ): void {
    if (event.core !== step.stage.core) this.fault(step, `${by} on core ${event.core}, not on core ${step.stage.core}`)
    else if (context !== 'any' && event.context !== context)
      this.fault(step, `${by} in ${event.context === 'process' ? "a process's own context" : event.context}, not in ${context}`)
    else this.seen.set(step, by)
  }

  private fault(step: PathStep, text: string): void {
    this.faults.push({ step, text })
  }
}
