/**
 * The world of one replication: every table that the loop touches, as flat arrays. A table is a group of columns of one length;
 * handlers take the world and a row. Nothing here is allocated after the constructor.
 */
import { EventQueue, type RandomStream } from '../../sim/index.js'
import { coefficientNames } from '../stages/index.js'

/** Kinds of events. */
export const CORE_RESUMES = 0
export const DELAYED_ACK_FIRES = 1
export const REMOTE_WAKEUP_ARRIVES = 2
export const PACKET_ARRIVES = 3
export const LOSS_PROBE_FIRES = 4

/** A task's state: DELAYED sleeps, but still stands in its core's run queue (EEVDF's delayed dequeue). */
export const RUNNING = 0
export const RUNNABLE = 1
export const SLEEPING = 2
export const DELAYED = 3
export const WAKING = 4

export const NONE = -1

/** Packets that can be in flight at once; a replication that needs more fails loudly. */
const PACKETS = 4096
/** Packets that one socket can have under way, and unread, each a power of two: when more are, the youngest entry stands for them all. */
export const FLIGHT = 256
export const UNREAD = 256

/** Told of every burst of processor time (trace.ts). */
export interface CoreTrace {
  note(w: World, core: number, startNs: number, endNs: number): void
}

export class World {
  readonly queue = new EventQueue(1024)
  readonly stream: RandomStream

  /** Coefficients in the order of `coefficientNames`: ns, or ns per byte; and how often each was charged. */
  readonly cost: Float64Array
  readonly count = new Float64Array(coefficientNames.length)

  /** Kernel facts. */
  readonly jiffyNs: number
  readonly sliceNs: number

  // --- cores ---
  readonly cores: number
  /** Up to when the core's work is accounted, ns. */
  readonly coreTimeNs: Float64Array
  /** Work charged but not yet spent, ns. */
  readonly corePendingNs: Float64Array
  readonly coreBusyNs: Float64Array
  /** Task on the core, or NONE when idle. */
  readonly coreTask: Int32Array
  /** What is completed when the pending work is spent. */
  readonly coreStep: Int32Array
  readonly coreNeedsSwitch: Uint8Array
  /** First and last packet of the core's backlog; packets are linked by `packetNext`. */
  readonly coreBacklogHead: Int32Array
  readonly coreBacklogTail: Int32Array
  /** Next interruption of each kind on each core, ns; row = core * kinds + kind. */
  readonly coreInterruptionNs: Float64Array
  /** 1 where a core without work enters its idle state, and a wake-up has to leave it; 0 where the machine declares that it never does. */
  readonly coreIdles: Uint8Array

  // --- interruptions ---
  readonly interruptionIntervalNs: Float64Array
  readonly interruptionPeriodic: Uint8Array
  readonly interruptionMedianLogNs: Float64Array
  readonly interruptionSigma: Float64Array
  interruptedNs = 0
  /** Writes down what each core does; the last kind of interruption is its own then (trace.ts). */
  trace: CoreTrace | null = null

  /** Multiplies a burst's duration: quantiles of a lognormal with median 1, drawn by index. */
  readonly noise: Float64Array

  // --- tasks ---
  readonly tasks: number
  readonly taskCore: Int32Array
  /** RUNNING, RUNNABLE, SLEEPING, DELAYED or WAKING. */
  readonly taskState: Uint8Array
  /** 1 for SCHED_BATCH. */
  readonly taskBatch: Uint8Array
  /** EEVDF's virtual run time, deadline and lag (what the task was owed when it left the queue), ns. */
  readonly taskVirtualNs: Float64Array
  readonly taskDeadlineNs: Float64Array
  readonly taskLagNs: Float64Array
  /** When the scheduler last accounted for the running task, ns. */
  readonly taskAccountedNs: Float64Array
  /** CLIENT_PROGRAM, SERVER_PROGRAM, or RELAY_PROGRAM plus its buffer (run.ts); and the phase of its system call (calls.ts). */
  readonly taskProgram: Int32Array
  readonly taskPhase: Int32Array
  readonly taskFlow: Int32Array
  /** The task's sockets: a relay has two, a client or a server one. */
  readonly taskSocket: Int32Array
  readonly taskSecondSocket: Int32Array
  /** Arguments and progress of the system call under way. */
  readonly taskCallSocket: Int32Array
  readonly taskCallBytes: Float64Array
  readonly taskGotBytes: Float64Array
  /** Where the program stands, and what it has of the message under way. */
  readonly taskProgramStep: Int32Array
  readonly taskMessageBytes: Float64Array
  readonly taskVoluntary: Float64Array
  readonly taskInvoluntary: Float64Array

