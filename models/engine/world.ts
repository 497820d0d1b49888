/**
 * The world of one replication: every table that the loop touches, as flat arrays. A table is a group of columns of one length;
 * handlers take a row. There is one world in a thread, made when the module is loaded and laid out anew for each replication: so its columns
 * are constants to the compiler, which then reads a number with two instructions, not with nine (bundled: executors/bundle.ts).
 */
import { EventQueue, RandomStream } from '../../sim/index.js'
import type { Negotiation } from '../proxies/negotiation.js'
import { coefficientNames } from '../stages/index.js'
import { LENGTH_ENTRIES } from './interruption-lengths.js'
import { NOISE_ENTRIES } from './noise.js'

/** Kinds of events. */
export const CORE_RESUMES = 0
export const DELAYED_ACK_FIRES = 1
export const REMOTE_WAKEUP_ARRIVES = 2
export const PACKET_ARRIVES = 3
export const LOSS_PROBE_FIRES = 4
export const CORE_STARTS = 5
export const QUOTA_REFILLS = 6
export const TRAFFIC_STARTS = 7

/** A task's state: DELAYED sleeps, but still stands in its core's run queue (EEVDF's delayed dequeue). */
export const RUNNING = 0
export const RUNNABLE = 1
export const SLEEPING = 2
export const DELAYED = 3
export const WAKING = 4

export const NONE = -1

/** What a socket speaks. */
export const TCP = 0
export const UDP = 1
export const UNIX_STREAM = 2
export const UNIX_DATAGRAM = 3

/** Rows of each table: what a scenario needs beyond them is refused. No column is shorter than 9 numbers of 8 bytes, or V8 keeps it where it may move. */
const MOST_CORES = 4096
export const MOST_KINDS = 16
const MOST_TASKS = 1024
const MOST_GROUPS = 1024
const MOST_SOCKETS = 1024
const MOST_BURSTS = 8192
const MOST_FLOWS = 1024
/** Packets that can be in flight at once; a replication that needs more fails loudly. */
const PACKETS = 4096
/** Packets that one socket can have under way, and unread, each a power of two: when more are, the youngest entry stands for them all. */
const FLIGHT = 256
/** The same beside a stream, whose buffers hold megabytes of small writes; so many sockets at most then. */
const STREAM_FLIGHT = 16_384
const MOST_STREAMING_SOCKETS = (MOST_SOCKETS * FLIGHT) / STREAM_FLIGHT

/** Told of every burst of processor time (trace.ts). */
export interface CoreTrace {
  note(core: number, startNs: number, endNs: number): void
  /** Forgets what it has seen so far. */
  begin(): void
}

/** The steps of connections, while a flow makes them (workloads/connect.ts). */
export interface ConnectionSteps {
  /** By step: what each counted message's took, ns. */
  readonly tookNs: readonly Float64Array[]
  /** By step, over all messages: how often each coefficient was charged meanwhile, then the packets, super-packets and bytes of each burst. */
  readonly tallies: readonly Float64Array[]
  /** The same from the run's beginning to that of the step under way; room for now's. */
  readonly before: Float64Array
  readonly now: Float64Array
  startedNs: number
}

class World {
  readonly queue = new EventQueue(1024)
  readonly stream = new RandomStream([1, 0, 0, 0])
  /** Times between the messages of open loops: the same for every network model. */
  readonly arrivals = new RandomStream([1, 0, 0, 0])

  /** Coefficients in the order of `coefficientNames`: ns, or ns per byte; and how often each was charged. */
  readonly cost = new Float64Array(coefficientNames.length)
  readonly count = new Float64Array(coefficientNames.length)

  /** Kernel facts. */
  jiffyNs = 0
  sliceNs = 0

