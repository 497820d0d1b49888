/**
 * A user-space relay between two sockets: wait, read at most a buffer, write all of it, and again; programs.ts has what differs between programs.
 * So does copyloop() of microsocks (sockssrv.c). Left out: what a program reads again without waiting, and what can't be written at once.
 */

import { enterCalls, readableBytes, startPoll, startReceive, startSend } from '../engine/calls.js'
import { charge, world } from '../engine/world.js'
import { ANSWERS_BYTES } from './negotiation.js'

const POLLS = 0
const READS = 1
const WRITES = 2
export const HEARS_REQUEST = 3
const ANSWERS = 4

/**
 * A wait looks at its sockets before it sleeps and again when it is woken (do_poll()), and the program's loop lies on both sides of it. Seen in a
 * trace of sched_switch: going to sleep in poll() took microsocks 0.3 us more than being preempted, starting from there 0.2 us less.
 */
const BEFORE_WAITING = 0.5

/** @param bufferBytes what one read takes */
export function relayGoesOn(core: number, task: number, bufferBytes: number): void {
  const first = world.taskSocket[task]!
  switch (world.taskProgramStep[task]) {
    case POLLS:
      charge(core, world.taskRelay[task]!, BEFORE_WAITING)
      if (world.taskRelayCalls[task]! > 0) enterCalls(core, task, world.taskRelayCalls[task]!)
      world.taskProgramStep[task] = READS
      startPoll(core, task)
      return
    case READS:
      world.taskProgramStep[task] = WRITES
      charge(core, world.taskRelay[task]!, 1 - BEFORE_WAITING)
      startReceive(core, task, readableBytes(first) > 0 ? first : world.taskSecondSocket[task]!, bufferBytes)
      return
    case WRITES: {
      world.taskProgramStep[task] = POLLS
      const from = world.taskCallSocket[task]!
      startSend(core, task, from === first ? world.taskSecondSocket[task]! : first, world.taskGotBytes[task]!)
      return
    }
    case HEARS_REQUEST:
      world.taskProgramStep[task] = ANSWERS
      startReceive(core, task, first, bufferBytes)
      return
    case ANSWERS: {
      const request = world.taskMessage[task]!
      world.taskMessage[task] = request + 1
      world.taskProgramStep[task] = request + 1 < ANSWERS_BYTES.length ? HEARS_REQUEST : POLLS
      startSend(core, task, first, ANSWERS_BYTES[request]!)
      return
    }
  }
}