  // --- sockets ---
  readonly sockets: number
  readonly socketPeer: Int32Array
  readonly socketTask: Int32Array
  readonly socketFlow: Int32Array
  readonly socketRoute: Int32Array
  readonly socketIsUdp: Uint8Array
  /** 1 while a system call holds the socket's lock: what arrives meanwhile waits in the socket's backlog. */
  readonly socketOwned: Uint8Array
  /** 1 while the task sleeps on this socket (or polls it). */
  readonly socketAwaited: Uint8Array
  readonly socketBacklogHead: Int32Array
  readonly socketBacklogTail: Int32Array
  readonly socketNoDelay: Uint8Array
  readonly socketQuickAckRoute: Uint8Array
  readonly socketMssBytes: Float64Array
  readonly socketSizeGoalBytes: Float64Array
  /** Sequence numbers count payload bytes from 0. Sender: written by the program, sent, acknowledged; end of the last segment that was not full. */
  readonly socketWriteSeq: Float64Array
  readonly socketSentSeq: Float64Array
  readonly socketUnackedSeq: Float64Array
  readonly socketSmallSeq: Float64Array
  readonly socketWindowSegments: Float64Array
  /** Segments under way; the first and the end of their packets in the flight's columns (in-flight.ts). */
  readonly socketPacketsOut: Float64Array
  readonly socketFlightStart: Float64Array
  readonly socketFlightEnd: Float64Array
  readonly flightEndSeq: Float64Array
  readonly flightSegments: Float64Array
  readonly flightSentNs: Float64Array
  acknowledgedSentNs = 0
  /** The loss probe (loss-probe.ts): when it is due, the event that stands for it, and how far the last one went. */
  readonly socketProbeJiffies: Float64Array
  readonly socketProbeSet: Uint8Array
  readonly socketProbeSetJiffies: Float64Array
  readonly socketProbeCore: Int32Array
  readonly socketProbeDeferred: Uint8Array
  readonly socketProbeHighSeq: Float64Array
  readonly socketSmoothedRttNs: Float64Array
  /** What the peer takes: the end of the window that it has offered, and the largest that it ever offered; segments go by half of that. */
  readonly socketSendLimitSeq: Float64Array
  readonly socketLargestWindowBytes: Float64Array
  readonly socketSegments: Uint8Array
  /** Receiver: come in, acknowledged to the peer, read by the program. */
  readonly socketReceivedSeq: Float64Array
  readonly socketAckedSeq: Float64Array
  readonly socketCopiedSeq: Float64Array
  readonly socketReceiveMssBytes: Float64Array
  readonly socketLastSegmentBytes: Float64Array
  /** The receive window (receive-window.ts): the buffer, the share of it that counts as window, what of it waits unread or in the backlog. */
  readonly socketBufferBytes: Float64Array
  readonly socketWindowRatio: Float64Array
  readonly socketQueuedBytes: Float64Array
  readonly socketBacklogBytes: Float64Array
  /** First and end of the unread packets (receive-queue.ts). */
  readonly socketUnreadStart: Float64Array
  readonly socketUnreadEnd: Float64Array
  readonly unreadEndSeq: Float64Array
  readonly unreadBytes: Float64Array
  /** The window's bounds, and what was offered with the last acknowledgement. */
  readonly socketWindowClampBytes: Float64Array
  readonly socketWindowThresholdBytes: Float64Array
  readonly socketOfferedBytes: Float64Array
  readonly socketAnnouncedMssBytes: Float64Array
  /** The most that the program read in a round trip, and where and when the present one began; the receiver's own estimate of it. */
  readonly socketReadSpaceBytes: Float64Array
  readonly socketReadStartSeq: Float64Array
  readonly socketReadStartUs: Float64Array
  readonly socketReceiveRttUs: Float64Array
  readonly socketRttSeq: Float64Array
  readonly socketRttStartUs: Float64Array
  /** Time stamps (RFC 7323): the peer's last, which this socket echoes, and the last of its own that came back, ms. */
  readonly socketRecentStampMs: Float64Array
  readonly socketLastEchoMs: Float64Array
  /** Flags (acknowledge.ts), timeout, quick acknowledgements left, ping-pong mode, and the timer with the core that set it. */
  readonly socketAckPending: Uint8Array
  readonly socketAckTimeoutJiffies: Float64Array
  readonly socketQuickAcks: Float64Array
  readonly socketPingPong: Uint8Array
  readonly socketLastReceiveJiffies: Float64Array
  readonly socketAckDeadlineJiffies: Float64Array
  readonly socketAckTimerSet: Uint8Array
  readonly socketAckTimerCore: Int32Array

