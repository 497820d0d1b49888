/**
 * System calls of a task, as phases between which softirq can run. A phase either happens at once, its cost charged to the core, or it
 * needs the charged time to pass first (`needsTime`): where another core or the clock could see the difference.
 */

import { acknowledgeAfterRead, runDeferred } from '../transport/tcp/acknowledge.js'
import { restartAfterIdle } from '../transport/tcp/congestion-window.js'
import { finishClosed, sendSyn } from '../transport/tcp/connection.js'
import { chargeTcpInput, goesOnWithInput, IS_DONE, tcpInput } from '../transport/tcp/input.js'
import { probeDeferred, scheduleProbe } from '../transport/tcp/loss-probe.js'
import { readPackets } from '../transport/tcp/read.js'
import { transmitNext } from '../transport/tcp/segmentation.js'
import { hasSendRoom, isWriteable } from '../transport/tcp/send-buffer.js'
import { udpSend } from '../transport/udp.js'
import { readDatagram } from '../transport/udp-queue.js'
import { hasRoom, unixRead, unixSend } from '../transport/unix.js'
import {
  RECEIVE_BYTE,
  RECEIVE_CALL,
  SECCOMP_CALL,
  SECCOMP_PROGRAM,
  SECCOMP_RULE,
  SEND_BYTE,
  SEND_CALL,
  STREAM_COLD_BYTE,
  STREAM_COLD_PACKET,
  STREAM_SEND_BYTE,
  TCP_CLOSE,
  TCP_CONNECT,
  TCP_RECEIVE_CALL,
} from './charges.js'
import { accountRunning, fallAsleep } from './eevdf.js'
import { dequeue, givePacketBack } from './packets.js'
import { isUsedUp } from './quota.js'
import { charge, NONE, TCP, UDP, UNIX_STREAM, world } from './world.js'

/** Phases; those from FALLS_ASLEEP on need the charged time to pass first. */
export const IN_PROGRAM = 0
const SEND_COPIES = 1
const SEND_PUSHES = 2
const RECEIVE_COPIES = 3
export const RELEASES_SOCKET = 4
const RETURNS = 5
const POLL_CHECKS = 6
const CHECKS_CONNECTION = 7
const SELECT_CHECKS = 8
const RELEASES_TO_WAIT = 9
export const FALLS_ASLEEP = 10
export const PREEMPTED = 11
export const PREEMPTED_IN_RELEASE = 12
export const FOUND_NOTHING = 13
export const OUT_OF_QUOTA = 14
export const WAITS_FOR_ROOM = 15
export const RESTS = 16
export const WAITS_FOR_CONNECTION = 17

export function needsTime(phase: number): boolean {
  return phase >= FALLS_ASLEEP
}

/** What system calls pay under a seccomp filter. */
export function enterCalls(core: number, task: number, calls: number): void {
  if (world.taskFiltered[task] === 0) return
  charge(core, SECCOMP_CALL, calls)
  const rules = world.taskFilterRules[task]!
  if (rules === 0) return
  charge(core, SECCOMP_PROGRAM, calls)
  charge(core, SECCOMP_RULE, calls * rules)
}

/** The same of one call, ns. */
function filterNs(task: number): number {
  if (world.taskFiltered[task] === 0) return 0
  const rules = world.taskFilterRules[task]!
  return world.cost[SECCOMP_CALL]! + (rules === 0 ? 0 : world.cost[SECCOMP_PROGRAM]! + rules * world.cost[SECCOMP_RULE]!)
}

export function startSend(core: number, task: number, socket: number, bytes: number): void {
  enterCalls(core, task, 1)
  charge(core, SEND_CALL, 1)
  world.taskCallSocket[task] = socket
  world.taskCallBytes[task] = bytes
  world.socketOwned[socket] = 1
  copyIn(core, task, socket)
}

/** recv() of at most `bytes`; what it got stands in `taskGotBytes` when the program goes on. */
export function startReceive(core: number, task: number, socket: number, bytes: number): void {
  enterCalls(core, task, 1)
  charge(core, RECEIVE_CALL, 1)
  if (world.socketTransport[socket] === TCP) charge(core, TCP_RECEIVE_CALL, 1)
  world.taskCallSocket[task] = socket
  world.taskCallBytes[task] = bytes
  world.taskGotBytes[task] = 0
  copyOut(core, task, socket)
}

/** recv() of at most `bytes` with MSG_DONTWAIT: `taskGotBytes` is 0 where nothing was there. */
export function tryReceive(core: number, task: number, socket: number, bytes: number): void {
  if (readableBytes(socket) > 0) {
    startReceive(core, task, socket, bytes)
    return
  }
  const costNs = emptyReceiveNs(task, socket)
  world.corePendingNs[core]! += costNs
  world.coreSpunNs[core]! += costNs
  world.taskGotBytes[task] = 0
  world.taskPhase[task] = FOUND_NOTHING
}

