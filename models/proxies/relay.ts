/**
 * A user-space relay between two sockets: wait, read at most a buffer, write all of it, and again; programs.ts has what differs between programs.
 * So does copyloop() of microsocks (sockssrv.c). Left out: what a program reads again without waiting, and what can't be written at once.
 */

import { enterCalls, readableBytes, startPoll, startReceive, startSend } from '../engine/calls.js'
import { charge, world } from '../engine/world.js'

const POLLS = 0
const READS = 1
const WRITES = 2

/** @param bufferBytes what one read takes */
export function relayGoesOn(core: number, task: number, bufferBytes: number): void {
  const first = world.taskSocket[task]!
  switch (world.taskProgramStep[task]) {
    case POLLS:
      charge(core, world.taskRelay[task]!, 1)
      if (world.taskRelayCalls[task]! > 0) enterCalls(core, task, world.taskRelayCalls[task]!)
      world.taskProgramStep[task] = READS
      startPoll(core, task)
      return
    case READS:
      world.taskProgramStep[task] = WRITES
      startReceive(core, task, readableBytes(first) > 0 ? first : world.taskSecondSocket[task]!, bufferBytes)
      return
    case WRITES: {
      world.taskProgramStep[task] = POLLS
      const from = world.taskCallSocket[task]!
      startSend(core, task, from === first ? world.taskSecondSocket[task]! : first, world.taskGotBytes[task]!)
      return
    }
  }
}
