/** The loop: events in order; on each core, softirq before the task that caused it, and tasks as the scheduler picks them. */
import { relayGoesOn } from '../proxies/relay.js'
import { delayedAcknowledgementFires } from '../transport/tcp/acknowledge.js'
import { chargeTcpInput, tcpInput } from '../transport/tcp/input.js'
import { lossProbeFires } from '../transport/tcp/loss-probe.js'
import { PACKET_OVERHEAD_BYTES } from '../transport/tcp/receive-queue.js'
import { chargeUdpInput, udpInput } from '../transport/udp.js'
import { clientGoesOn, serverGoesOn } from '../workloads/ping-pong.js'
import {
  advanceCall,
  FALLS_ASLEEP,
  IN_PROGRAM,
  needsTime,
  PREEMPTED,
  PREEMPTED_IN_RELEASE,
  RELEASES_SOCKET,
  sleepUnlessReady,
} from './calls.js'
import { IDLE_EXIT, SLEEP, SWITCH } from './charges.js'
import { checkPreemption, enqueueWoken, pickNext } from './eevdf.js'
import { dequeue, enqueue, givePacketBack } from './packets.js'
import { spend } from './spend.js'
import {
  CORE_RESUMES,
  charge,
  DELAYED_ACK_FIRES,
  LOSS_PROBE_FIRES,
  NONE,
  PACKET_ARRIVES,
  REMOTE_WAKEUP_ARRIVES,
  SLEEPING,
  type World,
} from './world.js'

/** Programs that a task can run. */
export const CLIENT_PROGRAM = 0
export const SERVER_PROGRAM = 1
/** A relay's program is this plus its buffer, bytes. */
export const RELAY_PROGRAM = 2

/** What a core does with the time that it spends. */
const IDLE = 0
const IN_SOFTIRQ = 1
const IN_TASK = 2

/** Runs until every flow has its messages. @throws Error when nothing can happen any more, or after `mostEvents` events */
export function runWorld(w: World, mostEvents: number): void {
  const queue = w.queue
  for (let core = 0; core < w.cores; core++) runCore(w, core, false)
  while (w.flowsLeft > 0) {
    if (!queue.pop())
      throw new Error(`nothing is left to happen at ${queue.timeNs} ns, and ${w.flowsLeft} flows are not done: a model is stuck`)
    if (++w.events > mostEvents) throw new Error(`more than ${mostEvents} events at ${queue.timeNs} ns: the run does not end`)
    const row = queue.row
    switch (queue.kind) {
      case CORE_RESUMES:
        runCore(w, row, true)
        break
      case DELAYED_ACK_FIRES:
        if (delayedAcknowledgementFires(w, row)) rouse(w, w.socketAckTimerCore[row]!)
        break
      case REMOTE_WAKEUP_ARRIVES:
        remoteWakeupArrives(w, row)
        break
      case PACKET_ARRIVES:
        packetArrives(w, row)
        break
      case LOSS_PROBE_FIRES:
        if (lossProbeFires(w, row)) rouse(w, w.socketProbeCore[row]!)
        break
    }
  }
}

/** An interrupt has left work on a core: an idle one starts at once, a busy one comes to it by itself. */
function rouse(w: World, core: number): void {
  if (w.coreStep[core] !== IDLE) return
  const now = w.queue.timeNs
  if (w.coreTimeNs[core]! < now) w.coreTimeNs[core] = now
  runCore(w, core, false)
}

function remoteWakeupArrives(w: World, task: number): void {
  const core = w.taskCore[task]!
  const idle = w.coreStep[core] === IDLE
  if (idle && w.coreTimeNs[core]! < w.queue.timeNs) w.coreTimeNs[core] = w.queue.timeNs
  w.taskState[task] = SLEEPING
  enqueueWoken(w, task)
  if (!idle) {
    checkPreemption(w, task)
    return
  }
  if (w.coreIdles[core] === 1) charge(w, core, IDLE_EXIT, 1)
  runCore(w, core, false)
}

function packetArrives(w: World, packet: number): void {
  const core = w.wireCore[w.packetBurst[packet]! - 1]!
  enqueue(w, w.coreBacklogHead, w.coreBacklogTail, core, packet)
  rouse(w, core)
}

/**
 * Works on one core for as long as nothing else in the world comes first; then leaves an event for its return.
 * @param spent whether the time of the step under way has passed (the event came)
 */