/** A recv() that finds nothing, ns. Spinning is no part of a message: it is not counted among the charges. */
export function emptyReceiveNs(task: number, socket: number): number {
  return world.cost[RECEIVE_CALL]! + (world.socketTransport[socket] === TCP ? world.cost[TCP_RECEIVE_CALL]! : 0) + filterNs(task)
}

/** connect(): the handshake runs inline with the socket locked, so that what answers the SYN waits for the lock to be given back. */
export function startConnect(core: number, task: number, socket: number): void {
  enterCalls(core, task, 1)
  charge(core, TCP_CONNECT, 1)
  world.taskCallSocket[task] = socket
  world.socketOwned[socket] = 1
  sendSyn(core, socket)
  world.taskPhase[task] = RELEASES_SOCKET
}

/** accept() of the connection whose socket will be this one. What it pays once that is there (`tcp.accept`) is the caller's. */
export function startAccept(core: number, task: number, socket: number): void {
  enterCalls(core, task, 1)
  world.taskCallSocket[task] = socket
  checkConnection(core, task, socket)
}

/** close(): what is written still leaves, Nagle or not (__tcp_push_pending_frames(), TCP_NAGLE_OFF), and a FIN behind it. */
export function startClose(core: number, task: number, socket: number): void {
  enterCalls(core, task, 1)
  charge(core, TCP_CLOSE, 1)
  world.taskCallSocket[task] = socket
  world.taskCallBytes[task] = 0
  world.socketOwned[socket] = 1
  world.socketClosed[socket] = 1
  world.socketNoDelay[socket] = 1
  push(core, task, socket)
}

/** poll() for input on both of the task's sockets; its price is the caller's (`proxy.relay`). */
export function startPoll(core: number, task: number): void {
  enterCalls(core, task, 1)
  world.taskCallSocket[task] = NONE
  checkPoll(core, task)
}

/** select() for room to write; its price is the caller's (`stream.select`). */
export function startSelectWriteable(core: number, task: number, socket: number): void {
  enterCalls(core, task, 1)
  world.taskCallSocket[task] = socket
  checkWriteable(core, task, socket)
}

/** The same for input, from the task's first socket. */
export function startWaitReadable(core: number, task: number): void {
  enterCalls(core, task, 1)
  world.taskCallSocket[task] = NONE
  checkPoll(core, task)
}

export function readableBytes(socket: number): number {
  return world.socketReceivedSeq[socket]! - world.socketCopiedSeq[socket]!
}

/** A read of the socket returns at once: with bytes, or with none where the peer has closed. */
export function isReadable(socket: number): boolean {
  return readableBytes(socket) > 0 || world.socketEnded[socket] === 1
}

/** One phase that happens at once. */
export function advanceCall(core: number, task: number): void {
  const socket = world.taskCallSocket[task]!
  switch (world.taskPhase[task]) {
    case SEND_COPIES:
      copyIn(core, task, socket)
      return
    case SEND_PUSHES:
      push(core, task, socket)
      return
    case RECEIVE_COPIES:
      copyOut(core, task, socket)
      return
    case POLL_CHECKS:
      checkPoll(core, task)
      return
    case CHECKS_CONNECTION:
      checkConnection(core, task, socket)
      return
    case SELECT_CHECKS:
      checkWriteable(core, task, socket)
      return
    case RELEASES_TO_WAIT:
      releaseToWait(core, task, socket)
      return
    case RELEASES_SOCKET:
      release(core, task, socket)
      return
    case RETURNS:
      returnToUser(core, task)
      return
    default:
      throw new Error(`task ${task} has no phase ${world.taskPhase[task]}`)
  }
}

/** TCP copies at most one super-packet before it pushes, a Unix-domain stream one buffer. */
function copyIn(core: number, task: number, socket: number): void {
  const transport = world.socketTransport[socket]!
  if (transport >= UNIX_STREAM) {
    if (!hasRoom(socket)) {
      world.taskPhase[task] = WAITS_FOR_ROOM
      return
    }
    world.taskCallBytes[task]! -= unixSend(core, socket, world.taskCallBytes[task]!)
    world.taskPhase[task] = world.taskCallBytes[task]! > 0 ? SEND_COPIES : RELEASES_SOCKET
    return
  }
  if (!hasSendRoom(socket)) {
    releaseToWait(core, task, socket)
    return
  }
  world.socketOwned[socket] = 1
  const left = world.taskCallBytes[task]!
  const bytes = transport === UDP ? left : Math.min(left, world.socketSizeGoalBytes[socket]!)
  charge(core, SEND_BYTE, bytes)
  if (isStream(socket)) {
    charge(core, STREAM_SEND_BYTE, bytes)
    chargeOwnBuffer(core, world.flowMessageBytes[world.socketFlow[socket]!]!, bytes)
  }
  world.taskCallBytes[task] = left - bytes
  if (transport === UDP) {
    udpSend(core, socket, bytes)
    world.taskPhase[task] = RELEASES_SOCKET
    return
  }
  restartAfterIdle(core, socket)
  world.socketWriteSeq[socket]! += bytes
  push(core, task, socket)
}

