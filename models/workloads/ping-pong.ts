/**
 * Ping-pong as sockperf plays it: the client stamps the time, sends, receives the whole reply, stamps again; the server answers each message
 * with one of the same size. Latency is half of the time between the stamps.
 */

import { startReceive, startSend } from '../engine/calls.js'
import { CLIENT, SERVER } from '../engine/charges.js'
import { charge, type World } from '../engine/world.js'

/** Where the programs stand. */
const STARTS_MESSAGE = 0
const RECEIVES = 1
const GOT_BYTES = 2

/** sockperf's server reads into a buffer of this size. */
const SERVER_BUFFER_BYTES = 65507

export function clientGoesOn(w: World, core: number, task: number): void {
  const flow = w.taskFlow[task]!
  const socket = w.taskSocket[task]!
  const message = w.flowMessageBytes[flow]!
  switch (w.taskProgramStep[task]) {
    case STARTS_MESSAGE:
      charge(w, core, CLIENT, 1)
      w.flowSentAtNs[flow] = clockNs(w, core)
      w.flowReplying[flow] = 0
      w.flowStalled[flow] = 0
      w.taskMessageBytes[task] = 0
      w.taskProgramStep[task] = RECEIVES
      startSend(w, core, task, socket, message)
      return
    case GOT_BYTES:
      w.taskMessageBytes[task]! += w.taskGotBytes[task]!
      if (w.taskMessageBytes[task]! >= message) {
        w.taskProgramStep[task] = STARTS_MESSAGE
        completeMessage(w, core, flow)
      } else w.taskProgramStep[task] = RECEIVES
      return
    case RECEIVES:
      w.taskProgramStep[task] = GOT_BYTES
      startReceive(w, core, task, socket, message - w.taskMessageBytes[task]!)
      return
  }
}

/** What the clock shows a process: work that is charged but not yet spent has been done, its noise and interruptions come with the spending. */
function clockNs(w: World, core: number): number {
  return w.coreTimeNs[core]! + w.corePendingNs[core]!
}

function completeMessage(w: World, core: number, flow: number): void {
  const index = w.flowDone[flow]! - w.warmUpMessages
  w.flowDone[flow]! += 1
  if (index < 0 || index >= w.messages) return
  w.flowLatencyNs[flow]![index] = (clockNs(w, core) - w.flowSentAtNs[flow]!) / 2
  if ((w.flowStalled[flow]! & 1) !== 0) w.flowStalledThere[flow]! += 1
  if ((w.flowStalled[flow]! & 2) !== 0) w.flowStalledBack[flow]! += 1
  if (index === w.messages - 1) w.flowsLeft -= 1
}

export function serverGoesOn(w: World, core: number, task: number): void {
  const flow = w.taskFlow[task]!
  const socket = w.taskSocket[task]!
  if (w.taskProgramStep[task] === GOT_BYTES) {
    w.taskMessageBytes[task]! += w.taskGotBytes[task]!
    if (w.taskMessageBytes[task]! >= w.flowMessageBytes[flow]!) {
      charge(w, core, SERVER, 1)
      w.flowReplying[flow] = 1
      w.taskMessageBytes[task] = 0
      w.taskProgramStep[task] = RECEIVES
      startSend(w, core, task, socket, w.flowMessageBytes[flow]!)
      return
    }
  }
  startReceive(w, core, task, socket, SERVER_BUFFER_BYTES)
  w.taskProgramStep[task] = GOT_BYTES
}
