/**
 * System calls of a task, as phases between which softirq can run. A phase either happens at once, its cost charged to the core, or it
 * needs the charged time to pass first (`needsTime`): where another core or the clock could see the difference.
 */

import { acknowledgeAfterRead, runDeferred } from '../transport/tcp/acknowledge.js'
import { chargeTcpInput, tcpInput } from '../transport/tcp/input.js'
import { probeDeferred, scheduleProbe } from '../transport/tcp/loss-probe.js'
import { freeRead } from '../transport/tcp/receive-queue.js'
import { adjustReceiveSpace } from '../transport/tcp/receive-window.js'
import { transmitNext } from '../transport/tcp/segmentation.js'
import { udpSend } from '../transport/udp.js'
import { RECEIVE_BYTE, RECEIVE_CALL, SEND_BYTE, SEND_CALL, TCP_RECEIVE_CALL } from './charges.js'
import { fallAsleep } from './eevdf.js'
import { dequeue, givePacketBack } from './packets.js'
import { charge, NONE, type World } from './world.js'

/** Phases; those from FALLS_ASLEEP on need the charged time to pass first. */
export const IN_PROGRAM = 0
const SEND_COPIES = 1
const SEND_PUSHES = 2
const RECEIVE_COPIES = 3
export const RELEASES_SOCKET = 4
const RETURNS = 5
const POLL_CHECKS = 6
export const FALLS_ASLEEP = 7
export const PREEMPTED = 8
export const PREEMPTED_IN_RELEASE = 9

export function needsTime(phase: number): boolean {
  return phase >= FALLS_ASLEEP
}

export function startSend(w: World, core: number, task: number, socket: number, bytes: number): void {
  charge(w, core, SEND_CALL, 1)
  w.taskCallSocket[task] = socket
  w.taskCallBytes[task] = bytes
  w.socketOwned[socket] = 1
  copyIn(w, core, task, socket)
}

/** recv() of at most `bytes`; what it got stands in `taskGotBytes` when the program goes on. */
export function startReceive(w: World, core: number, task: number, socket: number, bytes: number): void {
  charge(w, core, RECEIVE_CALL, 1)
  if (w.socketIsUdp[socket] === 0) charge(w, core, TCP_RECEIVE_CALL, 1)
  w.taskCallSocket[task] = socket
  w.taskCallBytes[task] = bytes
  copyOut(w, core, task, socket)
}

/** poll() for input on both of the task's sockets; its price is the caller's (`proxy.relay`). */
export function startPoll(w: World, core: number, task: number): void {
  w.taskCallSocket[task] = NONE
  checkPoll(w, core, task)
}

export function readableBytes(w: World, socket: number): number {
  return w.socketReceivedSeq[socket]! - w.socketCopiedSeq[socket]!
}

/** One phase that happens at once. */
export function advanceCall(w: World, core: number, task: number): void {
  const socket = w.taskCallSocket[task]!
  switch (w.taskPhase[task]) {
    case SEND_COPIES:
      copyIn(w, core, task, socket)
      return
    case SEND_PUSHES:
      push(w, core, task, socket)
      return
    case RECEIVE_COPIES:
      copyOut(w, core, task, socket)
      return
    case POLL_CHECKS:
      checkPoll(w, core, task)
      return
    case RELEASES_SOCKET:
      release(w, core, task, socket)
      return
    case RETURNS:
      returnToUser(w, core, task)
      return
    default:
      throw new Error(`task ${task} has no phase ${w.taskPhase[task]}`)
  }
}

/** TCP copies at most one super-packet before it pushes. */
function copyIn(w: World, core: number, task: number, socket: number): void {
  const left = w.taskCallBytes[task]!
  const bytes = w.socketIsUdp[socket] === 1 ? left : Math.min(left, w.socketSizeGoalBytes[socket]!)
  charge(w, core, SEND_BYTE, bytes)
  w.taskCallBytes[task] = left - bytes
  if (w.socketIsUdp[socket] === 1) {
    udpSend(w, core, socket, bytes)
    w.taskPhase[task] = RELEASES_SOCKET
    return
  }
  w.socketWriteSeq[socket]! += bytes
  push(w, core, task, socket)
}

