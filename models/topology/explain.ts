/**
 * The stages of each flow there and back, before anything runs: what routing found, with the end hosts' own stages around it.
 * Costs are those of a message that finds its receiver asleep on the same core (voluntary switches); what a run adds or saves by preemption,
 * batching or acknowledgements is the simulation's to say.
 */
import { coefficientValues } from '../engine/build.js'
import type { Profile } from '../profiles/profile.js'
import { httpOf, RELAY_PROGRAMS } from '../proxies/programs.js'
import { socketCreate, tcpAccept, tcpClose, tcpConnect } from '../stages/connection.js'
import { controlGroupSchedule } from '../stages/control-group.js'
import { httpClient, httpServer } from '../stages/http.js'
import { coefficientIndex } from '../stages/index.js'
import { instrumentServer, instrumentServerOwn } from '../stages/instrument.js'
import type { CostLaw, Per } from '../stages/law.js'
import { contextSwitch, idleExit, interruptDeliver } from '../stages/scheduler.js'
import { seccompFilter } from '../stages/seccomp.js'
import { socketReceive, socketSend, socketWakeup } from '../stages/socket.js'
import { streamSelect, streamSend } from '../stages/stream.js'
import { tcpAcknowledge, tcpReceive, tcpTransmit } from '../stages/tcp.js'
import { udpReceive, udpTransmit } from '../stages/udp.js'
import { unixReceive, unixTransmit } from '../stages/unix.js'
import { fragmentsOf } from '../transport/udp.js'
import { buffersOf, coldBytesOf, unixFragmentsOf } from '../transport/unix.js'
import { REQUEST_BYTES, replyBytes } from '../workloads/http.js'
import { priceStart } from '../workloads/start.js'
import { chargesOfStart } from '../workloads/start-steps.js'
import { WRITES_PER_SELECT } from '../workloads/stream.js'
import { clonesAt } from './clones.js'
import type { ExplainedPath, ExplainedStage } from './explanation.js'
import { type Leg, type LegEnd, legsOf } from './legs.js'
import { type Route, staysOnLoopback } from './resolve.js'
import { type Flow, isUnix, type Scenario, startOf } from './scenario.js'

const TCP_HEADER_BYTES = 52

/** @throws RangeError where the scenario can't be laid out. The network model's name is the caller's to fill in. */
export function explainScenario(scenario: Scenario, profile: Profile): ExplainedPath[] {
  const start = startOf(scenario)
  if (start !== undefined) return [explainStart(scenario, start.name, profile)]
  const cost = coefficientValues(profile)
  return Object.entries(scenario.flows).flatMap(([name, flow]) => {
    const legs = legsOf(scenario, flow)
    return (['there', 'back'] as const).map(
      (direction): ExplainedPath => ({ model: '', flow: name, direction, stages: shared(oneWay(legs, flow, direction, cost)) }),
    )
  })
}

/** The steps of a lone start, in the host's namespace: there is no way back. */
function explainStart(scenario: Scenario, flow: string, profile: Profile): ExplainedPath {
  const charges = chargesOfStart(scenario)
  const costs = priceStart(charges, profile)
  const { host, core } = scenario.containers[scenario.flows[flow]!.from]!
  const stages = charges.map(({ law }, i) => stageAt(law, `host.${host}`, null, core, costs[i]!))
  return { model: '', flow, direction: 'there', stages: shared(stages) }
}

type Priced = Omit<ExplainedStage, 'share'>

function shared(stages: readonly Priced[]): ExplainedStage[] {
  const total = stages.reduce((sum, stage) => sum + stage.costNs, 0)
  return stages.map((stage) => ({ ...stage, share: total === 0 ? 0 : stage.costNs / total }))
}

