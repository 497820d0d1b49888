/** Builds the world of one replication: cores, tasks, sockets and routes of every flow, as arrays. */
import { createStream, exponential, type RandomStream } from '../../sim/index.js'
import type { Profile } from '../profiles/profile.js'
import { type Negotiation, negotiationWith, REST_NS } from '../proxies/negotiation.js'
import { httpOf, RELAY_PROGRAMS } from '../proxies/programs.js'
import { ACCEPTS, HEARS_REQUEST } from '../proxies/relay.js'
import type { ReplicationOptions } from '../simulation.js'
import { coefficientIndex, coefficientNames, optionalCoefficients } from '../stages/index.js'
import { answeredBy, serversOf } from '../topology/backends.js'
import { burstCost, type CompiledRoute, compileRoute } from '../topology/compile.js'
import { layOut } from '../topology/layout.js'
import { type Leg, type LegEnd, legsOf } from '../topology/legs.js'
import { type Flow, isUnix, type OpenLoop, type Scenario, type Stream, type Transport, type Workload } from '../topology/scenario.js'
import { INITIAL_WINDOW_SEGMENTS, openCongestionWindow } from '../transport/tcp/congestion-window.js'
import { INITIAL_RECEIVE_MSS_BYTES } from '../transport/tcp/receive-mss.js'
import { firstOfferBytes, openReceiveWindow } from '../transport/tcp/receive-window.js'
import { boundToHalfWindow, segmentBytesOf, setSizeGoal } from '../transport/tcp/segmentation.js'
import { openSendBuffer } from '../transport/tcp/send-buffer.js'
import { connectionSteps } from '../workloads/connect.js'
import { REQUEST_BYTES, replyBytes } from '../workloads/http.js'
import { nextDueNs, UNDER_WAY } from '../workloads/open-loop.js'
import { NEGOTIATES } from '../workloads/ping-pong.js'
import {
  GROUP_SWITCH,
  HTTP_CLIENT,
  HTTP_SERVER,
  HTTP_SERVER_BYTE,
  OWN_SERVER,
  SECCOMP_CALL,
  SECCOMP_PROGRAM,
  SECCOMP_RULE,
  SOCKET_CREATE,
  STREAM_COLD_BYTE,
  STREAM_COLD_PACKET,
  STREAM_SELECT,
  STREAM_SEND_BYTE,
  TCP_ACCEPT,
  TCP_CLOSE,
  TCP_CONNECT,
  UNIX_BYTE,
  UNIX_COLD_BYTE,
  UNIX_FRAGMENT,
  UNIX_TRANSMIT,
} from './charges.js'
import { PAIRS } from './connections.js'
import { interruptionLengths, LENGTH_ENTRIES } from './interruption-lengths.js'
import { burstNoise } from './noise.js'
import {
  CLIENT_PROGRAM,
  CONNECT_CLIENT_PROGRAM,
  CONNECT_SERVER_PROGRAM,
  HTTP_CLIENT_PROGRAM,
  HTTP_SERVER_PROGRAM,
  OPEN_LOOP_CLIENT_PROGRAM,
  OPEN_LOOP_SERVER_PROGRAM,
  RELAY_PROGRAM,
  SERVER_PROGRAM,
  STREAM_RECEIVER_PROGRAM,
  STREAM_SENDER_PROGRAM,
} from './run.js'
import { MOST_KINDS, NONE, RUNNABLE, resetWorld, TCP, UDP, UNIX_DATAGRAM, UNIX_STREAM, world } from './world.js'

/** IPv4 and TCP headers with time stamps (RFC 9293, RFC 7323). */
const TCP_HEADER_BYTES = 52
/** Address the draws of arrivals, and of quotas' phases, among all others of a replication. */
const ARRIVALS = 1
const QUOTAS = 2
const BACKENDS = 3

