/**
 * A user-space relay between two sockets: wait, read at most a buffer, write all of it, and again; programs.ts has what differs between programs.
 * So does copyloop() of microsocks (sockssrv.c). Left out: what a program reads again without waiting, and what can't be written at once.
 */

import { enterCalls, isReadable, readableBytes, startClose, startConnect, startPoll, startReceive, startSend } from '../engine/calls.js'
import { SOCKET_CREATE, TCP_ACCEPT } from '../engine/charges.js'
import { nextSocket, openPair } from '../engine/connections.js'
import { charge, NONE, world } from '../engine/world.js'
import { acceptNext } from '../workloads/connect.js'

const POLLS = 0
const READS = 1
const WRITES = 2
export const HEARS_REQUEST = 3
const ANSWERS = 4
export const ACCEPTS = 5
const DIALS = 6
const IS_CONNECTED = 7
const CLOSES = 8
const CLOSES_SECOND = 9
const HAS_ACCEPTED = 10

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
      startReceive(core, task, isReadable(first) ? first : world.taskSecondSocket[task]!, bufferBytes)
      return
    case WRITES: {
      // The end: whoever had it last closes both sides.
      if (world.taskGotBytes[task] === 0) {
        world.taskProgramStep[task] = CLOSES
        return
      }
      const from = world.taskCallSocket[task]!
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      // At layer 7 it reads all that is there before it writes: nginx ngx_event_pipe_read_upstream(), HAProxy raw_sock_to_buf().
      if (world.taskHttp[task] !== NONE && readableBytes(from) > 0) {
        startReceive(core, task, from, bufferBytes)
        return
      }
      const bytes = world.taskMessageBytes[task]!
      world.taskMessageBytes[task] = 0
      world.taskProgramStep[task] = POLLS
      if (world.taskHttp[task] !== NONE) {
        if (from === first) charge(core, world.taskHttp[task]!, 1)
        else charge(core, world.taskHttpByte[task]!, bytes)
      }
      startSend(core, task, from === first ? world.taskSecondSocket[task]! : first, bytes)
      return
    }
    case HEARS_REQUEST:
      world.taskProgramStep[task] = ANSWERS
      startReceive(core, task, first, bufferBytes)
      return
    case ANSWERS: {
      const request = world.taskMessage[task]!
      const { answers } = world.taskNegotiation[task]!
      const isLast = request + 1 === answers.length
      if (isLast && isDialling(task)) {
        world.taskProgramStep[task] = DIALS
        return
      }
      world.taskMessage[task] = request + 1
      world.taskProgramStep[task] = isLast ? POLLS : HEARS_REQUEST
      startSend(core, task, first, answers[request]!)
      return
    }
    case ACCEPTS:
      world.taskMessage[task] = 0
      world.taskDialled[task] = 0
      world.taskProgramStep[task] = HAS_ACCEPTED
      acceptNext(core, task)
      return
    case HAS_ACCEPTED:
      charge(core, TCP_ACCEPT, 1)
      charge(core, world.taskRelayConnection[task]!, 1)
      // A relay that speaks no SOCKS5 knows where to connect.
      world.taskProgramStep[task] = world.taskNegotiation[task]!.answers.length > 0 ? HEARS_REQUEST : DIALS
      return
    case DIALS: {
      charge(core, SOCKET_CREATE, 1)
      const next = nextSocket(world.taskSecondPattern[task]!, world.taskConnections[task]! - 1)
      openPair(world.taskSecondPattern[task]!, next)
      world.taskSecondSocket[task] = next
      world.taskDialled[task] = 1
      world.taskProgramStep[task] = IS_CONNECTED
      startConnect(core, task, next)
      return
    }
    case IS_CONNECTED:
      world.taskProgramStep[task] = world.taskNegotiation[task]!.answers.length > 0 ? ANSWERS : POLLS
      return
    case CLOSES:
      world.taskProgramStep[task] = CLOSES_SECOND
      startClose(core, task, first)
      return
    case CLOSES_SECOND:
      world.taskProgramStep[task] = ACCEPTS
      startClose(core, task, world.taskSecondSocket[task]!)
      return
  }
}

/** Each connection of its clients takes one of its own, which it has yet to open. */
function isDialling(task: number): boolean {
  return world.flowConnects[world.taskFlow[task]!] === 1 && world.taskDialled[task] === 0
}