function oneWay(legs: readonly Leg[], flow: Flow, direction: 'there' | 'back', cost: Float64Array): Priced[] {
  const walked = direction === 'there' ? legs : [...legs].reverse()
  return walked.flatMap((leg, i) => {
    const [from, to, route] = direction === 'there' ? [leg.near, leg.far, leg.there] : [leg.far, leg.near, leg.back]
    const last = i === walked.length - 1
    if (flow.workload.kind === 'stream')
      return direction === 'there' ? write(from, to, route, flow, cost) : acknowledgement(from, to, route, cost)
    const crossed = isUnix(flow.transport) ? withinKernel(from, to, flow, cost) : crossing(from, to, route, flow, cost, direction)
    return [
      ...(flow.workload.kind === 'connect' ? handshake(leg, direction, cost) : []),
      ...crossed,
      ...(flow.workload.kind === 'connect' && direction === 'back' ? closing(from, cost) : []),
      ...(last && flow.workload.kind === 'connect' && direction === 'back' ? closing(to, cost) : []),
      ...(last && direction === 'there'
        ? flow.workload.kind === 'http'
          ? [atEnd(httpServer, to, { perMessageNs: 1, perByteNs: replyBytes(flow.workload.messageBytes) }, cost)]
          : [inUserSpace(isUnix(flow.transport) || flow.workload.kind === 'connect' ? instrumentServerOwn : instrumentServer, to, cost)]
        : []),
      ...(last && direction === 'back' && flow.workload.kind === 'http' ? [inUserSpace(httpClient, to, cost)] : []),
    ]
  })
}

/** From one process's send to the next one's receive; of a message that a relay passes on in chunks, the first chunk. */
function crossing(from: LegEnd, to: LegEnd, route: Route, flow: Flow, cost: Float64Array, direction: 'there' | 'back' = 'there'): Priced[] {
  const udp = flow.transport === 'udp'
  const message = bytesOf(flow, direction)
  const bytes = Math.min(message, from.proxy?.bufferBytes ?? message, to.proxy?.bufferBytes ?? message)
  const fragments = udp ? fragmentsOf(bytes, route.mtuBytes) : 1
  const isCut = fragments > 1 ? fragments : 0
  const isSuperPacket = !udp && bytes > route.mtuBytes - TCP_HEADER_BYTES ? 1 : 0
  const onPacket: Charges = { perPacketNs: 1, perFragmentNs: isCut, perSuperPacketNs: isSuperPacket, perByteNs: bytes }
  const onDevice: Charges = { perPacketNs: fragments, perSuperPacketNs: isSuperPacket, perByteNs: bytes }
  const perCall: Charges = { perCallNs: 1, perByteNs: bytes }
  const clones = clonesAt(route.crossings, !udp)
  const price = (law: CostLaw, charges: Charges): number => priceOf(law, charges, cost)
  const at = (law: CostLaw, end: LegEnd, charges: Charges): Priced => atEnd(law, end, charges, cost)
  // A packet's softirq runs on the core that transmitted it, as far as the receiver's wake-up.
  const inSoftirq = (law: CostLaw, charges: Charges): Priced =>
    stageAt(law, to.process.namespace, null, from.process.core, price(law, charges))
  const isRemote = isOnOtherCore(from, to)
  return [
    ...filtered(from, cost),
    at(socketSend, from, perCall),
    at(udp ? udpTransmit : tcpTransmit, from, onPacket),
    ...route.crossings.map((c, i) => {
      return withRules(
        stageAt(
          c.law,
          c.namespace,
          c.device,
          from.process.core,
          price(c.law, {
            ...onDevice,
            perSegmentNs: udp || c.isTunnelled === true ? 0 : 1,
            perNamespaceNs: c.entersNamespace === true ? fragments : 0,
            perCopyNs: clones[i]! ? 1 : 0,
            perGroNs: clones[i]! ? 0 : fragments,
            perRuleNs: fragments * (c.rules ?? 0),
            perMatchNs: fragments * (c.matches ?? 0),
          }),
        ),
        c.rules,
      )
    }),
    inSoftirq(udp ? udpReceive : tcpReceive, { ...onPacket, perCallNs: 1, perLookupNs: staysOnLoopback(route) ? 0 : fragments }),
    inSoftirq(socketWakeup, wakeupCharges(isRemote)),
    ...handover(from, to, cost),
    ...(to.proxy === undefined ? [] : [at(RELAY_PROGRAMS[to.proxy.program].law, to, { perCallNs: 1 })]),
    ...atLayer7(to, direction, bytes, cost),
    ...filtered(to, cost),
    at(socketReceive, to, perCall),
  ]
}