  // --- cores ---
  cores = 0
  /** Up to when the core's work is accounted, ns. */
  readonly coreTimeNs = new Float64Array(MOST_CORES)
  /** Work charged but not yet spent, ns. */
  readonly corePendingNs = new Float64Array(MOST_CORES)
  readonly coreBusyNs = new Float64Array(MOST_CORES)
  /** Of it, reads of a spinning process that found nothing, ns (before noise and interruptions). */
  readonly coreSpunNs = new Float64Array(MOST_CORES)
  /** Task on the core, or NONE when idle. */
  readonly coreTask = new Int32Array(MOST_CORES)
  /** What is completed when the pending work is spent. */
  readonly coreStep = new Int32Array(MOST_CORES)
  readonly coreNeedsSwitch = new Uint8Array(MOST_CORES)
  /** 1 where the next switch accounts by an earlier clock, and that clock, ns (eevdf.ts). */
  readonly coreKeepsClock = new Uint8Array(MOST_CORES)
  readonly coreKeptClockNs = new Float64Array(MOST_CORES)
  /** First and last packet of the core's backlog; packets are linked by `packetNext`. */
  readonly coreBacklogHead = new Int32Array(MOST_CORES)
  readonly coreBacklogTail = new Int32Array(MOST_CORES)
  /** Next interruption of each kind on each core, ns; row = core * MOST_KINDS + kind. */
  readonly coreInterruptionNs = new Float64Array(MOST_CORES * MOST_KINDS)
  /** 1 where a core without work enters its idle state, and a wake-up has to leave it; 0 where the machine declares that it never does. */
  readonly coreIdles = new Uint8Array(MOST_CORES)

  // --- interruptions ---
  readonly interruptionIntervalNs = new Float64Array(MOST_KINDS)
  readonly interruptionPeriodic = new Uint8Array(MOST_KINDS)
  /** Quantiles of each kind's lengths, ns (interruption-lengths.ts); row = kind * LENGTH_ENTRIES + quantile. */
  readonly interruptionLengthNs = new Float64Array(MOST_KINDS * LENGTH_ENTRIES)
  /** Kinds of interruption. */
  kinds = 0
  interruptedNs = 0
  /** Told what each core does (trace.ts, run-laws.ts). */
  trace: CoreTrace | null = null

  /** Multiplies a burst's duration: quantiles of a lognormal with median 1, drawn by index. */
  readonly noise = new Float64Array(NOISE_ENTRIES)