/** tcp_push(): one packet at a time, each followed by its softirq. */
function push(w: World, core: number, task: number, socket: number): void {
  if (transmitNext(w, core, socket)) {
    scheduleProbe(w, core, socket)
    w.taskPhase[task] = SEND_PUSHES
  } else if (w.taskCallBytes[task]! > 0) w.taskPhase[task] = SEND_COPIES
  else release(w, core, task, socket)
}

function checkPoll(w: World, core: number, task: number): void {
  if (readableBytes(w, w.taskSocket[task]!) > 0 || readableBytes(w, w.taskSecondSocket[task]!) > 0) returnToUser(w, core, task)
  else w.taskPhase[task] = FALLS_ASLEEP
}

/** The way back to user space gives the core away if somebody is to run; softirq that is pending comes before. */
export function returnToUser(w: World, core: number, task: number): void {
  if (w.coreBacklogHead[core] !== NONE) w.taskPhase[task] = RETURNS
  else w.taskPhase[task] = w.coreNeedsSwitch[core] === 1 ? PREEMPTED : IN_PROGRAM
}

function copyOut(w: World, core: number, task: number, socket: number): void {
  const bytes = Math.min(readableBytes(w, socket), w.taskCallBytes[task]!)
  if (bytes === 0) {
    w.taskPhase[task] = FALLS_ASLEEP
    return
  }
  charge(w, core, RECEIVE_BYTE, bytes)
  w.socketCopiedSeq[socket]! += bytes
  w.taskGotBytes[task] = bytes
  w.socketOwned[socket] = 1
  if (w.socketIsUdp[socket] === 0) {
    freeRead(w, socket)
    adjustReceiveSpace(w, core, socket)
    acknowledgeAfterRead(w, core, socket, bytes)
  }
  if (w.coreBacklogHead[core] !== NONE) w.taskPhase[task] = RELEASES_SOCKET
  else release(w, core, task, socket)
}

/**
 * release_sock(): one waiting packet at a time, so that the softirq of what it sends follows at once. After each, __release_sock() gives the
 * core away if somebody is to run (cond_resched()), the socket still locked: what comes for it meanwhile waits in its backlog.
 */
function release(w: World, core: number, task: number, socket: number): void {
  if (w.socketBacklogHead[socket] !== NONE) {
    const packet = dequeue(w, w.socketBacklogHead, socket)
    chargeTcpInput(w, core, packet)
    tcpInput(w, core, socket, packet)
    givePacketBack(w, packet)
    w.taskPhase[task] = w.coreNeedsSwitch[core] === 1 ? PREEMPTED_IN_RELEASE : RELEASES_SOCKET
    return
  }
  w.socketOwned[socket] = 0
  w.socketBacklogBytes[socket] = 0
  runDeferred(w, core, socket)
  probeDeferred(w, core, socket)
  returnToUser(w, core, task)
}

/** The time has passed and nothing came: the task sleeps. @returns whether it does */
export function sleepUnlessReady(w: World, core: number, task: number): boolean {
  const socket = w.taskCallSocket[task]!
  if (socket === NONE) {
    const first = w.taskSocket[task]!
    const second = w.taskSecondSocket[task]!
    w.taskPhase[task] = POLL_CHECKS
    if (readableBytes(w, first) > 0 || readableBytes(w, second) > 0) return false
    w.socketAwaited[first] = 1
    w.socketAwaited[second] = 1
  } else {
    w.taskPhase[task] = RECEIVE_COPIES
    if (readableBytes(w, socket) > 0) return false
    w.socketAwaited[socket] = 1
  }
  w.taskVoluntary[task]! += 1
  fallAsleep(w, core, task)
  return true
}
