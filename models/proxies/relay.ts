/**
 * A user-space relay between two sockets: poll, read at most a buffer, write all of it, and again. One thread per connection, blocking sockets.
 * Program: microsocks 1.0.3, copyloop() in sockssrv.c (buffer of 1024 bytes).
 */

import { readableBytes, startPoll, startReceive, startSend } from '../engine/calls.js'
import { RELAY } from '../engine/charges.js'
import { charge, world } from '../engine/world.js'

const POLLS = 0
const READS = 1
const WRITES = 2

/** @param bufferBytes what one read takes */
export function relayGoesOn(core: number, task: number, bufferBytes: number): void {
  const first = world.taskSocket[task]!
  switch (world.taskProgramStep[task]) {
    case POLLS:
      charge(core, RELAY, 1)
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