export interface BuiltWorld {
  /** Names of the machines' cores, `m1/1`, by row. */
  readonly cores: readonly string[]
  /** Legs of each flow, from the client's side on. */
  readonly legs: readonly (readonly Leg[])[]
  /** Compiled bursts by row: how often each coefficient is charged per packet and byte. */
  readonly routes: readonly CompiledRoute[]
  /** Tasks of each flow: the server, the relays from the client's side on, the client. */
  readonly flowTasks: readonly (readonly number[])[]
  /** Containers and relays with a quota, by row of their control group. */
  readonly groups: readonly string[]
}

/**
 * The coefficients' values in the order of `coefficientNames`; NaN where the profile lacks an optional one.
 * @throws RangeError where the profile lacks any other
 */
export function coefficientValues(profile: Profile): Float64Array {
  const values = new Map(profile.coefficients.map((c) => [c.name, c.value]))
  return Float64Array.from(coefficientNames, (name) => {
    const value = values.get(name)
    if (value === undefined && !optionalCoefficients.has(name)) throw new RangeError(`profile ${profile.name} has no coefficient ${name}`)
    return value ?? Number.NaN
  })
}

export function buildWorld(scenario: Scenario, profile: Profile, options: ReplicationOptions): BuiltWorld {
  const flows = Object.values(scenario.flows)
  const legs = drawLegs(scenario, createStream(options.seed, options.replication, BACKENDS))
  const cores = Object.entries(scenario.machines).flatMap(([name, m]) => Array.from({ length: m.cores }, (_, core) => `${name}/${core}`))
  const legCount = legs.reduce((sum, list) => sum + list.length, 0)
  const routes = legs.flatMap((list, i) =>
    list.flatMap(({ there, back }) => [there, back].map((route) => compileRoute(route, flows[i]!.transport))),
  )
  const cost = coefficientValues(profile)
  const groups = [...new Set(legs.flat().flatMap(({ near, far }) => [near, far].flatMap((end) => (end.quota ? [end.process.name] : []))))]

  resetWorld({
    stream: createStream(options.seed, options.replication, 0),
    arrivals: createStream(options.seed, options.replication, ARRIVALS),
    cost,
    hz: profile.kernel.hz,
    sliceNs: profile.kernel.baseSliceNs,
    noise: burstNoise(profile.burstSigma),
    cores: cores.length,
    interruptions: profile.interruptions.length,
    tasks: legCount + flows.length,
    groups: groups.length,
    sockets: legs.reduce((sum, list, i) => sum + 2 * pairsOf(flows[i]!) * list.length, 0),
    bursts: routes.reduce((sum, route) => sum + route.bursts.length, 0),
    flows: flows.length,
    messages: options.messages,
    warmUpMessages: options.warmUpMessages,
    hasStreams: flows.some(({ workload }) => workload.kind === 'stream'),
  })
  fillInterruptions(profile)
  Object.values(scenario.machines).forEach((machine, i) => {
    const before = Object.values(scenario.machines)
      .slice(0, i)
      .reduce((sum, m) => sum + m.cores, 0)
    world.coreIdles.fill(machine.idle === 'never' ? 0 : 1, before, before + machine.cores)
  })
  fillRoutes(routes, cost, (row) => {
    const leg = legs.flat()[row >> 1]!
    return cores.indexOf(`${(row % 2 === 0 ? leg.far : leg.near).process.machine}/0`)
  })

  const quotas = createStream(options.seed, options.replication, QUOTAS)
  const phases = groups.map(() => quotas.uniform())
  let task = 0
  let socket = 0
  let route = 0
  const flowTasks = flows.map((flow, flowRow) => {
    layOutMessages(flow.workload, flowRow, cost)
    if (flow.workload.kind === 'open-loop') layOutArrivals(flow.workload, flowRow)
    if (flow.workload.kind === 'stream') layOutStream(flow.workload, flowRow, cost)
    const path = legs[flowRow]!
    const tasks: number[] = []
    // Servers first: they wait before anybody sends, as a real one does.
    const ends = [path[path.length - 1]!.far, ...path.slice(1).map((leg) => leg.near), path[0]!.near]
    for (const end of ends) {
      const isClient = end === path[0]!.near
      world.taskCore[task] = cores.indexOf(`${end.process.machine}/${end.process.core}`)
      world.taskBatch[task] = end.batch ? 1 : 0
      isolate(task, end, cost)
      limitByQuota(task, groups.indexOf(end.process.name), end, phases)
      world.taskState[task] = RUNNABLE
      world.taskFlow[task] = flowRow
      world.taskProgram[task] = programOf(flow.workload, isClient, end)
      setRelay(task, end, cost)
      tasks.push(task++)
    }
    const server = tasks[0]!
    const client = tasks[tasks.length - 1]!
    path.forEach((leg, i) => {
      const nearTask = i === 0 ? client : tasks[i]!
      const farTask = i === path.length - 1 ? server : tasks[i + 1]!
      if (i === 0) world.taskPattern[client] = world.taskSocket[client] = socket
      else world.taskSecondPattern[nearTask] = world.taskSecondSocket[nearTask] = socket
      world.taskPattern[farTask] = world.taskSocket[farTask] = socket + 1
      for (let pair = 0; pair < pairsOf(flow); pair++) {
        joinSockets(scenario, leg, socket, route, flowRow, flow.transport, cost)
        world.socketTask[socket] = nearTask
        world.socketTask[socket + 1] = farTask
        if (flow.workload.kind === 'stream') setBuffers(flow.workload, socket)
        socket += 2
      }
      route += 2
    })
    return tasks
  })
  agreeOnNegotiation(legs, flowTasks)
  if (flows.some(isConnect)) layOutConnections(flows, legs, flowTasks, options.messages, cost)
  else negotiateFirst(flows, legs, flowTasks)
  return { cores, legs, routes, flowTasks, groups }
}