  // --- tasks ---
  tasks = 0
  readonly taskCore = new Int32Array(MOST_TASKS)
  /** RUNNING, RUNNABLE, SLEEPING, DELAYED or WAKING. */
  readonly taskState = new Uint8Array(MOST_TASKS)
  /** 1 for SCHED_BATCH. */
  readonly taskBatch = new Uint8Array(MOST_TASKS)
  /** 1 for a process under a seccomp filter, with its rules that read arguments; 1 for one in a control group of its own. */
  readonly taskFiltered = new Uint8Array(MOST_TASKS)
  readonly taskFilterRules = new Float64Array(MOST_TASKS)
  readonly taskGrouped = new Uint8Array(MOST_TASKS)
  /** The control group whose quota it uses, or NONE; 1 while it stands aside because that is used up. */
  readonly taskQuota = new Int32Array(MOST_TASKS)
  readonly taskThrottled = new Uint8Array(MOST_TASKS)
  /** A relay's coefficients per chunk and per connection, and the system calls that it makes per chunk beside its wait, read and write. */
  readonly taskRelay = new Int32Array(MOST_TASKS)
  readonly taskRelayConnection = new Int32Array(MOST_TASKS)
  readonly taskRelayCalls = new Float64Array(MOST_TASKS)
  /** Coefficients of what a relay at layer 7 pays for a request, and for each byte of its reply; NONE at layer 4. */
  readonly taskHttp = new Int32Array(MOST_TASKS)
  readonly taskHttpByte = new Int32Array(MOST_TASKS)
  /** EEVDF's virtual run time, deadline and lag (what the task was owed when it left the queue), ns. */
  readonly taskVirtualNs = new Float64Array(MOST_TASKS)
  readonly taskDeadlineNs = new Float64Array(MOST_TASKS)
  readonly taskLagNs = new Float64Array(MOST_TASKS)
  /** When the scheduler last accounted for the running task, ns. */
  readonly taskAccountedNs = new Float64Array(MOST_TASKS)
  /** Which program the task runs, a relay's with its buffer (run.ts); and the phase of its system call (calls.ts). */
  readonly taskProgram = new Int32Array(MOST_TASKS)
  readonly taskPhase = new Int32Array(MOST_TASKS)
  readonly taskFlow = new Int32Array(MOST_TASKS)
  /** The task's sockets: a relay has two, a client or a server one. */
  readonly taskSocket = new Int32Array(MOST_TASKS)
  readonly taskSecondSocket = new Int32Array(MOST_TASKS)
  /** Arguments and progress of the system call under way. */
  readonly taskCallSocket = new Int32Array(MOST_TASKS)
  readonly taskCallBytes = new Float64Array(MOST_TASKS)
  readonly taskGotBytes = new Float64Array(MOST_TASKS)
  /** Where the program stands, and what it has of the message under way. */
  readonly taskProgramStep = new Int32Array(MOST_TASKS)
  readonly taskMessageBytes = new Float64Array(MOST_TASKS)
  /** Number of the message under way: datagrams carry it. */
  readonly taskMessage = new Int32Array(MOST_TASKS)
  /** The share of what it keeps in the caches that a process has yet to fetch again, after its core has idled (refill.ts). */
  readonly taskCold = new Float64Array(MOST_TASKS)
  /** 1 where a relay has connected to what is behind it for the connection under way. */
  readonly taskDialled = new Uint8Array(MOST_TASKS)
  /** Connections that the task has opened or accepted; the sockets that each new one is a copy of (engine/connections.ts). */
  readonly taskConnections = new Float64Array(MOST_TASKS)
  readonly taskPattern = new Int32Array(MOST_TASKS)
  readonly taskSecondPattern = new Int32Array(MOST_TASKS)
  readonly taskVoluntary = new Float64Array(MOST_TASKS)
  readonly taskInvoluntary = new Float64Array(MOST_TASKS)

  // --- control groups with a quota (quota.ts) ---
  groups = 0
  readonly groupQuotaNs = new Float64Array(MOST_GROUPS)
  readonly groupPeriodNs = new Float64Array(MOST_GROUPS)
  /** Where in its period the replication begins, ns. */
  readonly groupPhaseNs = new Float64Array(MOST_GROUPS)
  /** What is left of this period's quota; below 0 it is a debt. */
  readonly groupLeftNs = new Float64Array(MOST_GROUPS)
  readonly groupTimerSet = new Uint8Array(MOST_GROUPS)
  /** Since when somebody stands aside, or 0; and how long that was so in all. */
  readonly groupThrottledSinceNs = new Float64Array(MOST_GROUPS)
  readonly groupThrottledNs = new Float64Array(MOST_GROUPS)