/** What a message holds on its way there, and its answer on its way back. */
function bytesOf({ workload }: Flow, direction: 'there' | 'back'): number {
  if (workload.kind !== 'http') return workload.messageBytes
  return direction === 'there' ? REQUEST_BYTES : replyBytes(workload.messageBytes)
}

/** A relay at layer 7 is charged for a request when that passes, and by the byte for its reply. */
function atLayer7({ proxy, ...end }: LegEnd, direction: 'there' | 'back', bytes: number, cost: Float64Array): Priced[] {
  const law = proxy === undefined ? undefined : httpOf(proxy)
  return law === undefined ? [] : [atEnd(law, end, direction === 'there' ? { perMessageNs: 1 } : { perByteNs: bytes }, cost)]
}

/**
 * Before a leg's first message: SYN and acknowledgement there, SYN-ACK back, each a segment without payload on the path that messages take. What a SOCKS5
 * proxy and its client say to each other is not shown: messages like any other, whose bytes models/proxies/negotiation.ts has.
 */
function handshake({ near, far, there, back }: Leg, direction: 'there' | 'back', cost: Float64Array): Priced[] {
  const isThere = direction === 'there'
  const segments = isThere ? 2 : 1
  const [from, to, route] = isThere ? [near, far, there] : [far, near, back]
  const once: Charges = { perConnectionNs: 1 }
  return [
    ...(isThere ? [atEnd(socketCreate, near, once, cost), atEnd(tcpConnect, near, once, cost)] : []),
    atEnd(tcpAcknowledge, from, { perAckNs: segments }, cost),
    ...route.crossings.map((c) =>
      stageAt(
        c.law,
        c.namespace,
        c.device,
        near.process.core,
        priceOf(
          c.law,
          {
            perPacketNs: segments,
            perSegmentNs: c.isTunnelled === true ? 0 : segments,
            perNamespaceNs: c.entersNamespace === true ? segments : 0,
            perRuleNs: segments * (c.rules ?? 0),
            perMatchNs: segments * (c.matches ?? 0),
          },
          cost,
        ),
      ),
    ),
    { ...atEnd(tcpReceive, to, { perAckNs: segments }, cost), core: near.process.core },
    ...(isThere ? [atEnd(tcpAccept, far, once, cost)] : []),
    ...(isThere && far.proxy !== undefined ? [atEnd(RELAY_PROGRAMS[far.proxy.program].serves, far, once, cost)] : []),
  ]
}

/** After the reply each end of a leg closes; their FINs cross the path as the handshake's segments do. */
function closing(end: LegEnd, cost: Float64Array): Priced[] {
  return [atEnd(tcpClose, end, { perConnectionNs: 1 }, cost)]
}

/** Of a stream: one write, read in one block; the programs' select() around them, of which the sender's serves ten writes. */
function write(from: LegEnd, to: LegEnd, route: Route, flow: Flow, cost: Float64Array): Priced[] {
  return [
    atEnd(streamSelect, from, { perCallNs: 1 / WRITES_PER_SELECT }, cost),
    atEnd(streamSend, from, { perByteNs: flow.workload.messageBytes }, cost),
    ...crossing(from, to, route, flow, cost),
    atEnd(streamSelect, to, { perCallNs: 1 }, cost),
  ]
}

/** What comes back of a stream: a pure acknowledgement, for one write or for many. */
function acknowledgement(from: LegEnd, to: LegEnd, route: Route, cost: Float64Array): Priced[] {
  const clones = clonesAt(route.crossings, true)
  return [
    atEnd(tcpAcknowledge, from, { perAckNs: 1 }, cost),
    ...route.crossings.map((c, i) => {
      const charges: Charges = {
        perPacketNs: 1,
        perSegmentNs: c.isTunnelled === true ? 0 : 1,
        perNamespaceNs: c.entersNamespace === true ? 1 : 0,
        perCopyNs: clones[i]! ? 1 : 0,
        perGroNs: clones[i]! ? 0 : 1,
        perRuleNs: c.rules ?? 0,
        perMatchNs: c.matches ?? 0,
      }
      return withRules(stageAt(c.law, c.namespace, c.device, from.process.core, priceOf(c.law, charges, cost)), c.rules)
    }),
    stageAt(tcpReceive, to.process.namespace, null, from.process.core, priceOf(tcpReceive, { perAckNs: 1 }, cost)),
  ]
}

