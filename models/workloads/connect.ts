/**
 * One connection after the other, as Fairway's own instrument makes them (experiments/testbed/instruments/connect.c): the client opens a socket, connects,
 * negotiates with the SOCKS5 proxies on the way, sends one request and receives the whole reply. Whoever has answered closes first, as a server of
 * HTTP/1.0 does: the client finds the end, and closes. The response time is all of it, from socket() to the return of close().
 */

import { enterCalls, startAccept, startClose, startConnect, startReceive, startSend } from '../engine/calls.js'
import { CLIENT, OWN_SERVER, SOCKET_CREATE, TCP_ACCEPT } from '../engine/charges.js'
import { nextSocket, openPair } from '../engine/connections.js'
import { type ConnectionSteps, charge, world } from '../engine/world.js'
import { coefficientNames } from '../stages/index.js'
import { clockNs } from './clock.js'

/** The steps of a connection, in order: the instrument's log has a column of each. */
export const CONNECTION_STEPS = ['socket', 'connect', 'negotiate', 'exchange', 'close'] as const
export type ConnectionStep = (typeof CONNECTION_STEPS)[number]

/** Where the client's program stands; the first is that of every client that begins a message (run-laws.ts). */
const OPENS = 0
const IS_JOINED = 1
const ASKS = 2
const HEARS = 3
const SENDS = 4
const RECEIVES = 5
const GOT_BYTES = 6
const CLOSES = 7
const IS_CLOSED = 8

/** System calls of opening a socket: socket(), and setsockopt() for TCP_NODELAY. */
const OPENING_CALLS = 2
/** What the server's read takes, and the client's that finds the end. */
const SERVER_BUFFER_BYTES = 65507

export function connectClientGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  const message = world.flowMessageBytes[flow]!
  switch (world.taskProgramStep[task]) {
    case OPENS: {
      charge(core, CLIENT, 1)
      world.flowSentAtNs[flow] = clockNs(core)
      beginSteps(core)
      world.flowReplying[flow] = 0
      world.flowStalled[flow] = 0
      world.taskMessage[task] = 0
      world.taskMessageBytes[task] = 0
      enterCalls(core, task, OPENING_CALLS)
      charge(core, SOCKET_CREATE, 1)
      endStep(core, flow, 0)
      const next = nextSocket(world.taskPattern[task]!, world.taskConnections[task]!)
      world.taskConnections[task]! += 1
      openPair(world.taskPattern[task]!, next)
      world.taskSocket[task] = next
      world.taskProgramStep[task] = IS_JOINED
      startConnect(core, task, next)
      return
    }
    case IS_JOINED:
      endStep(core, flow, 1)
      world.taskProgramStep[task] = ASKS
      return
    case ASKS: {
      const request = world.taskMessage[task]!
      if (request === world.flowRequests[flow]) {
        endStep(core, flow, 2)
        world.taskProgramStep[task] = SENDS
        return
      }
      world.taskProgramStep[task] = HEARS
      startSend(core, task, socket, world.flowNegotiation[flow]!.requests[request]!)
      return
    }
    case HEARS: {
      const answer = world.flowNegotiation[flow]!.answers[world.taskMessage[task]!]!
      world.taskMessage[task]! += 1
      world.flowNegotiatedBytes[flow]! += answer
      world.taskProgramStep[task] = ASKS
      startReceive(core, task, socket, answer)
      return
    }
    case SENDS:
      world.taskProgramStep[task] = RECEIVES
      startSend(core, task, socket, message)
      return
    case RECEIVES:
      world.taskProgramStep[task] = GOT_BYTES
      startReceive(core, task, socket, message - world.taskMessageBytes[task]!)
      return
    case GOT_BYTES:
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      if (world.taskMessageBytes[task]! < message) {
        world.taskProgramStep[task] = RECEIVES
        return
      }
      endStep(core, flow, 3)
      world.taskProgramStep[task] = CLOSES
      startReceive(core, task, socket, SERVER_BUFFER_BYTES)
      return
    case CLOSES:
      world.taskProgramStep[task] = IS_CLOSED
      startClose(core, task, socket)
      return
    case IS_CLOSED:
      endStep(core, flow, 4)
      world.taskProgramStep[task] = OPENS
      completeConnection(core, flow)
      return
  }
}