  // --- sockets ---
  sockets = 0
  readonly socketPeer = new Int32Array(MOST_SOCKETS)
  readonly socketTask = new Int32Array(MOST_SOCKETS)
  readonly socketFlow = new Int32Array(MOST_SOCKETS)
  readonly socketRoute = new Int32Array(MOST_SOCKETS)
  /** TCP, UDP, UNIX_STREAM or UNIX_DATAGRAM. */
  readonly socketTransport = new Uint8Array(MOST_SOCKETS)
  /** 1 while a system call holds the socket's lock: what arrives meanwhile waits in the socket's backlog. */
  readonly socketOwned = new Uint8Array(MOST_SOCKETS)
  /** 1 while the task sleeps on this socket (or polls it). */
  readonly socketAwaited = new Uint8Array(MOST_SOCKETS)
  /** 1 while the task sleeps until there is room to write: its Unix-domain peer has read, its TCP peer has acknowledged. */
  readonly socketRoomAwaited = new Uint8Array(MOST_SOCKETS)
  readonly socketBacklogHead = new Int32Array(MOST_SOCKETS)
  readonly socketBacklogTail = new Int32Array(MOST_SOCKETS)
  /** 1 from the handshake's end until both ends' FINs have passed; 1 once the peer's FIN has come; once the program has closed it; once its own FIN has left. */
  readonly socketJoined = new Uint8Array(MOST_SOCKETS)
  readonly socketEnded = new Uint8Array(MOST_SOCKETS)
  readonly socketClosed = new Uint8Array(MOST_SOCKETS)
  readonly socketFinished = new Uint8Array(MOST_SOCKETS)
  readonly socketNoDelay = new Uint8Array(MOST_SOCKETS)
  readonly socketQuickAckRoute = new Uint8Array(MOST_SOCKETS)
  readonly socketMssBytes = new Float64Array(MOST_SOCKETS)
  readonly socketSizeGoalBytes = new Float64Array(MOST_SOCKETS)
  /** Sequence numbers count payload bytes from 0. Sender: written by the program, sent, acknowledged; end of the last segment that was not full. */
  readonly socketWriteSeq = new Float64Array(MOST_SOCKETS)
  readonly socketSentSeq = new Float64Array(MOST_SOCKETS)
  readonly socketUnackedSeq = new Float64Array(MOST_SOCKETS)
  readonly socketSmallSeq = new Float64Array(MOST_SOCKETS)
  /** The congestion window (congestion-window.ts), and what it began with; 1 while it was the limit; most segments under way of late, and until when that counts. */
  readonly socketWindowSegments = new Float64Array(MOST_SOCKETS)
  readonly socketFirstWindowSegments = new Float64Array(MOST_SOCKETS)
  readonly socketWindowLimits = new Uint8Array(MOST_SOCKETS)
  readonly socketMostSegments = new Float64Array(MOST_SOCKETS)
  readonly socketUsageSeq = new Float64Array(MOST_SOCKETS)
  /** Most segments under way since the window last was the limit, and when that was; when data was sent last. */
  readonly socketUsedSegments = new Float64Array(MOST_SOCKETS)
  readonly socketFullJiffies = new Float64Array(MOST_SOCKETS)
  readonly socketLastSentJiffies = new Float64Array(MOST_SOCKETS)
  /** What is left to do for a packet that its owner works off (input.ts). */
  readonly socketInputStep = new Uint8Array(MOST_SOCKETS)
  /** The send buffer (send-buffer.ts), without bound but in streams; 1 where the program has set it; 1 while its writer waits to be told of room. */
  readonly socketSendBufferBytes = new Float64Array(MOST_SOCKETS)
  readonly socketSendBufferLocked = new Uint8Array(MOST_SOCKETS)
  readonly socketNoSpace = new Uint8Array(MOST_SOCKETS)
  /** 1 where the receive buffer is the program's. */
  readonly socketReceiveBufferLocked = new Uint8Array(MOST_SOCKETS)
  /** Segments under way; the first and the end of their packets in the flight's columns (in-flight.ts). */
  readonly socketPacketsOut = new Float64Array(MOST_SOCKETS)
  readonly socketFlightStart = new Float64Array(MOST_SOCKETS)
  readonly socketFlightEnd = new Float64Array(MOST_SOCKETS)
  /** Rows that each socket has in the flight's columns, and in those of unread packets. */
  flight = FLIGHT
  readonly flightEndSeq = new Float64Array(MOST_SOCKETS * FLIGHT)
  readonly flightSegments = new Float64Array(MOST_SOCKETS * FLIGHT)
  readonly flightSentNs = new Float64Array(MOST_SOCKETS * FLIGHT)
  acknowledgedSentNs = 0
  /** The loss probe (loss-probe.ts): when it is due, the event that stands for it, and how far the last one went. */
  readonly socketProbeJiffies = new Float64Array(MOST_SOCKETS)
  readonly socketProbeSet = new Uint8Array(MOST_SOCKETS)
  readonly socketProbeSetJiffies = new Float64Array(MOST_SOCKETS)
  readonly socketProbeCore = new Int32Array(MOST_SOCKETS)
  readonly socketProbeDeferred = new Uint8Array(MOST_SOCKETS)
  readonly socketProbeHighSeq = new Float64Array(MOST_SOCKETS)
  readonly socketSmoothedRttNs = new Float64Array(MOST_SOCKETS)
  /** What the peer takes: the end of the window that it has offered, and the largest that it ever offered; segments go by half of that. */
  readonly socketSendLimitSeq = new Float64Array(MOST_SOCKETS)
  readonly socketLargestWindowBytes = new Float64Array(MOST_SOCKETS)
  readonly socketSegments = new Uint8Array(MOST_SOCKETS)
  /** Receiver: come in, acknowledged to the peer, read by the program. */
  readonly socketReceivedSeq = new Float64Array(MOST_SOCKETS)
  readonly socketAckedSeq = new Float64Array(MOST_SOCKETS)
  readonly socketCopiedSeq = new Float64Array(MOST_SOCKETS)
  readonly socketReceiveMssBytes = new Float64Array(MOST_SOCKETS)
  readonly socketLastSegmentBytes = new Float64Array(MOST_SOCKETS)
  /** The receive window (receive-window.ts): the buffer, the share of it that counts as window, what of it waits unread or in the backlog. */
  readonly socketBufferBytes = new Float64Array(MOST_SOCKETS)
  readonly socketWindowRatio = new Float64Array(MOST_SOCKETS)
  readonly socketQueuedBytes = new Float64Array(MOST_SOCKETS)
  readonly socketBacklogBytes = new Float64Array(MOST_SOCKETS)
  /** Unread datagrams, and buffers of a Unix-domain socket (udp-queue.ts, unix.ts): the first and the last, how many, and how many of them the reader has taken over; what is read but not yet given back. */
  readonly socketDatagramHead = new Int32Array(MOST_SOCKETS)
  readonly socketDatagramTail = new Int32Array(MOST_SOCKETS)
  readonly socketDatagrams = new Float64Array(MOST_SOCKETS)
  readonly socketDatagramsTaken = new Float64Array(MOST_SOCKETS)
  readonly socketDeficitBytes = new Float64Array(MOST_SOCKETS)
  /** First and end of the unread packets (receive-queue.ts). */
  readonly socketUnreadStart = new Float64Array(MOST_SOCKETS)
  readonly socketUnreadEnd = new Float64Array(MOST_SOCKETS)
  readonly unreadEndSeq = new Float64Array(MOST_SOCKETS * FLIGHT)
  readonly unreadBytes = new Float64Array(MOST_SOCKETS * FLIGHT)
  /** The window's bounds, and what was offered with the last acknowledgement. */
  readonly socketWindowClampBytes = new Float64Array(MOST_SOCKETS)
  readonly socketWindowThresholdBytes = new Float64Array(MOST_SOCKETS)
  readonly socketOfferedBytes = new Float64Array(MOST_SOCKETS)
  readonly socketAnnouncedMssBytes = new Float64Array(MOST_SOCKETS)
  /** The most that the program read in a round trip, and where and when the present one began; the receiver's own estimate of it. */
  readonly socketReadSpaceBytes = new Float64Array(MOST_SOCKETS)
  readonly socketReadStartSeq = new Float64Array(MOST_SOCKETS)
  readonly socketReadStartUs = new Float64Array(MOST_SOCKETS)
  readonly socketReceiveRttUs = new Float64Array(MOST_SOCKETS)
  readonly socketRttSeq = new Float64Array(MOST_SOCKETS)
  readonly socketRttStartUs = new Float64Array(MOST_SOCKETS)
  /** Time stamps (RFC 7323): the peer's last, which this socket echoes, and the last of its own that came back, ms. */
  readonly socketRecentStampMs = new Float64Array(MOST_SOCKETS)
  readonly socketLastEchoMs = new Float64Array(MOST_SOCKETS)
  /** Flags (acknowledge.ts), timeout, quick acknowledgements left, ping-pong mode, and the timer with the core that set it. */
  readonly socketAckPending = new Uint8Array(MOST_SOCKETS)
  readonly socketAckTimeoutJiffies = new Float64Array(MOST_SOCKETS)
  readonly socketQuickAcks = new Float64Array(MOST_SOCKETS)
  readonly socketPingPong = new Uint8Array(MOST_SOCKETS)
  readonly socketLastReceiveJiffies = new Float64Array(MOST_SOCKETS)
  readonly socketAckDeadlineJiffies = new Float64Array(MOST_SOCKETS)
  readonly socketAckTimerSet = new Uint8Array(MOST_SOCKETS)
  readonly socketAckTimerCore = new Int32Array(MOST_SOCKETS)