/** A replication is one connection of each flow: a service answers it with a backend drawn at random. */
function drawLegs(scenario: Scenario, backends: RandomStream): Leg[][] {
  const layout = layOut(scenario)
  return Object.entries(scenario.flows).map(([name, flow]) => {
    const servers = serversOf(scenario, flow)
    if (servers.length < 2) return legsOf(scenario, flow, layout)
    const answered = answeredBy(scenario, name, servers[Math.floor(backends.uniform() * servers.length)]!)
    return legsOf(answered, answered.flows[name]!)
  })
}

/** Who says how much before a first message. */
function agreeOnNegotiation(legs: readonly (readonly Leg[])[], flowTasks: readonly (readonly number[])[]): void {
  world.flowNegotiation = legs.map((path) => {
    const each = path.map(({ far }) => negotiationWith(far.proxy))
    return { requests: each.flatMap(({ requests }) => requests), answers: each.flatMap(({ answers }) => answers) }
  })
  const byTask: Negotiation[] = []
  legs.forEach((path, flow) => {
    path.forEach(({ far }, i) => {
      if (far.proxy !== undefined) byTask[flowTasks[flow]![i + 1]!] = negotiationWith(far.proxy)
    })
  })
  world.taskNegotiation = byTask
}

const isConnect = ({ workload }: Flow): boolean => workload.kind === 'connect'

function pairsOf(flow: Flow): number {
  return isConnect(flow) ? PAIRS : 1
}