/** tcp_push(): one packet at a time, each followed by its softirq. */
function push(core: number, task: number, socket: number): void {
  if (transmitNext(core, socket)) {
    scheduleProbe(core, socket)
    world.taskPhase[task] = SEND_PUSHES
  } else if (world.taskCallBytes[task]! > 0) world.taskPhase[task] = SEND_COPIES
  else if (world.socketClosed[socket] === 1) {
    finishClosed(core, socket)
    world.taskPhase[task] = RELEASES_SOCKET
  } else release(core, task, socket)
}

function checkConnection(core: number, task: number, socket: number): void {
  if (world.socketJoined[socket] === 1) returnToUser(core, task)
  else world.taskPhase[task] = WAITS_FOR_CONNECTION
}

/**
 * sk_stream_wait_memory(): the writer lets go of its socket, works off what waits for it, and sleeps unless that has made room; what it has written so
 * far was pushed.
 */
function releaseToWait(core: number, task: number, socket: number): void {
  world.socketNoSpace[socket] = 1
  if (workOffBacklog(core, task, socket, RELEASES_TO_WAIT)) return
  if (!hasSendRoom(socket)) {
    world.taskPhase[task] = WAITS_FOR_ROOM
    return
  }
  world.socketOwned[socket] = 1
  world.taskPhase[task] = SEND_COPIES
}

function checkWriteable(core: number, task: number, socket: number): void {
  if (isWriteable(socket)) {
    returnToUser(core, task)
    return
  }
  world.socketNoSpace[socket] = 1
  world.taskPhase[task] = WAITS_FOR_ROOM
}

function checkPoll(core: number, task: number): void {
  const second = world.taskSecondSocket[task]!
  if (isReadable(world.taskSocket[task]!) || (second !== NONE && isReadable(second))) returnToUser(core, task)
  else world.taskPhase[task] = FALLS_ASLEEP
}

/** The way back to user space gives the core away if somebody is to run; softirq that is pending comes before. */
export function returnToUser(core: number, task: number): void {
  if (world.coreBacklogHead[core] !== NONE) world.taskPhase[task] = RETURNS
  else if (world.taskQuota[task] !== NONE && isOutOfQuota(core, task)) world.taskPhase[task] = OUT_OF_QUOTA
  else world.taskPhase[task] = world.coreNeedsSwitch[core] === 1 ? PREEMPTED : IN_PROGRAM
}

/** A process that runs on is looked at by the tick (task_tick_fair()), others whenever they leave the core. */
function isOutOfQuota(core: number, task: number): boolean {
  const tick = (ns: number): number => Math.floor(ns / world.jiffyNs)
  if (tick(world.coreTimeNs[core]!) > tick(world.taskAccountedNs[task]!)) accountRunning(core)
  return isUsedUp(task)
}

function copyOut(core: number, task: number, socket: number): void {
  if (readableBytes(socket) === 0) {
    if (world.socketEnded[socket] === 1) returnToUser(core, task)
    else world.taskPhase[task] = FALLS_ASLEEP
    return
  }
  if (world.socketTransport[socket]! >= UNIX_STREAM) {
    unixRead(core, task, socket)
    returnToUser(core, task)
    return
  }
  const isUdp = world.socketTransport[socket] === UDP
  const bytes = isUdp ? readDatagram(task, socket) : Math.min(readableBytes(socket), world.taskCallBytes[task]!)
  charge(core, RECEIVE_BYTE, bytes)
  if (isStream(socket)) chargeOwnBuffer(core, world.flowReadBytes[world.socketFlow[socket]!]!, bytes)
  world.taskGotBytes[task] = bytes
  world.socketOwned[socket] = 1
  if (isUdp) world.socketCopiedSeq[socket]! += bytes
  else {
    const cold = isStream(socket) && isCold(socket)
    const packets = world.socketUnreadStart[socket]!
    readPackets(core, socket, bytes)
    if (cold) {
      charge(core, STREAM_COLD_BYTE, bytes)
      charge(core, STREAM_COLD_PACKET, world.socketUnreadStart[socket]! - packets)
    }
    acknowledgeAfterRead(core, socket, bytes)
  }
  if (world.coreBacklogHead[core] !== NONE) world.taskPhase[task] = RELEASES_SOCKET
  else release(core, task, socket)
}