  // --- routes (one each way for each pair of sockets) ---
  /** First burst of a route and how many it has; a burst's cost, ns per packet, extra per packet of more than one segment, and per byte. */
  readonly routeFirstBurst = new Int32Array(MOST_SOCKETS)
  readonly routeBursts = new Int32Array(MOST_SOCKETS)
  readonly routeMtuBytes = new Float64Array(MOST_SOCKETS)
  bursts = 0
  readonly burstPacketNs = new Float64Array(MOST_BURSTS)
  readonly burstSuperPacketNs = new Float64Array(MOST_BURSTS)
  readonly burstByteNs = new Float64Array(MOST_BURSTS)
  /** Packets (or fragments) and bytes that crossed each burst. */
  readonly burstPackets = new Float64Array(MOST_BURSTS)
  readonly burstSuperPackets = new Float64Array(MOST_BURSTS)
  readonly burstBytes = new Float64Array(MOST_BURSTS)
  /** The wire after each burst: ns per byte and delay; when it is next free; the core that receives at its far end (NONE: no wire). */
  readonly wireByteNs = new Float64Array(MOST_BURSTS)
  readonly wireDelayNs = new Float64Array(MOST_BURSTS)
  readonly wireFreeNs = new Float64Array(MOST_BURSTS)
  readonly wireCore = new Int32Array(MOST_BURSTS)