/** Over a Unix-domain socket: no softirq, the writer's own call wakes the receiver. */
function withinKernel(from: LegEnd, to: LegEnd, { transport, workload }: Flow, cost: Float64Array): Priced[] {
  const bytes = workload.messageBytes
  const isDatagram = transport === 'unix-datagram'
  const perCall: Charges = { perCallNs: 1, perByteNs: bytes }
  const buffers = buffersOf(bytes, isDatagram)
  return [
    ...filtered(from, cost),
    atEnd(socketSend, from, perCall, cost),
    atEnd(unixTransmit, from, { perPacketNs: buffers, perFragmentNs: unixFragmentsOf(bytes, isDatagram), perByteNs: bytes }, cost),
    { ...atEnd(socketWakeup, from, wakeupCharges(isOnOtherCore(from, to)), cost), context: 'system call' },
    ...handover(from, to, cost),
    ...filtered(to, cost),
    atEnd(unixReceive, to, { perByteNs: coldBytesOf(bytes) }, cost),
    atEnd(socketReceive, to, perCall, cost),
  ]
}

function priceOf(law: CostLaw, charges: Charges, cost: Float64Array): number {
  return law.per.reduce((sum, per) => sum + charged(law, per, charges[per] ?? 0, cost), 0)
}

/** A stage of an end host, in its own namespace and on its own core. */
function atEnd(law: CostLaw, end: LegEnd, charges: Charges, cost: Float64Array): Priced {
  return stageAt(law, end.process.namespace, null, end.process.core, priceOf(law, charges, cost))
}

function filtered(end: LegEnd, cost: Float64Array): Priced[] {
  return end.filter === undefined ? [] : [atEnd(seccompFilter, end, filterCharges(end.filter.rules), cost)]
}

function isOnOtherCore(from: LegEnd, to: LegEnd): boolean {
  return from.process.core !== to.process.core || from.process.machine !== to.process.machine
}

const wakeupCharges = (isRemote: boolean): Charges => (isRemote ? { perRemoteWakeupNs: 1 } : { perWakeupNs: 1 })

/** How the receiver gets its core. */
function handover(from: LegEnd, to: LegEnd, cost: Float64Array): Priced[] {
  if (isOnOtherCore(from, to)) return [atEnd(interruptDeliver, to, { perWakeupNs: 1 }, cost), atEnd(idleExit, to, { perWakeupNs: 1 }, cost)]
  const isGrouped = from.isGrouped || to.isGrouped
  return [
    atEnd(contextSwitch, to, { perSwitchNs: 1, perSleepNs: 1 }, cost),
    ...(isGrouped ? [atEnd(controlGroupSchedule, to, { perSwitchNs: 1 }, cost)] : []),
  ]
}

const filterCharges = (rules: number): Charges => ({ perCallNs: 1, perProgramNs: rules === 0 ? 0 : 1, perRuleNs: rules })

const withRules = (stage: Priced, rules: number | undefined): Priced => (rules === undefined ? stage : { ...stage, rules })

/** @throws RangeError where the profile lacks what is charged */
function charged(law: CostLaw, per: Per, count: number, cost: Float64Array): number {
  const value = cost[coefficientIndex(law, per)]!
  if (count !== 0 && Number.isNaN(value))
    throw new RangeError(`the profile has no coefficient ${law.stage}.${per}, which this path charges`)
  return count === 0 ? 0 : count * value
}

type Charges = Readonly<Partial<Record<Per, number>>>

function inUserSpace(law: CostLaw, end: LegEnd, cost: Float64Array): Priced {
  return atEnd(law, end, { perMessageNs: 1 }, cost)
}

function stageAt(law: CostLaw, namespace: string, device: string | null, core: number, costNs: number): Priced {
  return { name: law.stage, namespace, device, context: law.context, core, costNs, evidence: law.evidence, reason: law.witness }
}