  // --- routes (one each way for each pair of sockets) ---
  /** First burst of a route and how many it has; a burst's cost, ns per packet, extra per packet of more than one segment, and per byte. */
  readonly routeFirstBurst: Int32Array
  readonly routeBursts: Int32Array
  readonly routeMtuBytes: Float64Array
  readonly burstPacketNs: Float64Array
  readonly burstSuperPacketNs: Float64Array
  readonly burstByteNs: Float64Array
  /** Packets (or fragments) and bytes that crossed each burst. */
  readonly burstPackets: Float64Array
  readonly burstSuperPackets: Float64Array
  readonly burstBytes: Float64Array
  /** The wire after each burst: ns per byte and delay; when it is next free; the core that receives at its far end (NONE: no wire). */
  readonly wireByteNs: Float64Array
  readonly wireDelayNs: Float64Array
  readonly wireFreeNs: Float64Array
  readonly wireCore: Int32Array

  // --- packets ---
  readonly packetSocket = new Int32Array(PACKETS)
  readonly packetBytes = new Float64Array(PACKETS)
  readonly packetAckSeq = new Float64Array(PACKETS)
  readonly packetWindowBytes = new Float64Array(PACKETS)
  readonly packetStampMs = new Float64Array(PACKETS)
  readonly packetEchoMs = new Float64Array(PACKETS)
  /** 1 for what its receiver has already. */
  readonly packetDuplicate = new Uint8Array(PACKETS)
  readonly packetPush = new Uint8Array(PACKETS)
  readonly packetSegmentBytes = new Float64Array(PACKETS)
  readonly packetFragments = new Float64Array(PACKETS)
  readonly packetBurst = new Int32Array(PACKETS)
  readonly packetLastBurst = new Int32Array(PACKETS)
  readonly packetNext = new Int32Array(PACKETS)
  packetFree = 0

  // --- flows ---
  readonly flows: number
  readonly flowMessageBytes: Float64Array
  readonly flowSentAtNs: Float64Array
  readonly flowDone: Float64Array
  /** 1 once the server has the whole request: what stalls now stalls the reply. */
  readonly flowReplying: Uint8Array
  readonly flowStalled: Uint8Array
  readonly flowStalledThere: Float64Array
  readonly flowStalledBack: Float64Array
  readonly flowPureAcks: Float64Array
  readonly flowLatencyNs: readonly Float64Array[]
  readonly warmUpMessages: number
  readonly messages: number
  flowsLeft: number
  events = 0