/** Everybody waits for the first connection; relays accept it, and open their own. */
function layOutConnections(
  flows: readonly Flow[],
  legs: readonly (readonly Leg[])[],
  flowTasks: readonly (readonly number[])[],
  messages: number,
  cost: Float64Array,
): void {
  if (flows.length > 1) throw new RangeError('a flow of connections is the only one of its scenario')
  requireCoefficients(cost, [SOCKET_CREATE, TCP_CONNECT, TCP_ACCEPT, TCP_CLOSE, OWN_SERVER])
  const [tasks, path] = [flowTasks[0]!, legs[0]!]
  world.steps = connectionSteps(messages)
  world.flowConnects[0] = 1
  world.flowServer[0] = tasks[0]!
  world.flowClient[0] = tasks.at(-1)!
  world.flowRequests[0] = world.flowNegotiation[0]!.requests.length
  world.socketJoined.fill(0)
  path.forEach(({ far }, i) => {
    if (far.proxy === undefined) return
    const task = tasks[i + 1]!
    const coefficient = coefficientIndex(RELAY_PROGRAMS[far.proxy.program].serves, 'perConnectionNs')
    requireCoefficients(cost, [coefficient])
    world.taskRelayConnection[task] = coefficient
    world.taskProgramStep[task] = ACCEPTS
  })
}

/** Clients of SOCKS5 proxies negotiate, and everybody's first message waits for them. Left out beside open loops, whose clients never rest. */
function negotiateFirst(flows: readonly Flow[], legs: readonly (readonly Leg[])[], flowTasks: readonly (readonly number[])[]): void {
  const negotiates = (leg: Leg): boolean => leg.far.proxy?.kind === 'socks5'
  if (!legs.flat().some(negotiates) || flows.some(({ workload }) => workload.kind === 'open-loop')) return
  world.trafficStartsNs = REST_NS
  legs.forEach((path, flow) => {
    const tasks = flowTasks[flow]!
    world.flowRequests[flow] = world.flowNegotiation[flow]!.requests.length
    world.taskProgramStep[tasks.at(-1)!] = NEGOTIATES
    path.forEach((leg, i) => {
      if (negotiates(leg)) world.taskProgramStep[tasks[i + 1]!] = HEARS_REQUEST
    })
  })
}

/** The filter of a process's system calls, and its control group. */
function isolate(task: number, { filter, isGrouped }: LegEnd, cost: Float64Array): void {
  if (filter !== undefined) requireCoefficients(cost, [SECCOMP_CALL, ...(filter.rules === 0 ? [] : [SECCOMP_PROGRAM, SECCOMP_RULE])])
  if (isGrouped) requireCoefficients(cost, [GROUP_SWITCH])
  world.taskFiltered[task] = filter === undefined ? 0 : 1
  world.taskFilterRules[task] = filter?.rules ?? 0
  world.taskGrouped[task] = isGrouped ? 1 : 0
}

/**
 * A replication begins at any moment of the period, with as much of the quota left as of the time.
 * @param group row of its control group; -1 where it has no quota
 * @param phases of each group, from 0 to 1
 */
function limitByQuota(task: number, group: number, { quota }: LegEnd, phases: readonly number[]): void {
  if (quota === undefined) return
  world.taskQuota[task] = group
  world.groupQuotaNs[group] = quota.quotaNs
  world.groupPeriodNs[group] = quota.periodNs
  world.groupPhaseNs[group] = Math.round(quota.periodNs * (1 - phases[group]!))
  world.groupLeftNs[group] = quota.quotaNs * phases[group]!
}

function setRelay(task: number, { proxy }: LegEnd, cost: Float64Array): void {
  if (proxy === undefined) return
  const { law, otherCalls } = RELAY_PROGRAMS[proxy.program]
  const http = httpOf(proxy)
  world.taskHttp[task] = http === undefined ? NONE : coefficientIndex(http, 'perMessageNs')
  world.taskHttpByte[task] = http === undefined ? NONE : coefficientIndex(http, 'perByteNs')
  if (http !== undefined) requireCoefficients(cost, [world.taskHttp[task]!, world.taskHttpByte[task]!])
  const coefficient = coefficientIndex(law, 'perCallNs')
  requireCoefficients(cost, [coefficient])
  world.taskRelay[task] = coefficient
  world.taskRelayCalls[task] = otherCalls
}

