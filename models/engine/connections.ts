/**
 * Connections that come and go: a flow of them has several pairs of sockets on each leg, of which each new connection takes the next, so that what is
 * left of the one before (its last acknowledgements, its timers) finds its own socket. The first pair is their pattern: sockets as they are when a
 * connection begins.
 */
import { world } from './world.js'

/** Pairs of sockets that take turns. */
const TURNS = 4
/** Pairs that each leg of a flow of connections needs. */
export const PAIRS = 1 + TURNS

/** Timers that are set stay set: their events come, and find out whether somebody waits for them. Who waits to accept waits on. */
const keptColumns = /^socket(Peer|Awaited|Ack(TimerSet|TimerCore)|Probe(Set|SetJiffies|Core))$/
const columns = Object.entries(world).flatMap(([name, column]) =>
  /^socket[A-Z]/.test(name) &&
  !keptColumns.test(name) &&
  (column instanceof Float64Array || column instanceof Int32Array || column instanceof Uint8Array)
    ? [column]
    : [],
)

/** The socket of the task's next connection. */
export function nextSocket(pattern: number, connections: number): number {
  return pattern + 2 * (1 + (connections % TURNS))
}

/** Both sockets of a pair are as its pattern's again. @throws Error where the connection before has not ended */
export function openPair(pattern: number, near: number): void {
  for (let side = 0; side < 2; side++) {
    const socket = near + side
    if (world.socketJoined[socket] === 1 || world.socketOwned[socket] === 1)
      throw new Error(`a connection of ${TURNS} before has not ended at ${world.queue.timeNs} ns: a model is stuck`)
    keepRead(socket)
    for (const column of columns) column[socket] = column[pattern + side]!
  }
}

/** What the ends of a flow have read outlives their sockets (run-laws.ts). */
function keepRead(socket: number): void {
  const flow = world.socketFlow[socket]!
  const task = world.socketTask[socket]!
  if (task === world.flowServer[flow]) world.flowAskedBytes[flow]! += world.socketCopiedSeq[socket]!
  if (task === world.flowClient[flow]) world.flowAnsweredBytes[flow]! += world.socketCopiedSeq[socket]!
}
