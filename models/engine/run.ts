/** The loop: events in order; on each core, softirq before the task that caused it, and tasks as the scheduler picks them. */
import { relayGoesOn } from '../proxies/relay.js'
import { delayedAcknowledgementFires } from '../transport/tcp/acknowledge.js'
import { waitForOwner } from '../transport/tcp/backlog.js'
import { chargeTcpInput, tcpInput } from '../transport/tcp/input.js'
import { lossProbeFires } from '../transport/tcp/loss-probe.js'
import { chargeUdpInput, udpInput } from '../transport/udp.js'
import { unixInput } from '../transport/unix.js'
import { connectClientGoesOn, connectServerGoesOn } from '../workloads/connect.js'
import { httpClientGoesOn, httpServerGoesOn } from '../workloads/http.js'
import { openLoopClientGoesOn, openLoopServerGoesOn } from '../workloads/open-loop.js'
import { clientGoesOn, STARTS_MESSAGE, serverGoesOn } from '../workloads/ping-pong.js'
import { streamReceiverGoesOn, streamSenderGoesOn } from '../workloads/stream.js'
import {
  advanceCall,
  FALLS_ASLEEP,
  FOUND_NOTHING,
  IN_PROGRAM,
  needsTime,
  OUT_OF_QUOTA,
  PREEMPTED,
  PREEMPTED_IN_RELEASE,
  RELEASES_SOCKET,
  RESTS,
  returnToUser,
  sleepUnlessJoined,
  sleepUnlessReady,
  sleepUnlessRoom,
  WAITS_FOR_CONNECTION,
  WAITS_FOR_ROOM,
} from './calls.js'
import { GROUP_SWITCH, IDLE_EXIT, SLEEP, SWITCH } from './charges.js'
import { checkPreemption, enqueueWoken, fallAsleep, leaveQueue, pickNext } from './eevdf.js'
import { dequeue, enqueue, givePacketBack } from './packets.js'
import { isUsedUp, refill, standsAside } from './quota.js'
import { leaveIdle } from './refill.js'
import { spend } from './spend.js'
import {
  beginCounting,
  CORE_RESUMES,
  CORE_STARTS,
  charge,
  DELAYED,
  DELAYED_ACK_FIRES,
  LOSS_PROBE_FIRES,
  NONE,
  PACKET_ARRIVES,
  QUOTA_REFILLS,
  REMOTE_WAKEUP_ARRIVES,
  RUNNABLE,
  SLEEPING,
  TCP,
  TRAFFIC_STARTS,
  UDP,
  UNIX_STREAM,
  world,
} from './world.js'

/** Programs that a task can run. */
export const CLIENT_PROGRAM = 0
export const SERVER_PROGRAM = 1
export const OPEN_LOOP_CLIENT_PROGRAM = 2
export const OPEN_LOOP_SERVER_PROGRAM = 3
export const CONNECT_CLIENT_PROGRAM = 4
export const CONNECT_SERVER_PROGRAM = 5
export const STREAM_SENDER_PROGRAM = 6
export const STREAM_RECEIVER_PROGRAM = 7
export const HTTP_CLIENT_PROGRAM = 8
export const HTTP_SERVER_PROGRAM = 9
/** A relay's program is this plus its buffer, bytes. */
export const RELAY_PROGRAM = 10

/** What a core does with the time that it spends. */
const IDLE = 0
const IN_SOFTIRQ = 1
const IN_TASK = 2

/** Runs until every flow has its messages. @throws Error when nothing can happen any more, or after `mostEvents` events */
export function runWorld(mostEvents: number): void {
  const queue = world.queue
  // A core that spins has no end of work: it starts by an event, so that it gives way to the others'.
  for (let core = 0; core < world.cores; core++) {
    if (spins(core)) queue.push(0, 0, CORE_STARTS, core)
    else runCore(core, false)
  }
  if (world.trafficStartsNs > 0) queue.push(world.trafficStartsNs, 0, TRAFFIC_STARTS, 0)
  while (world.flowsLeft > 0) {
    if (!queue.pop())
      throw new Error(`nothing is left to happen at ${queue.timeNs} ns, and ${world.flowsLeft} flows are not done: a model is stuck`)
    if (++world.events > mostEvents) throw new Error(`more than ${mostEvents} events at ${queue.timeNs} ns: the run does not end`)
    const row = queue.row
    switch (queue.kind) {
      case CORE_RESUMES:
        runCore(row, true)
        break
      case DELAYED_ACK_FIRES:
        if (delayedAcknowledgementFires(row)) rouse(world.socketAckTimerCore[row]!)
        break
      case REMOTE_WAKEUP_ARRIVES:
        remoteWakeupArrives(row)
        break
      case PACKET_ARRIVES:
        packetArrives(row)
        break
      case LOSS_PROBE_FIRES:
        if (lossProbeFires(row)) rouse(world.socketProbeCore[row]!)
        break
      case QUOTA_REFILLS:
        if (refill(row)) quotaComesBack(row)
        break
      case TRAFFIC_STARTS:
        trafficStarts()
        break
      case CORE_STARTS:
        rouse(row)
        break
    }
  }
}

