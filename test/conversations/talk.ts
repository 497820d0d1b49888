/**
 * Conversations with one TCP connection, in packetdrill's manner: a script says who sends, reads or waits, and below each act stand the packets
 * that follow from it. Nothing costs time here: it passes by `wait` alone, so that every time is the timer's own.
 *
 *     given client nagle, mss 1448     what both ends are like (comma between the parts)
 *     client sends 100                 send() of so many bytes
 *     server reads                     recv() of whatever is there
 *     server holds its socket          as a system call does: what comes meanwhile waits in the socket's backlog
 *     server lets its socket go
 *     wait 44 ms
 *         0 ms  client > 0:100 push ack 0      the packet's time, sender, bytes (from:to, then segment size where it has several), flags
 */

import { buildWorld } from '../../models/engine/build.js'
import { advanceCall, IN_PROGRAM, PREEMPTED, RELEASES_SOCKET, readableBytes, startReceive, startSend } from '../../models/engine/calls.js'
import { dequeue, enqueue, givePacketBack } from '../../models/engine/packets.js'
import { DELAYED_ACK_FIRES, LOSS_PROBE_FIRES, NONE, world } from '../../models/engine/world.js'
import { delayedAcknowledgementFires } from '../../models/transport/tcp/acknowledge.js'
import { openCongestionWindow } from '../../models/transport/tcp/congestion-window.js'
import { chargeTcpInput, tcpInput } from '../../models/transport/tcp/input.js'
import { lossProbeFires } from '../../models/transport/tcp/loss-probe.js'
import { freeProfile } from '../models/fixture-profile.js'
import { smallScenario } from '../models/small-scenario.js'

const CORE = 1
const CLIENT = 0
const SERVER = 1
const NAMES = ['client', 'server']
/** IPv4 and TCP headers with time stamps. */
const HEADERS_BYTES = 52

interface Connection {
  /** Bytes that each end has put on the wire. */
  readonly sentBytes: [number, number]
  readonly transcript: string[]
}

/** The script with the packets that the model sends, in place of those that it expects. */
export function talk(script: string): string {
  const lines = script.split('\n')
  const given = lines.find((line) => line.startsWith('given '))?.slice('given '.length) ?? ''
  const connection = connect(given)
  for (const line of lines) {
    if (line.startsWith(' ')) continue
    connection.transcript.push(line)
    if (line !== '' && !line.startsWith('#') && !line.startsWith('given ')) act(connection, line)
  }
  return connection.transcript.join('\n')
}

function connect(given: string): Connection {
  const parts = given.split(', ').filter((part) => part !== '')
  const numberAfter = (word: string): number | undefined => {
    const part = parts.find((p) => p.startsWith(`${word} `))
    return part === undefined ? undefined : Number(part.slice(word.length + 1))
  }
  const scenario = smallScenario({ driver: 'veth', mtuBytes: (numberAfter('mss') ?? 1448) + HEADERS_BYTES })
  const options = { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 }
  buildWorld(scenario, freeProfile(numberAfter('hz')), options)
  for (const socket of [CLIENT, SERVER]) {
    if (parts.includes(`${NAMES[socket]} nagle`)) world.socketNoDelay[socket] = 0
    if (parts.includes(`${NAMES[socket]} quick-ack`)) world.socketQuickAckRoute[socket] = 1
    const window = numberAfter(`${NAMES[socket]} window`)
    if (window !== undefined) openCongestionWindow(socket, window)
  }
  return { sentBytes: [0, 0], transcript: [] }
}

function act(connection: Connection, line: string): void {
  const [, name, verb, amount] =
    /^(client|server|wait) ?(sends|reads|holds its socket|lets its socket go)? ?([\d.]+)?(?: ms)?$/.exec(line) ?? []
  if (name === undefined) throw new Error(`not a line of a conversation: ${line}`)
  if (name === 'wait') {
    wait(connection, Number(amount) * 1e6)
    return
  }
  const socket = NAMES.indexOf(name)
  const task = world.socketTask[socket]!
  switch (verb) {
    case 'sends':
      startSend(CORE, task, socket, Number(amount))
      break
    case 'reads':
      if (readableBytes(socket) === 0) throw new Error(`${line}: there is nothing to read`)
      startReceive(CORE, task, socket, Number(amount ?? Number.POSITIVE_INFINITY))
      break
    case 'holds its socket':
      world.socketOwned[socket] = 1
      return
    default:
      world.taskCallSocket[task] = socket
      world.taskPhase[task] = RELEASES_SOCKET
  }
  for (;;) {
    softirq(connection)
    if (inUserSpace(world.taskPhase[task]!)) return
    advanceCall(CORE, task)
  }
}

function inUserSpace(phase: number): boolean {
  return phase === IN_PROGRAM || phase === PREEMPTED
}

/** What stands in the core's backlog crosses, and whatever that makes the other end send. */
function softirq(connection: Connection): void {
  while (world.coreBacklogHead[CORE] !== NONE) {
    const packet = dequeue(world.coreBacklogHead, CORE)
    note(connection, packet)
    const socket = world.packetSocket[packet]!
    if (world.socketOwned[socket] === 1) {
      enqueue(world.socketBacklogHead, world.socketBacklogTail, socket, packet)
      continue
    }
    chargeTcpInput(CORE, packet)
    tcpInput(CORE, socket, packet)
    givePacketBack(packet)
  }
}

function note({ sentBytes, transcript }: Connection, packet: number): void {
  const sender = world.socketPeer[world.packetSocket[packet]!]! as 0 | 1
  const bytes = world.packetBytes[packet]!
  const from = sentBytes[sender]
  sentBytes[sender] += bytes
  const segment = world.packetSegmentBytes[packet]!
  const words = [
    ...(bytes > 0 ? [`${from}:${from + bytes}`] : []),
    ...(bytes > segment ? [`in ${segment}`] : []),
    // Every packet of several segments carries PSH too (__tcp_transmit_skb()); receivers look at it in lone segments only.
    ...(world.packetPush[packet] === 1 || bytes > segment ? ['push'] : []),
    ...(world.packetDuplicate[packet] === 1 ? ['again'] : []),
    `ack ${world.packetAckSeq[packet]}`,
  ]
  transcript.push(`${String(world.coreTimeNs[CORE]! / 1e6).padStart(8)} ms  ${NAMES[sender]} > ${words.join(' ')}`)
}

function wait(connection: Connection, durationNs: number): void {
  const until = world.coreTimeNs[CORE]! + durationNs
  while (world.queue.peekTimeNs() <= until) {
    world.queue.pop()
    if (world.queue.kind !== DELAYED_ACK_FIRES && world.queue.kind !== LOSS_PROBE_FIRES)
      throw new Error(`an event of kind ${world.queue.kind} in a conversation`)
    world.coreTimeNs[CORE] = world.queue.timeNs
    if (world.queue.kind === DELAYED_ACK_FIRES) delayedAcknowledgementFires(world.queue.row)
    else lossProbeFires(world.queue.row)
    softirq(connection)
  }
  world.coreTimeNs[CORE] = until
}
