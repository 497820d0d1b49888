/**
 * A stream as iperf3 3.12 plays it, one thread at each end: the client asks whether it can write (select), then writes ten times, each write blocking
 * while the send buffer is full; the server asks whether there is anything to read, then reads a whole block. Seen with strace.
 */
import { startReceive, startSelectWriteable, startSend, startWaitReadable } from '../engine/calls.js'
import { STREAM_SELECT } from '../engine/charges.js'
import { charge, world } from '../engine/world.js'
import { clockNs } from './clock.js'
import { UNDER_WAY } from './open-loop.js'

/** Where the programs stand: the sender's writes since it has asked count from WRITES on. */
const SELECTS = 0
const WRITES = 1
const READS = 1
const GOT_BYTES = 2

/** iperf_send(): `multisend`, writes from one select to the next. */
export const WRITES_PER_SELECT = 10

export function streamSenderGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  const step = world.taskProgramStep[task]!
  if (step === SELECTS) {
    world.taskProgramStep[task] = WRITES
    charge(core, STREAM_SELECT, 1)
    startSelectWriteable(core, task, socket)
    return
  }
  const number = world.flowSent[flow]!
  world.flowIntendedNs[flow]![number & (UNDER_WAY - 1)] = clockNs(core)
  world.flowSent[flow] = number + 1
  world.taskProgramStep[task] = step === WRITES_PER_SELECT ? SELECTS : step + 1
  startSend(core, task, socket, world.flowMessageBytes[flow]!)
}

export function streamReceiverGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  switch (world.taskProgramStep[task]) {
    case SELECTS:
      world.taskProgramStep[task] = READS
      charge(core, STREAM_SELECT, 1)
      startWaitReadable(core, task)
      return
    case READS:
      world.taskProgramStep[task] = GOT_BYTES
      startReceive(core, task, socket, world.flowReadBytes[flow]! - world.taskMessageBytes[task]!)
      return
    case GOT_BYTES:
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      // Nread(): a block that is not whole is read on.
      if (world.taskMessageBytes[task]! >= world.flowReadBytes[flow]!) {
        world.taskMessageBytes[task] = 0
        world.taskProgramStep[task] = SELECTS
      } else world.taskProgramStep[task] = READS
      completeMessages(core, flow, socket)
      return
  }
}

/** Writes whose last byte has been read. */
function completeMessages(core: number, flow: number, socket: number): void {
  const message = world.flowMessageBytes[flow]!
  const last = world.warmUpMessages + world.messages
  while ((world.flowDone[flow]! + 1) * message <= world.socketCopiedSeq[socket]! && world.flowDone[flow]! < last) {
    const number = world.flowDone[flow]!
    world.flowDone[flow] = number + 1
    const index = number - world.warmUpMessages
    if (number + 1 === world.warmUpMessages) world.flowFromNs[flow] = clockNs(core)
    if (index < 0) continue
    world.flowLatencyNs[flow]![index] = clockNs(core) - world.flowIntendedNs[flow]![number & (UNDER_WAY - 1)]!
    if (number + 1 < last) continue
    world.flowUntilNs[flow] = clockNs(core)
    world.flowsLeft -= 1
  }
}

/** Payload that the receiver has read since the warm-up was over, bit/s. */
export function throughputBps(flow: number): number {
  return (8e9 * world.messages * world.flowMessageBytes[flow]!) / (world.flowUntilNs[flow]! - world.flowFromNs[flow]!)
}