function spins(core: number): boolean {
  for (let task = 0; task < world.tasks; task++) {
    if (world.taskCore[task] === core && world.taskProgram[task] === OPEN_LOOP_CLIENT_PROGRAM) return true
  }
  return false
}

/** An interrupt has left work on a core: an idle one starts at once, a busy one comes to it by itself. */
function rouse(core: number): void {
  if (world.coreStep[core] !== IDLE) return
  leaveIdle(core)
  runCore(core, false)
}

function remoteWakeupArrives(task: number): void {
  const core = world.taskCore[task]!
  const idle = world.coreStep[core] === IDLE
  if (idle) leaveIdle(core)
  world.taskState[task] = SLEEPING
  enqueueWoken(task)
  if (!idle) {
    checkPreemption(task)
    return
  }
  if (world.coreIdles[core] === 1) charge(core, IDLE_EXIT, 1)
  runCore(core, false)
}

/** The resting clients' timers ring, one after the other; one whose negotiation takes longer than its rest begins when it is done. */
function trafficStarts(): void {
  beginCounting()
  for (let task = 0; task < world.tasks; task++) {
    const rests = world.taskProgram[task] === CLIENT_PROGRAM && world.taskProgramStep[task] === STARTS_MESSAGE
    const sleeps = world.taskState[task] === SLEEPING || world.taskState[task] === DELAYED
    if (rests && sleeps) world.queue.push(world.queue.timeNs, 0, REMOTE_WAKEUP_ARRIVES, task)
  }
}

/** unthrottle_cfs_rq(): all that stood aside join their queues before any of them runs. */
function quotaComesBack(group: number): void {
  for (let task = 0; task < world.tasks; task++) {
    if (world.taskQuota[task] !== group || world.taskThrottled[task] === 0) continue
    const core = world.taskCore[task]!
    const idle = world.coreStep[core] === IDLE
    if (idle) leaveIdle(core)
    world.taskThrottled[task] = 0
    enqueueWoken(task)
    if (!idle) checkPreemption(task)
  }
  for (let task = 0; task < world.tasks; task++) {
    const core = world.taskCore[task]!
    if (world.taskQuota[task] !== group || world.taskState[task] !== RUNNABLE || world.coreStep[core] !== IDLE) continue
    if (world.coreIdles[core] === 1) charge(core, IDLE_EXIT, 1)
    runCore(core, false)
  }
}

function packetArrives(packet: number): void {
  const core = world.wireCore[world.packetBurst[packet]! - 1]!
  enqueue(world.coreBacklogHead, world.coreBacklogTail, core, packet)
  rouse(core)
}

/**
 * Works on one core for as long as nothing else in the world comes first; then leaves an event for its return.
 * @param spent whether the time of the step under way has passed (the event came)
 */
function runCore(core: number, spent: boolean): void {
  let passed = spent
  for (;;) {
    if (!passed) {
      world.coreStep[core] = nextStep(core)
      if (world.coreStep[core] === IDLE) {
        // What is left to pay, such as waking a task on another core, is paid before the core idles.
        spend(core)
        return
      }
      spend(core)
      if (world.queue.peekTimeNs() <= world.coreTimeNs[core]!) {
        world.queue.push(world.coreTimeNs[core]!, 0, CORE_RESUMES, core)
        return
      }
    }
    passed = false
    if (world.coreStep[core] === IN_SOFTIRQ) deliver(core)
    else taskStepDone(core)
    if (world.flowsLeft === 0) return
  }
}

/** Goes on until something needs time: softirq first, then the task. */
function nextStep(core: number): number {
  for (;;) {
    if (world.coreBacklogHead[core] !== NONE) {
      chargeSoftirq(core, world.coreBacklogHead[core]!)
      return IN_SOFTIRQ
    }
    let task = world.coreTask[core]!
    if (task === NONE) {
      task = pickNext(core)
      if (task === NONE) return IDLE
    }
    const phase = world.taskPhase[task]!
    if (needsTime(phase)) {
      if (phase === FALLS_ASLEEP || phase === WAITS_FOR_ROOM || phase === WAITS_FOR_CONNECTION) charge(core, SLEEP, 1)
      return IN_TASK
    }
    if (phase === IN_PROGRAM) {
      programGoesOn(core, task)
      // The last message is complete: nobody begins another one, whose charges would count.
      if (world.flowsLeft === 0) return IDLE
    } else advanceCall(core, task)
  }
}