  // --- packets ---
  readonly packetSocket = new Int32Array(PACKETS)
  readonly packetBytes = new Float64Array(PACKETS)
  readonly packetAckSeq = new Float64Array(PACKETS)
  readonly packetWindowBytes = new Float64Array(PACKETS)
  readonly packetStampMs = new Float64Array(PACKETS)
  readonly packetEchoMs = new Float64Array(PACKETS)
  /** 1 for what its receiver has already. */
  readonly packetDuplicate = new Uint8Array(PACKETS)
  /** What a TCP segment is beside its payload: nothing, or one of a connection's beginning or end (transport/tcp/connection.ts). */
  readonly packetKind = new Uint8Array(PACKETS)
  readonly packetPush = new Uint8Array(PACKETS)
  readonly packetSegmentBytes = new Float64Array(PACKETS)
  readonly packetFragments = new Float64Array(PACKETS)
  readonly packetMessage = new Int32Array(PACKETS)
  readonly packetBurst = new Int32Array(PACKETS)
  readonly packetLastBurst = new Int32Array(PACKETS)
  readonly packetNext = new Int32Array(PACKETS)
  packetFree = 0

  // --- flows ---
  flows = 0
  readonly flowMessageBytes = new Float64Array(MOST_FLOWS)
  /** What a request holds: as much as its answer, but of HTTP. */
  readonly flowRequestBytes = new Float64Array(MOST_FLOWS)
  /** 1: it speaks HTTP. */
  readonly flowHttp = new Uint8Array(MOST_FLOWS)
  /** What one read of a stream takes; 0: no stream. */
  readonly flowReadBytes = new Float64Array(MOST_FLOWS)
  /** When a stream's warm-up was over and when its last message had come, ns. */
  readonly flowFromNs = new Float64Array(MOST_FLOWS)
  readonly flowUntilNs = new Float64Array(MOST_FLOWS)
  /** Requests that its client makes of proxies before the first message (negotiation.ts). */
  readonly flowRequests = new Float64Array(MOST_FLOWS)
  readonly flowSentAtNs = new Float64Array(MOST_FLOWS)
  readonly flowDone = new Float64Array(MOST_FLOWS)
  /** 1 once the server has the whole request: what stalls now stalls the reply. */
  readonly flowReplying = new Uint8Array(MOST_FLOWS)
  readonly flowStalled = new Uint8Array(MOST_FLOWS)
  readonly flowStalledThere = new Float64Array(MOST_FLOWS)
  readonly flowStalledBack = new Float64Array(MOST_FLOWS)
  readonly flowPureAcks = new Float64Array(MOST_FLOWS)
  /** Datagrams that a full buffer dropped. */
  readonly flowDropped = new Float64Array(MOST_FLOWS)
  /** An open loop: the mean time between two messages, 1 where it is exponentially distributed, when the next is due, how many are sent. */
  readonly flowIntervalNs = new Float64Array(MOST_FLOWS)
  readonly flowPoisson = new Uint8Array(MOST_FLOWS)
  readonly flowNextNs = new Float64Array(MOST_FLOWS)
  readonly flowSent = new Float64Array(MOST_FLOWS)
  /** When each message under way was intended to be sent (in a stream: written), by its number (the last bits of it); null: one at a time. */
  flowIntendedNs: (Float64Array | null)[] = []
  flowLatencyNs: Float64Array[] = []
  /** What each flow's client and the proxies on its way say before the first message. */
  flowNegotiation: Negotiation[] = []
  taskNegotiation: Negotiation[] = []
  /** 1 where each message has a connection of its own; what was read of connections whose sockets serve later ones, and of proxies' answers. */
  readonly flowConnects = new Uint8Array(MOST_FLOWS)
  readonly flowServer = new Int32Array(MOST_FLOWS)
  readonly flowClient = new Int32Array(MOST_FLOWS)
  readonly flowAskedBytes = new Float64Array(MOST_FLOWS)
  readonly flowAnsweredBytes = new Float64Array(MOST_FLOWS)
  readonly flowNegotiatedBytes = new Float64Array(MOST_FLOWS)
  /** The steps of connections (workloads/connect.ts): null where there are none. */
  steps: ConnectionSteps | null = null
  /** When clients that negotiate with a proxy, and all beside them, send their first message, ns; 0: at once. When counting began. */
  trafficStartsNs = 0
  countedFromNs = 0
  warmUpMessages = 0
  messages = 0
  flowsLeft = 0
  events = 0
}