function runCore(w: World, core: number, spent: boolean): void {
  let passed = spent
  for (;;) {
    if (!passed) {
      w.coreStep[core] = nextStep(w, core)
      if (w.coreStep[core] === IDLE) {
        // What is left to pay, such as waking a task on another core, is paid before the core idles.
        spend(w, core)
        return
      }
      spend(w, core)
      if (w.queue.peekTimeNs() <= w.coreTimeNs[core]!) {
        w.queue.push(w.coreTimeNs[core]!, 0, CORE_RESUMES, core)
        return
      }
    }
    passed = false
    if (w.coreStep[core] === IN_SOFTIRQ) deliver(w, core)
    else taskStepDone(w, core)
    if (w.flowsLeft === 0) return
  }
}

/** Goes on until something needs time: softirq first, then the task. */
function nextStep(w: World, core: number): number {
  for (;;) {
    if (w.coreBacklogHead[core] !== NONE) {
      chargeSoftirq(w, core, w.coreBacklogHead[core]!)
      return IN_SOFTIRQ
    }
    let task = w.coreTask[core]!
    if (task === NONE) {
      task = pickNext(w, core)
      if (task === NONE) return IDLE
    }
    const phase = w.taskPhase[task]!
    if (needsTime(phase)) {
      if (phase === FALLS_ASLEEP) charge(w, core, SLEEP, 1)
      return IN_TASK
    }
    if (phase === IN_PROGRAM) {
      programGoesOn(w, core, task)
      // The last message is complete: nobody begins another one, whose charges would count.
      if (w.flowsLeft === 0) return IDLE
    } else advanceCall(w, core, task)
  }
}

function programGoesOn(w: World, core: number, task: number): void {
  const program = w.taskProgram[task]!
  if (program === CLIENT_PROGRAM) clientGoesOn(w, core, task)
  else if (program === SERVER_PROGRAM) serverGoesOn(w, core, task)
  else relayGoesOn(w, core, task, program - RELAY_PROGRAM)
}

/** A packet crosses one burst; at the last one its transport's input is part of it, unless the socket is locked. */
function chargeSoftirq(w: World, core: number, packet: number): void {
  const burst = w.packetBurst[packet]!
  const fragments = w.packetFragments[packet]!
  const bytes = w.packetBytes[packet]!
  w.burstPackets[burst]! += fragments
  w.burstBytes[burst]! += bytes
  w.corePendingNs[core]! += w.burstPacketNs[burst]! * fragments + w.burstByteNs[burst]! * bytes
  if (bytes > w.packetSegmentBytes[packet]!) {
    w.burstSuperPackets[burst]! += 1
    w.corePendingNs[core]! += w.burstSuperPacketNs[burst]!
  }
  if (burst !== w.packetLastBurst[packet]) return
  const socket = w.packetSocket[packet]!
  if (w.socketIsUdp[socket] === 1) chargeUdpInput(w, core, packet)
  else if (w.socketOwned[socket] === 0) chargeTcpInput(w, core, packet)
}

function deliver(w: World, core: number): void {
  const packet = dequeue(w, w.coreBacklogHead, core)
  const burst = w.packetBurst[packet]!
  if (burst !== w.packetLastBurst[packet]) {
    sendOverWire(w, core, packet, burst)
    return
  }
  const socket = w.packetSocket[packet]!
  if (w.socketIsUdp[socket] === 1) udpInput(w, core, socket, packet)
  else if (w.socketOwned[socket] === 1) {
    enqueue(w, w.socketBacklogHead, w.socketBacklogTail, socket, packet)
    w.socketBacklogBytes[socket]! += w.packetBytes[packet]! + PACKET_OVERHEAD_BYTES
    return
  } else tcpInput(w, core, socket, packet)
  givePacketBack(w, packet)
}

function sendOverWire(w: World, core: number, packet: number, burst: number): void {
  const start = Math.max(w.coreTimeNs[core]!, w.wireFreeNs[burst]!)
  w.wireFreeNs[burst] = start + w.packetBytes[packet]! * w.wireByteNs[burst]!
  w.packetBurst[packet] = burst + 1
  w.queue.push(Math.round(w.wireFreeNs[burst]! + w.wireDelayNs[burst]!), 0, PACKET_ARRIVES, packet)
}

function taskStepDone(w: World, core: number): void {
  const task = w.coreTask[core]!
  switch (w.taskPhase[task]) {
    case PREEMPTED:
    case PREEMPTED_IN_RELEASE:
      w.taskPhase[task] = w.taskPhase[task] === PREEMPTED ? IN_PROGRAM : RELEASES_SOCKET
      if (pickNext(w, core) === task) return
      w.taskInvoluntary[task]! += 1
      charge(w, core, SWITCH, 1)
      return
    case FALLS_ASLEEP:
      if (!sleepUnlessReady(w, core, task)) return
      if (pickNext(w, core) !== NONE) charge(w, core, SWITCH, 1)
      return
  }
}