function completeConnection(core: number, flow: number): void {
  const index = world.flowDone[flow]! - world.warmUpMessages
  world.flowDone[flow]! += 1
  if (index < 0 || index >= world.messages) return
  world.flowLatencyNs[flow]![index] = clockNs(core) - world.flowSentAtNs[flow]!
  if ((world.flowStalled[flow]! & 1) !== 0) world.flowStalledThere[flow]! += 1
  if ((world.flowStalled[flow]! & 2) !== 0) world.flowStalledBack[flow]! += 1
  if (index === world.messages - 1) world.flowsLeft -= 1
}

const ACCEPTS = 0
const HAS_ACCEPTED = 1
const TAKES = 2
const HAS_TAKEN = 3
const ENDS = 4

/** One thread: it accepts, answers, closes, and accepts again. */
export function connectServerGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  switch (world.taskProgramStep[task]) {
    case ACCEPTS:
      acceptNext(core, task)
      world.taskMessageBytes[task] = 0
      world.taskProgramStep[task] = HAS_ACCEPTED
      return
    case HAS_ACCEPTED:
      charge(core, TCP_ACCEPT, 1)
      world.taskProgramStep[task] = TAKES
      return
    case TAKES:
      world.taskProgramStep[task] = HAS_TAKEN
      startReceive(core, task, world.taskSocket[task]!, SERVER_BUFFER_BYTES)
      return
    case HAS_TAKEN:
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      if (world.taskMessageBytes[task]! < world.flowMessageBytes[flow]!) {
        world.taskProgramStep[task] = TAKES
        return
      }
      charge(core, OWN_SERVER, 1)
      world.flowReplying[flow] = 1
      world.taskProgramStep[task] = ENDS
      startSend(core, task, world.taskSocket[task]!, world.flowMessageBytes[flow]!)
      return
    case ENDS:
      world.taskProgramStep[task] = ACCEPTS
      startClose(core, task, world.taskSocket[task]!)
      return
  }
}

/** The passive end of the next connection of the task's listener. */
export function acceptNext(core: number, task: number): void {
  const next = nextSocket(world.taskPattern[task]!, world.taskConnections[task]!)
  world.taskConnections[task]! += 1
  world.taskSocket[task] = next
  startAccept(core, task, next)
}

/** Room for what `messages` connections take. The world has its bursts. */
export function connectionSteps(messages: number): ConnectionSteps {
  const tally = (): Float64Array => new Float64Array(coefficientNames.length + 3 * world.bursts)
  return {
    tookNs: CONNECTION_STEPS.map(() => new Float64Array(messages)),
    tallies: CONNECTION_STEPS.map(tally),
    before: tally(),
    now: tally(),
    startedNs: 0,
  }
}

function beginSteps(core: number): void {
  const steps = world.steps!
  steps.startedNs = clockNs(core)
  takeTally(steps.before)
}

/** A step ends, and the next one begins. */
function endStep(core: number, flow: number, step: number): void {
  const { tookNs, tallies, before, now } = world.steps!
  const index = world.flowDone[flow]! - world.warmUpMessages
  const endNs = clockNs(core)
  if (index >= 0 && index < world.messages) tookNs[step]![index] = endNs - world.steps!.startedNs
  world.steps!.startedNs = endNs
  takeTally(now)
  const tally = tallies[step]!
  for (let i = 0; i < now.length; i++) {
    tally[i]! += now[i]! - before[i]!
    before[i] = now[i]!
  }
}

/** How often each coefficient was charged so far, and the packets, super-packets and bytes that have crossed each burst. */
function takeTally(tally: Float64Array): void {
  const { bursts, count } = world
  tally.set(count)
  tally.set(world.burstPackets.subarray(0, bursts), count.length)
  tally.set(world.burstSuperPackets.subarray(0, bursts), count.length + bursts)
  tally.set(world.burstBytes.subarray(0, bursts), count.length + 2 * bursts)
}