/**
 * release_sock(): one waiting packet at a time, so that the softirq of what it sends follows at once. After each, __release_sock() gives the
 * core away if somebody is to run (cond_resched()), the socket still locked: what comes for it meanwhile waits in its backlog.
 */
function release(core: number, task: number, socket: number): void {
  if (workOffBacklog(core, task, socket, RELEASES_SOCKET)) return
  // A connect() does not return while its SYN is unanswered.
  if (world.socketJoined[socket] === 0 && world.socketClosed[socket] === 0 && world.socketTransport[socket] === TCP)
    checkConnection(core, task, socket)
  else returnToUser(core, task)
}

/** @returns whether there was a packet, and more may follow; if not, the socket is free */
function workOffBacklog(core: number, task: number, socket: number, phase: number): boolean {
  if (world.socketInputStep[socket] !== IS_DONE || world.socketBacklogHead[socket] !== NONE) {
    if (world.socketInputStep[socket] === IS_DONE) {
      const packet = dequeue(world.socketBacklogHead, socket)
      chargeTcpInput(core, packet)
      tcpInput(core, socket, packet)
      givePacketBack(packet)
    }
    if (world.socketInputStep[socket] !== IS_DONE && goesOnWithInput(core, socket)) {
      world.taskPhase[task] = phase
      return true
    }
    world.taskPhase[task] = phase === RELEASES_SOCKET && world.coreNeedsSwitch[core] === 1 ? PREEMPTED_IN_RELEASE : phase
    return true
  }
  world.socketOwned[socket] = 0
  world.socketBacklogBytes[socket] = 0
  runDeferred(core, socket)
  probeDeferred(core, socket)
  return false
}

function isStream(socket: number): boolean {
  return world.flowReadBytes[world.socketFlow[socket]!]! > 0
}

/** What a core's second-level cache holds: 2 MiB on the Xeon. What more than that has passed through since is fetched from further away. */
const SECOND_LEVEL_BYTES = 2 ** 21
/** Between two uses of a program's own buffer pass its block, the kernel's copy of it, and the same at the other end. */
const BLOCKS_BETWEEN_USES = 4

/** A program's buffer of blocks so long is cold whenever it comes back to it. */
function chargeOwnBuffer(core: number, blockBytes: number, bytes: number): void {
  if (BLOCKS_BETWEEN_USES * blockBytes > SECOND_LEVEL_BYTES) charge(core, STREAM_COLD_BYTE, bytes)
}

/** Whether the next bytes that are read have lain for so long: as much was written since the first of them. */
function isCold(socket: number): boolean {
  return world.socketWriteSeq[world.socketPeer[socket]!]! - world.socketCopiedSeq[socket]! > SECOND_LEVEL_BYTES
}

/** The time has passed and the peer has made no room: the writer sleeps. Kernel: sock_wait_for_wmem(), sk_stream_wait_memory(), do_select(). @returns whether it does */
export function sleepUnlessRoom(core: number, task: number): boolean {
  const socket = world.taskCallSocket[task]!
  const selects = world.socketTransport[socket] === TCP && world.taskCallBytes[task] === 0
  world.taskPhase[task] = selects ? SELECT_CHECKS : SEND_COPIES
  if (selects ? isWriteable(socket) : world.socketTransport[socket] === TCP ? hasSendRoom(socket) : hasRoom(socket)) return false
  world.socketRoomAwaited[socket] = 1
  world.taskVoluntary[task]! += 1
  fallAsleep(core, task)
  return true
}

/** The time has passed and the handshake is not done: the task sleeps. Kernel: inet_wait_for_connect(), inet_csk_wait_for_connect(). @returns whether it does */
export function sleepUnlessJoined(core: number, task: number): boolean {
  const socket = world.taskCallSocket[task]!
  world.taskPhase[task] = CHECKS_CONNECTION
  if (world.socketJoined[socket] === 1) return false
  world.socketAwaited[socket] = 1
  world.taskVoluntary[task]! += 1
  fallAsleep(core, task)
  return true
}

/** The time has passed and nothing came: the task sleeps. @returns whether it does */
export function sleepUnlessReady(core: number, task: number): boolean {
  const socket = world.taskCallSocket[task]!
  if (socket === NONE) {
    const first = world.taskSocket[task]!
    const second = world.taskSecondSocket[task]!
    world.taskPhase[task] = POLL_CHECKS
    if (isReadable(first) || (second !== NONE && isReadable(second))) return false
    world.socketAwaited[first] = 1
    if (second !== NONE) world.socketAwaited[second] = 1
  } else {
    world.taskPhase[task] = RECEIVE_COPIES
    if (isReadable(socket)) return false
    world.socketAwaited[socket] = 1
  }
  world.taskVoluntary[task]! += 1
  fallAsleep(core, task)
  return true
}