/** @throws RangeError where the profile lacks what tasks will be charged */
function requireCoefficients(cost: Float64Array, indices: readonly number[]): void {
  const missing = indices.find((index) => Number.isNaN(cost[index]))
  if (missing !== undefined) throw new RangeError(`the profile has no coefficient ${coefficientNames[missing]}, which this path charges`)
}

function programOf({ kind }: Workload, isClient: boolean, { proxy }: LegEnd): number {
  if (proxy !== undefined) return RELAY_PROGRAM + proxy.bufferBytes
  if (kind === 'connect') return isClient ? CONNECT_CLIENT_PROGRAM : CONNECT_SERVER_PROGRAM
  if (kind === 'open-loop') return isClient ? OPEN_LOOP_CLIENT_PROGRAM : OPEN_LOOP_SERVER_PROGRAM
  if (kind === 'http') return isClient ? HTTP_CLIENT_PROGRAM : HTTP_SERVER_PROGRAM
  if (kind === 'stream') return isClient ? STREAM_SENDER_PROGRAM : STREAM_RECEIVER_PROGRAM
  return isClient ? CLIENT_PROGRAM : SERVER_PROGRAM
}

/** What a request and its answer hold. */
function layOutMessages({ kind, messageBytes }: Workload, flow: number, cost: Float64Array): void {
  const isHttp = kind === 'http'
  if (isHttp) requireCoefficients(cost, [HTTP_CLIENT, HTTP_SERVER, HTTP_SERVER_BYTE])
  world.flowHttp[flow] = isHttp ? 1 : 0
  world.flowMessageBytes[flow] = isHttp ? replyBytes(messageBytes) : messageBytes
  world.flowRequestBytes[flow] = isHttp ? REQUEST_BYTES : messageBytes
}

function layOutArrivals({ ratePerSecond, arrivals }: OpenLoop, flow: number): void {
  world.flowIntervalNs[flow] = 1e9 / ratePerSecond
  world.flowPoisson[flow] = arrivals === 'poisson' ? 1 : 0
  world.flowNextNs[flow] = nextDueNs(flow, 0)
  world.flowIntendedNs[flow] = new Float64Array(UNDER_WAY)
}

function layOutStream({ readBytes }: Stream, flow: number, cost: Float64Array): void {
  requireCoefficients(cost, [STREAM_SELECT, STREAM_SEND_BYTE, STREAM_COLD_BYTE, STREAM_COLD_PACKET])
  world.flowReadBytes[flow] = readBytes
  world.flowIntendedNs[flow] = new Float64Array(UNDER_WAY)
}

/** The buffers that a stream's two sockets have; at a relay the kernel tunes them. */
function setBuffers({ sendBufferBytes, receiveBufferBytes }: Stream, near: number): void {
  for (const socket of [near, near + 1]) {
    openSendBuffer(socket, sendBufferBytes)
    if (receiveBufferBytes !== undefined) setReceiveBuffer(socket, receiveBufferBytes, socket !== near)
  }
}

/** SO_RCVBUF before the connection was made: the kernel takes the double, and tunes it no more. */
function setReceiveBuffer(socket: number, setBytes: number, answers: boolean): void {
  const mtuBytes = world.routeMtuBytes[world.socketRoute[socket]!]!
  const peer = world.socketPeer[socket]!
  world.socketReceiveBufferLocked[socket] = 1
  openReceiveWindow(socket, mtuBytes, answers, 2 * setBytes)
  world.socketSendLimitSeq[peer] = firstOfferBytes(mtuBytes, answers, 2 * setBytes)
  world.socketLargestWindowBytes[peer] = world.socketSendLimitSeq[peer]!
  world.socketMssBytes[peer] = segmentBytesOf(peer)
  setSizeGoal(peer)
}