export const world = new World()

/** What a replication needs of the world. */
export interface WorldShape {
  /** Where its random streams start. */
  readonly stream: RandomStream
  readonly arrivals: RandomStream
  /** Of each coefficient, NaN for one that no path of the scenario is charged. */
  readonly cost: Float64Array
  readonly hz: number
  readonly sliceNs: number
  readonly noise: Float64Array
  readonly cores: number
  readonly interruptions: number
  readonly tasks: number
  readonly groups: number
  readonly sockets: number
  readonly bursts: number
  readonly flows: number
  readonly messages: number
  readonly warmUpMessages: number
  readonly hasStreams: boolean
}

/** Rows begin with 0, these with something else. */
const firstValues: Readonly<Record<string, number>> = {
  coreTask: NONE,
  taskQuota: NONE,
  coreBacklogHead: NONE,
  coreBacklogTail: NONE,
  taskSecondSocket: NONE,
  socketBacklogHead: NONE,
  socketBacklogTail: NONE,
  socketDatagramHead: NONE,
  socketDatagramTail: NONE,
  socketProbeJiffies: Number.POSITIVE_INFINITY,
  wireCore: NONE,
  socketSendBufferBytes: Number.POSITIVE_INFINITY,
}
/** Columns whose rows are written before they are read. */
const needNoFirstValue = /^(packet|flight(End|Seg|Sent)|unread|noise|cost)/