function programGoesOn(core: number, task: number): void {
  const program = world.taskProgram[task]!
  if (program === CLIENT_PROGRAM) clientGoesOn(core, task)
  else if (program === SERVER_PROGRAM) serverGoesOn(core, task)
  else if (program === OPEN_LOOP_CLIENT_PROGRAM) openLoopClientGoesOn(core, task)
  else if (program === OPEN_LOOP_SERVER_PROGRAM) openLoopServerGoesOn(core, task)
  else if (program === CONNECT_CLIENT_PROGRAM) connectClientGoesOn(core, task)
  else if (program === CONNECT_SERVER_PROGRAM) connectServerGoesOn(core, task)
  else if (program === STREAM_SENDER_PROGRAM) streamSenderGoesOn(core, task)
  else if (program === STREAM_RECEIVER_PROGRAM) streamReceiverGoesOn(core, task)
  else if (program === HTTP_CLIENT_PROGRAM) httpClientGoesOn(core, task)
  else if (program === HTTP_SERVER_PROGRAM) httpServerGoesOn(core, task)
  else relayGoesOn(core, task, program - RELAY_PROGRAM)
}

/** A packet crosses one burst; at the last one its transport's input is part of it, unless the socket is locked. */
function chargeSoftirq(core: number, packet: number): void {
  const burst = world.packetBurst[packet]!
  const fragments = world.packetFragments[packet]!
  const bytes = world.packetBytes[packet]!
  world.burstPackets[burst]! += fragments
  world.burstBytes[burst]! += bytes
  world.corePendingNs[core]! += world.burstPacketNs[burst]! * fragments + world.burstByteNs[burst]! * bytes
  if (bytes > world.packetSegmentBytes[packet]!) {
    world.burstSuperPackets[burst]! += 1
    world.corePendingNs[core]! += world.burstSuperPacketNs[burst]!
  }
  if (burst !== world.packetLastBurst[packet]) return
  const socket = world.packetSocket[packet]!
  const transport = world.socketTransport[socket]!
  if (transport === UDP) chargeUdpInput(core, packet)
  else if (transport === TCP && world.socketOwned[socket] === 0) chargeTcpInput(core, packet)
}

function deliver(core: number): void {
  const packet = dequeue(world.coreBacklogHead, core)
  const burst = world.packetBurst[packet]!
  if (burst !== world.packetLastBurst[packet]) {
    sendOverWire(core, packet, burst)
    return
  }
  const socket = world.packetSocket[packet]!
  const transport = world.socketTransport[socket]!
  if (transport === UDP) {
    udpInput(core, socket, packet)
    return
  }
  if (transport >= UNIX_STREAM) {
    unixInput(core, socket, packet)
    return
  }
  if (world.socketOwned[socket] === 1) {
    waitForOwner(socket, packet)
    return
  }
  tcpInput(core, socket, packet)
  givePacketBack(packet)
}

function sendOverWire(core: number, packet: number, burst: number): void {
  const start = Math.max(world.coreTimeNs[core]!, world.wireFreeNs[burst]!)
  world.wireFreeNs[burst] = start + world.packetBytes[packet]! * world.wireByteNs[burst]!
  world.packetBurst[packet] = burst + 1
  world.queue.push(Math.round(world.wireFreeNs[burst]! + world.wireDelayNs[burst]!), 0, PACKET_ARRIVES, packet)
}

function taskStepDone(core: number): void {
  const task = world.coreTask[core]!
  switch (world.taskPhase[task]) {
    case PREEMPTED:
    case PREEMPTED_IN_RELEASE:
      world.taskPhase[task] = world.taskPhase[task] === PREEMPTED ? IN_PROGRAM : RELEASES_SOCKET
      if (pickNext(core) === task) return
      world.taskInvoluntary[task]! += 1
      chargeSwitch(core, task)
      return
    case FOUND_NOTHING:
      returnToUser(core, task)
      return
    case OUT_OF_QUOTA:
      world.taskPhase[task] = IN_PROGRAM
      // The quota may have come back meanwhile.
      if (!isUsedUp(task)) return
      standsAside(task, world.coreTimeNs[core]!)
      leaveQueue(core, task)
      if (pickNext(core) !== NONE) chargeSwitch(core, task)
      return
    case WAITS_FOR_ROOM:
      if (!sleepUnlessRoom(core, task)) return
      if (pickNext(core) !== NONE) chargeSwitch(core, task)
      return
    case WAITS_FOR_CONNECTION:
      if (!sleepUnlessJoined(core, task)) return
      if (pickNext(core) !== NONE) chargeSwitch(core, task)
      return
    case RESTS:
      world.taskPhase[task] = IN_PROGRAM
      if (world.coreTimeNs[core]! >= world.trafficStartsNs) return
      fallAsleep(core, task)
      if (pickNext(core) !== NONE) chargeSwitch(core, task)
      return
    case FALLS_ASLEEP:
      if (!sleepUnlessReady(core, task)) return
      if (pickNext(core) !== NONE) chargeSwitch(core, task)
      return
  }
}

/** From a task to the one that is on the core now. */
function chargeSwitch(core: number, from: number): void {
  charge(core, SWITCH, 1)
  if (world.taskGrouped[from] === 1 || world.taskGrouped[world.coreTask[core]!] === 1) charge(core, GROUP_SWITCH, 1)
}
