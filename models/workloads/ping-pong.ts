/**
 * Ping-pong as sockperf plays it: the client stamps the time, sends, receives the whole reply, stamps again; the server answers each message
 * with one of the same size. Latency is half of the time between the stamps. Over Unix-domain sockets, which sockperf 3.7 has not, Fairway's own
 * instrument plays the same.
 */

import { RESTS, startReceive, startSend } from '../engine/calls.js'
import { CLIENT, OWN_SERVER, SERVER } from '../engine/charges.js'
import { charge, UNIX_STREAM, world } from '../engine/world.js'
import { clockNs } from './clock.js'

/** Where the programs stand. */
export const STARTS_MESSAGE = 0
const RECEIVES = 1
const GOT_BYTES = 2
export const NEGOTIATES = 3
const HEARS_ANSWER = 4

/** sockperf's server reads into a buffer of this size. */
const SERVER_BUFFER_BYTES = 65507

export function clientGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  const message = world.flowMessageBytes[flow]!
  switch (world.taskProgramStep[task]) {
    case STARTS_MESSAGE:
      charge(core, CLIENT, 1)
      world.flowSentAtNs[flow] = clockNs(core)
      world.flowReplying[flow] = 0
      world.flowStalled[flow] = 0
      world.taskMessageBytes[task] = 0
      world.taskProgramStep[task] = RECEIVES
      startSend(core, task, socket, message)
      return
    case GOT_BYTES:
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      if (world.taskMessageBytes[task]! >= message) {
        world.taskProgramStep[task] = STARTS_MESSAGE
        completeMessage(core, flow)
      } else world.taskProgramStep[task] = RECEIVES
      return
    case RECEIVES:
      world.taskProgramStep[task] = GOT_BYTES
      startReceive(core, task, socket, message - world.taskMessageBytes[task]!)
      return
    case NEGOTIATES: {
      const request = world.taskMessage[task]!
      if (request === world.flowRequests[flow]) {
        world.taskProgramStep[task] = STARTS_MESSAGE
        world.taskPhase[task] = RESTS
        return
      }
      world.taskProgramStep[task] = HEARS_ANSWER
      startSend(core, task, socket, world.flowNegotiation[flow]!.requests[request]!)
      return
    }
    case HEARS_ANSWER:
      world.taskProgramStep[task] = NEGOTIATES
      world.flowNegotiatedBytes[flow]! += world.flowNegotiation[flow]!.answers[world.taskMessage[task]!]!
      startReceive(core, task, socket, world.flowNegotiation[flow]!.answers[world.taskMessage[task]!]!)
      world.taskMessage[task]! += 1
      return
  }
}

function completeMessage(core: number, flow: number): void {
  const index = world.flowDone[flow]! - world.warmUpMessages
  world.flowDone[flow]! += 1
  if (index < 0 || index >= world.messages) return
  world.flowLatencyNs[flow]![index] = (clockNs(core) - world.flowSentAtNs[flow]!) / 2
  if ((world.flowStalled[flow]! & 1) !== 0) world.flowStalledThere[flow]! += 1
  if ((world.flowStalled[flow]! & 2) !== 0) world.flowStalledBack[flow]! += 1
  if (index === world.messages - 1) world.flowsLeft -= 1
}

export function serverGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  if (world.taskProgramStep[task] === GOT_BYTES) {
    world.taskMessageBytes[task]! += world.taskGotBytes[task]!
    if (world.taskMessageBytes[task]! >= world.flowMessageBytes[flow]!) {
      charge(core, world.socketTransport[socket]! >= UNIX_STREAM ? OWN_SERVER : SERVER, 1)
      world.flowReplying[flow] = 1
      world.taskMessageBytes[task] = 0
      world.taskProgramStep[task] = RECEIVES
      startSend(core, task, socket, world.flowMessageBytes[flow]!)
      return
    }
  }
  startReceive(core, task, socket, SERVER_BUFFER_BYTES)
  world.taskProgramStep[task] = GOT_BYTES
}
