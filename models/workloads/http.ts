/**
 * HTTP/1.1 on a connection that stands (RFC 9112, section 9.3), one request at a time: wrk asks nginx for a body, and asks again when it has all of it. The
 * response time runs from before the request's write to after the last read of the reply. Left out: what a relay at layer 7 changes in the headers
 * (some tens of bytes), and what wrk does between a reply and the next request.
 */
import { isReadable, readableBytes, startPoll, startReceive, startSend } from '../engine/calls.js'
import { HTTP_CLIENT, HTTP_SERVER, HTTP_SERVER_BYTE } from '../engine/charges.js'
import { charge, world } from '../engine/world.js'
import { clockNs } from './clock.js'

/** `GET / HTTP/1.1`, `Host: 10.70.0.2:20001`, and an empty line, as wrk sends them. */
export const REQUEST_BYTES = 41
/** nginx 1.22.1: status line, Server, Date, Content-Type, Content-Length (but its digits), Connection, and an empty line. */
const REPLY_HEADER_BYTES = 146

/** Header and body of a reply. */
export function replyBytes(bodyBytes: number): number {
  return REPLY_HEADER_BYTES + String(bodyBytes).length + bodyBytes
}

/** What one read takes: wrk's (src/wrk.h, RECVBUF), and nginx's of a request (client_header_buffer_size). */
const CLIENT_BUFFER_BYTES = 8192
const SERVER_BUFFER_BYTES = 1024

/** A wait has work on both sides of it, as a relay's has (proxies/relay.ts). */
const BEFORE_WAITING = 0.5

/** Where the client's program stands; the first is that of every client that begins a message (run-laws.ts). */
const ASKS = 0
const WAITS = 1
const READS = 2
const GOT_BYTES = 3

export function httpClientGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  switch (world.taskProgramStep[task]) {
    case ASKS:
      world.flowSentAtNs[flow] = clockNs(core)
      world.flowReplying[flow] = 0
      world.flowStalled[flow] = 0
      world.taskMessageBytes[task] = 0
      world.taskProgramStep[task] = WAITS
      startSend(core, task, socket, world.flowRequestBytes[flow]!)
      charge(core, HTTP_CLIENT, BEFORE_WAITING)
      return
    case WAITS:
      world.taskProgramStep[task] = READS
      startPoll(core, task)
      return
    case READS:
      world.taskProgramStep[task] = GOT_BYTES
      startReceive(core, task, socket, CLIENT_BUFFER_BYTES)
      return
    case GOT_BYTES:
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      if (world.taskMessageBytes[task]! >= world.flowMessageBytes[flow]!) {
        charge(core, HTTP_CLIENT, 1 - BEFORE_WAITING)
        world.taskProgramStep[task] = ASKS
        completeRequest(core, flow)
      } else world.taskProgramStep[task] = isReadable(socket) ? READS : WAITS
      return
  }
}

function completeRequest(core: number, flow: number): void {
  const index = world.flowDone[flow]! - world.warmUpMessages
  world.flowDone[flow]! += 1
  if (index < 0 || index >= world.messages) return
  world.flowLatencyNs[flow]![index] = clockNs(core) - world.flowSentAtNs[flow]!
  if ((world.flowStalled[flow]! & 1) !== 0) world.flowStalledThere[flow]! += 1
  if ((world.flowStalled[flow]! & 2) !== 0) world.flowStalledBack[flow]! += 1
  if (index === world.messages - 1) world.flowsLeft -= 1
}

const LISTENS = 0
const HEARS = 1
const ANSWERS = 2

export function httpServerGoesOn(core: number, task: number): void {
  const flow = world.taskFlow[task]!
  const socket = world.taskSocket[task]!
  switch (world.taskProgramStep[task]) {
    case LISTENS:
      world.taskProgramStep[task] = HEARS
      startPoll(core, task)
      return
    case HEARS:
      charge(core, HTTP_SERVER, 1 - BEFORE_WAITING)
      world.taskProgramStep[task] = ANSWERS
      startReceive(core, task, socket, SERVER_BUFFER_BYTES)
      return
    case ANSWERS: {
      world.taskMessageBytes[task]! += world.taskGotBytes[task]!
      const isWhole = world.taskMessageBytes[task]! >= world.flowRequestBytes[flow]!
      world.taskProgramStep[task] = isWhole || readableBytes(socket) === 0 ? LISTENS : HEARS
      if (!isWhole) return
      world.taskMessageBytes[task] = 0
      charge(core, HTTP_SERVER, BEFORE_WAITING)
      charge(core, HTTP_SERVER_BYTE, world.flowMessageBytes[flow]!)
      world.flowReplying[flow] = 1
      startSend(core, task, socket, world.flowMessageBytes[flow]!)
      return
    }
  }
}
