/**
 * An open loop as Fairway's generator plays it (experiments/testbed/instruments/open-loop.c): the client spins; in each round it sends one message
 * if one is due, else reads what is there. The server answers each whole message with one of the same size; it reads as much as there is, so
 * that under load one wake-up and one call serve many messages. Response times count from the intended time of each message.
 */
import { exponential } from '../../sim/index.js'
import { emptyReceiveNs, readableBytes, startReceive, startSend, tryReceive } from '../engine/calls.js'
import { CLIENT, SERVER } from '../engine/charges.js'
import { spin } from '../engine/spin.js'
import { charge, UDP, world } from '../engine/world.js'
import { clockNs } from './clock.js'

/** Where the programs stand. */
const NEXT_ROUND = 0
const GOT_BYTES = 1

/** What one read of either program takes. */
const READ_BYTES = 65507
/** Messages that can be under way, a power of two: a client whose server is that far behind waits. */
export const UNDER_WAY = 65_536

/** When the message after the one that was intended at `timeNs` is due. */
export function nextDueNs(flow: number, timeNs: number): number {
  const interval = world.flowIntervalNs[flow]!
  return timeNs + (world.flowPoisson[flow] === 1 ? exponential(world.arrivals, interval) : interval)
}

export function openLoopClientGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  if (world.taskProgramStep[task] === GOT_BYTES) {
    takeReplies(core, task, flow, socket)
    world.taskProgramStep[task] = NEXT_ROUND
    return
  }
  const due = world.flowNextNs[flow]!
  if (readableBytes(socket) === 0) spin(core, task, emptyReceiveNs(task, socket), due)
  if (clockNs(core) < due || world.flowSent[flow]! - world.flowDone[flow]! - world.flowDropped[flow]! >= UNDER_WAY) {
    world.taskProgramStep[task] = GOT_BYTES
    tryReceive(core, task, socket, READ_BYTES)
    return
  }
  const number = world.flowSent[flow]!
  world.flowIntendedNs[flow]![number & (UNDER_WAY - 1)] = due
  world.flowSent[flow] = number + 1
  world.flowNextNs[flow] = nextDueNs(flow, due)
  world.taskMessage[task] = number
  charge(core, CLIENT, 1)
  startSend(core, task, socket, world.flowMessageBytes[flow]!)
}

/** Replies that are whole: a datagram says which message it answers, a stream answers them in order. */
function takeReplies(core: number, task: number, flow: number, socket: number): void {
  const message = world.flowMessageBytes[flow]!
  world.taskMessageBytes[task]! += world.taskGotBytes[task]!
  while (world.taskMessageBytes[task]! >= message && world.flowsLeft > 0) {
    world.taskMessageBytes[task]! -= message
    completeMessage(core, flow, world.socketTransport[socket] === UDP ? world.taskMessage[task]! : world.flowDone[flow]!)
  }
}

function completeMessage(core: number, flow: number, number: number): void {
  const index = world.flowDone[flow]! - world.warmUpMessages
  world.flowDone[flow]! += 1
  if (index < 0 || index >= world.messages) return
  world.flowLatencyNs[flow]![index] = clockNs(core) - world.flowIntendedNs[flow]![number & (UNDER_WAY - 1)]!
  if (index === world.messages - 1) world.flowsLeft -= 1
}

export function openLoopServerGoesOn(core: number, task: number): void {
  const socket = world.taskSocket[task]!
  const message = world.flowMessageBytes[world.taskFlow[task]!]!
  if (world.taskProgramStep[task] === GOT_BYTES) {
    world.taskMessageBytes[task]! += world.taskGotBytes[task]!
    world.taskProgramStep[task] = NEXT_ROUND
  }
  if (world.taskMessageBytes[task]! >= message) {
    world.taskMessageBytes[task]! -= message
    charge(core, SERVER, 1)
    startSend(core, task, socket, message)
    return
  }
  world.taskProgramStep[task] = GOT_BYTES
  startReceive(core, task, socket, READ_BYTES)
}