function fillInterruptions(profile: Profile): void {
  profile.interruptions.forEach((interruption, kind) => {
    world.interruptionIntervalNs[kind] = interruption.intervalNs
    world.interruptionPeriodic[kind] = interruption.periodic ? 1 : 0
    world.interruptionLengthNs.set(interruptionLengths(interruption.lengths), kind * LENGTH_ENTRIES)
    for (let core = 0; core < world.cores; core++) {
      const row = core * MOST_KINDS + kind
      world.coreInterruptionNs[row] = interruption.periodic
        ? world.stream.uniform() * interruption.intervalNs
        : exponential(world.stream, interruption.intervalNs)
    }
  })
}

function fillRoutes(routes: readonly CompiledRoute[], cost: Float64Array, farCore: (route: number) => number): void {
  let burst = 0
  routes.forEach((route, row) => {
    world.routeFirstBurst[row] = burst
    world.routeBursts[row] = route.bursts.length
    world.routeMtuBytes[row] = route.mtuBytes
    route.bursts.forEach((b, i) => {
      world.burstPacketNs[burst] = burstCost(b.perPacket, cost)
      world.burstSuperPacketNs[burst] = burstCost(b.perSuperPacket, cost)
      world.burstByteNs[burst] = burstCost(b.perByte, cost)
      const wire = route.wires[i]
      if (wire !== undefined) {
        world.wireByteNs[burst] = 8e9 / wire.rateBps
        world.wireDelayNs[burst] = wire.delayNs
        world.wireCore[burst] = farCore(row)
      }
      burst++
    })
  })
}

const UNIX_COEFFICIENTS = [UNIX_TRANSMIT, UNIX_FRAGMENT, UNIX_BYTE, UNIX_COLD_BYTE, OWN_SERVER]
const TRANSPORTS: Readonly<Record<Transport, number>> = {
  tcp: TCP,
  udp: UDP,
  'unix-stream': UNIX_STREAM,
  'unix-datagram': UNIX_DATAGRAM,
}

/** An established connection (or pair of datagram sockets), or the pattern of those that will be. @param routes row of the leg's way there */
function joinSockets(
  scenario: Scenario,
  leg: Leg,
  near: number,
  routes: number,
  flow: number,
  transport: Transport,
  cost: Float64Array,
): void {
  if (isUnix(transport)) requireCoefficients(cost, UNIX_COEFFICIENTS)
  const sides = [
    { socket: near, peer: near + 1, end: leg.near, route: routes, mtuBytes: leg.there.mtuBytes },
    { socket: near + 1, peer: near, end: leg.far, route: routes + 1, mtuBytes: leg.back.mtuBytes },
  ]
  for (const { socket, peer, end, route, mtuBytes } of sides) {
    const answers = socket !== near
    world.socketPeer[socket] = peer
    world.socketFlow[socket] = flow
    world.socketRoute[socket] = route
    world.socketTransport[socket] = TRANSPORTS[transport]
    world.socketJoined[socket] = 1
    if (isUnix(transport)) continue
    world.socketNoDelay[socket] = end.noDelay ? 1 : 0
    world.socketQuickAckRoute[socket] = scenario.tcp.quickAck ? 1 : 0
    openReceiveWindow(socket, mtuBytes, answers)
    world.socketSendLimitSeq[socket] = firstOfferBytes(mtuBytes, !answers)
    world.socketLargestWindowBytes[socket] = firstOfferBytes(mtuBytes, !answers)
    world.socketMssBytes[socket] = boundToHalfWindow(socket, mtuBytes - TCP_HEADER_BYTES)
    world.socketSegments[socket] = scenario.tcp.offloads ? 0 : 1
    setSizeGoal(socket)
    openCongestionWindow(socket, INITIAL_WINDOW_SEGMENTS)
    world.socketReceiveMssBytes[socket] = INITIAL_RECEIVE_MSS_BYTES
    // Long before any reply: what is sent first answers nothing.
    world.socketLastReceiveJiffies[socket] = -1e9
  }
}
