/**
 * A user-space relay between two sockets: poll, read at most a buffer, write all of it, and again. One thread per connection, blocking sockets.
 * Program: microsocks 1.0.3, copyloop() in sockssrv.c (buffer of 1024 bytes).
 */

import { readableBytes, startPoll, startReceive, startSend } from '../engine/calls.js'
import { RELAY } from '../engine/charges.js'
import { charge, type World } from '../engine/world.js'

const POLLS = 0
const READS = 1
const WRITES = 2

/** @param bufferBytes what one read takes */
export function relayGoesOn(w: World, core: number, task: number, bufferBytes: number): void {
  const first = w.taskSocket[task]!
  switch (w.taskProgramStep[task]) {
    case POLLS:
      charge(w, core, RELAY, 1)
      w.taskProgramStep[task] = READS
      startPoll(w, core, task)
      return
    case READS:
      w.taskProgramStep[task] = WRITES
      startReceive(w, core, task, readableBytes(w, first) > 0 ? first : w.taskSecondSocket[task]!, bufferBytes)
      return
    case WRITES: {
      w.taskProgramStep[task] = POLLS
      const from = w.taskCallSocket[task]!
      startSend(w, core, task, from === first ? w.taskSecondSocket[task]! : first, w.taskGotBytes[task]!)
      return
    }
  }
}