/** Every row as it was when the world was made. @throws RangeError naming each table that is too short for the scenario */
export function resetWorld(shape: WorldShape): void {
  const tables = [
    ['cores', shape.cores, MOST_CORES],
    ['kinds of interruption', shape.interruptions, MOST_KINDS],
    ['processes', shape.tasks, MOST_TASKS],
    ['control groups with a quota', shape.groups, MOST_GROUPS],
    ['sockets', shape.sockets, shape.hasStreams ? MOST_STREAMING_SOCKETS : MOST_SOCKETS],
    ['bursts of stages, over all ways between two sockets', shape.bursts, MOST_BURSTS],
    ['flows', shape.flows, MOST_FLOWS],
  ] as const
  const short = tables.flatMap(([name, needed, most]) => (needed > most ? [`${needed} ${name} (at most ${most})`] : []))
  if (short.length > 0) throw new RangeError(`the scenario is too large to simulate: ${short.join(', ')}`)

  for (const [name, column] of Object.entries(world)) {
    if ((column instanceof Float64Array || column instanceof Int32Array || column instanceof Uint8Array) && !needNoFirstValue.test(name)) {
      column.fill(firstValues[name] ?? 0)
    }
  }
  for (let packet = 0; packet < PACKETS; packet++) world.packetNext[packet] = packet + 1 < PACKETS ? packet + 1 : NONE
  world.packetFree = 0
  world.queue.clear()
  world.stream.restore(shape.stream.words())
  world.arrivals.restore(shape.arrivals.words())
  world.cost.set(shape.cost)
  world.noise.set(shape.noise)
  world.jiffyNs = 1e9 / shape.hz
  world.sliceNs = shape.sliceNs
  world.cores = shape.cores
  world.kinds = shape.interruptions
  world.tasks = shape.tasks
  world.groups = shape.groups
  world.sockets = shape.sockets
  world.bursts = shape.bursts
  world.flows = shape.flows
  world.flight = shape.hasStreams ? STREAM_FLIGHT : FLIGHT
  world.messages = shape.messages
  world.warmUpMessages = shape.warmUpMessages
  world.flowsLeft = shape.flows
  world.flowLatencyNs = Array.from({ length: shape.flows }, () => new Float64Array(shape.messages))
  world.flowIntendedNs = Array.from({ length: shape.flows }, () => null)
  world.acknowledgedSentNs = 0
  world.trafficStartsNs = 0
  world.countedFromNs = 0
  world.interruptedNs = 0
  world.flowNegotiation = []
  world.taskNegotiation = []
  world.steps = null
  world.trace = null
  world.events = 0
}

/** Charges `times` of a coefficient to a core: the time is spent when the core next settles. */
export function charge(core: number, coefficient: number, times: number): void {
  world.count[coefficient]! += times
  world.corePendingNs[core]! += world.cost[coefficient]! * times
}

/** Counting begins: what came before belongs to no message. */
export function beginCounting(): void {
  const counters = [
    world.count,
    world.coreBusyNs,
    world.coreSpunNs,
    world.taskVoluntary,
    world.taskInvoluntary,
    world.burstPackets,
    world.burstSuperPackets,
    world.burstBytes,
    world.flowPureAcks,
  ]
  for (const column of counters) column.fill(0)
  world.interruptedNs = 0
  world.countedFromNs = world.queue.timeNs
  world.trace?.begin()
}