  constructor(shape: WorldShape) {
    this.stream = shape.stream
    this.cost = shape.cost
    this.jiffyNs = 1e9 / shape.hz
    this.sliceNs = shape.sliceNs
    this.noise = shape.noise
    this.cores = shape.cores
    this.tasks = shape.tasks
    this.sockets = shape.sockets
    this.flows = shape.flows
    this.messages = shape.messages
    this.warmUpMessages = shape.warmUpMessages
    this.flowsLeft = shape.flows

    const kinds = shape.interruptions
    this.coreTimeNs = new Float64Array(shape.cores)
    this.corePendingNs = new Float64Array(shape.cores)
    this.coreBusyNs = new Float64Array(shape.cores)
    this.coreTask = new Int32Array(shape.cores).fill(NONE)
    this.coreStep = new Int32Array(shape.cores)
    this.coreNeedsSwitch = new Uint8Array(shape.cores)
    this.coreBacklogHead = new Int32Array(shape.cores).fill(NONE)
    this.coreBacklogTail = new Int32Array(shape.cores).fill(NONE)
    this.coreInterruptionNs = new Float64Array(shape.cores * kinds)
    this.coreIdles = new Uint8Array(shape.cores)
    this.interruptionIntervalNs = new Float64Array(kinds)
    this.interruptionPeriodic = new Uint8Array(kinds)
    this.interruptionMedianLogNs = new Float64Array(kinds)
    this.interruptionSigma = new Float64Array(kinds)

    const t = shape.tasks
    this.taskCore = new Int32Array(t)
    this.taskState = new Uint8Array(t)
    this.taskBatch = new Uint8Array(t)
    this.taskVirtualNs = new Float64Array(t)
    this.taskDeadlineNs = new Float64Array(t)
    this.taskLagNs = new Float64Array(t)
    this.taskAccountedNs = new Float64Array(t)
    this.taskProgram = new Int32Array(t)
    this.taskPhase = new Int32Array(t)
    this.taskFlow = new Int32Array(t)
    this.taskSocket = new Int32Array(t)
    this.taskSecondSocket = new Int32Array(t).fill(NONE)
    this.taskCallSocket = new Int32Array(t)
    this.taskCallBytes = new Float64Array(t)
    this.taskGotBytes = new Float64Array(t)
    this.taskProgramStep = new Int32Array(t)
    this.taskMessageBytes = new Float64Array(t)
    this.taskVoluntary = new Float64Array(t)
    this.taskInvoluntary = new Float64Array(t)

    const s = shape.sockets
    this.socketPeer = new Int32Array(s)
    this.socketTask = new Int32Array(s)
    this.socketFlow = new Int32Array(s)
    this.socketRoute = new Int32Array(s)
    this.socketIsUdp = new Uint8Array(s)
    this.socketOwned = new Uint8Array(s)
    this.socketAwaited = new Uint8Array(s)
    this.socketBacklogHead = new Int32Array(s).fill(NONE)
    this.socketBacklogTail = new Int32Array(s).fill(NONE)
    this.socketNoDelay = new Uint8Array(s)
    this.socketQuickAckRoute = new Uint8Array(s)
    this.socketMssBytes = new Float64Array(s)
    this.socketSizeGoalBytes = new Float64Array(s)
    this.socketWriteSeq = new Float64Array(s)
    this.socketSentSeq = new Float64Array(s)
    this.socketUnackedSeq = new Float64Array(s)
    this.socketSmallSeq = new Float64Array(s)
    this.socketWindowSegments = new Float64Array(s)
    this.socketPacketsOut = new Float64Array(s)
    this.socketFlightStart = new Float64Array(s)
    this.socketFlightEnd = new Float64Array(s)
    this.flightEndSeq = new Float64Array(s * FLIGHT)
    this.flightSegments = new Float64Array(s * FLIGHT)
    this.flightSentNs = new Float64Array(s * FLIGHT)
    this.socketProbeJiffies = new Float64Array(s).fill(Number.POSITIVE_INFINITY)
    this.socketProbeSet = new Uint8Array(s)
    this.socketProbeSetJiffies = new Float64Array(s)
    this.socketProbeCore = new Int32Array(s)
    this.socketProbeDeferred = new Uint8Array(s)
    this.socketProbeHighSeq = new Float64Array(s)
    this.socketSmoothedRttNs = new Float64Array(s)
    this.socketSendLimitSeq = new Float64Array(s)
    this.socketLargestWindowBytes = new Float64Array(s)
    this.socketSegments = new Uint8Array(s)
    this.socketBufferBytes = new Float64Array(s)
    this.socketWindowRatio = new Float64Array(s)
    this.socketQueuedBytes = new Float64Array(s)
    this.socketBacklogBytes = new Float64Array(s)
    this.socketUnreadStart = new Float64Array(s)
    this.socketUnreadEnd = new Float64Array(s)
    this.unreadEndSeq = new Float64Array(s * UNREAD)
    this.unreadBytes = new Float64Array(s * UNREAD)
    this.socketWindowClampBytes = new Float64Array(s)
    this.socketWindowThresholdBytes = new Float64Array(s)
    this.socketOfferedBytes = new Float64Array(s)
    this.socketAnnouncedMssBytes = new Float64Array(s)
    this.socketReadSpaceBytes = new Float64Array(s)
    this.socketReadStartSeq = new Float64Array(s)
    this.socketReadStartUs = new Float64Array(s)
    this.socketReceiveRttUs = new Float64Array(s)
    this.socketRttSeq = new Float64Array(s)
    this.socketRttStartUs = new Float64Array(s)
    this.socketRecentStampMs = new Float64Array(s)
    this.socketLastEchoMs = new Float64Array(s)
    this.socketReceivedSeq = new Float64Array(s)
    this.socketAckedSeq = new Float64Array(s)
    this.socketCopiedSeq = new Float64Array(s)
    this.socketReceiveMssBytes = new Float64Array(s)
    this.socketLastSegmentBytes = new Float64Array(s)
    this.socketAckPending = new Uint8Array(s)
    this.socketAckTimeoutJiffies = new Float64Array(s)
    this.socketQuickAcks = new Float64Array(s)
    this.socketPingPong = new Uint8Array(s)
    this.socketLastReceiveJiffies = new Float64Array(s)
    this.socketAckDeadlineJiffies = new Float64Array(s)
    this.socketAckTimerSet = new Uint8Array(s)
    this.socketAckTimerCore = new Int32Array(s)

    this.routeFirstBurst = new Int32Array(shape.routes)
    this.routeBursts = new Int32Array(shape.routes)
    this.routeMtuBytes = new Float64Array(shape.routes)
    this.burstPacketNs = new Float64Array(shape.bursts)
    this.burstSuperPacketNs = new Float64Array(shape.bursts)
    this.burstByteNs = new Float64Array(shape.bursts)
    this.burstPackets = new Float64Array(shape.bursts)
    this.burstSuperPackets = new Float64Array(shape.bursts)
    this.burstBytes = new Float64Array(shape.bursts)
    this.wireByteNs = new Float64Array(shape.bursts)
    this.wireDelayNs = new Float64Array(shape.bursts)
    this.wireFreeNs = new Float64Array(shape.bursts)
    this.wireCore = new Int32Array(shape.bursts).fill(NONE)

    for (let i = 0; i < PACKETS; i++) this.packetNext[i] = i + 1 < PACKETS ? i + 1 : NONE

    const f = shape.flows
    this.flowMessageBytes = new Float64Array(f)
    this.flowSentAtNs = new Float64Array(f)
    this.flowDone = new Float64Array(f)
    this.flowReplying = new Uint8Array(f)
    this.flowStalled = new Uint8Array(f)
    this.flowStalledThere = new Float64Array(f)
    this.flowStalledBack = new Float64Array(f)
    this.flowPureAcks = new Float64Array(f)
    this.flowLatencyNs = Array.from({ length: f }, () => new Float64Array(shape.messages))
  }
}

export interface WorldShape {
  readonly stream: RandomStream
  readonly cost: Float64Array
  readonly hz: number
  readonly sliceNs: number
  readonly noise: Float64Array
  readonly cores: number
  readonly interruptions: number
  readonly tasks: number
  readonly sockets: number
  readonly routes: number
  readonly bursts: number
  readonly flows: number
  readonly messages: number
  readonly warmUpMessages: number
}

/** Charges `times` of a coefficient to a core: the time is spent when the core next settles. */
export function charge(w: World, core: number, coefficient: number, times: number): void {
  w.count[coefficient]! += times
  w.corePendingNs[core]! += w.cost[coefficient]! * times
}
