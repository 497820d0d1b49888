/** A segment comes in: what happens in which order, and who finds out when. Kernel: tcp_rcv_established(), tcp_add_backlog(), tcp_recvmsg_locked(). */
import { beforeEach, describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { TCP_ACKNOWLEDGE } from '../../models/engine/charges.js'
import { takePacket } from '../../models/engine/packets.js'
import { NONE, RUNNING, SLEEPING, world } from '../../models/engine/world.js'
import { dataArrived } from '../../models/transport/tcp/acknowledge.js'
import { waitForOwner } from '../../models/transport/tcp/backlog.js'
import { tcpInput } from '../../models/transport/tcp/input.js'
import { readPackets } from '../../models/transport/tcp/read.js'
import { queueUnread } from '../../models/transport/tcp/receive-queue.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const SERVER_TASK = 0
const CLIENT_TASK = 1
const SERVER_SOCKET = 1
const CORE = 1
const MSS = 1448
const MS = 1e6

beforeEach(() => {
  buildWorld(smallScenario({ driver: 'bridge' }), inventedProfile(), { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 })
})

function segment(bytes: number, columns: Readonly<Record<string, number>> = {}): number {
  const packet = takePacket()
  const values: Record<string, number> = {
    bytes,
    ackSeq: 0,
    windowBytes: 65536,
    stampMs: 0,
    echoMs: 0,
    duplicate: 0,
    push: 1,
    segmentBytes: Math.min(bytes, MSS),
    ...columns,
  }
  const column = (name: string): Float64Array => world[`packet${name[0]!.toUpperCase()}${name.slice(1)}` as 'packetBytes']
  for (const [name, value] of Object.entries(values)) column(name)[packet] = value
  world.packetNext[packet] = NONE
  return packet
}

describe('a segment that wakes its reader and is answered at once', () => {
  it('wakes first: the answer is sent on the account of whom the wake-up lets in', () => {
    world.taskState[CLIENT_TASK] = RUNNING
    world.coreTask[CORE] = CLIENT_TASK
    world.taskState[SERVER_TASK] = SLEEPING
    world.taskLagNs[SERVER_TASK] = 50_000
    world.socketAwaited[SERVER_SOCKET] = 1
    world.coreTimeNs[CORE] = 10_000
    tcpInput(CORE, SERVER_SOCKET, segment(4 * MSS))
    expect(world.coreNeedsSwitch[CORE]).toBe(1)
    expect(world.count[TCP_ACKNOWLEDGE]).toBe(1)
    expect(world.coreKeptClockNs[CORE]).toBe(10_000)
    expect(world.corePendingNs[CORE]!).toBeGreaterThanOrEqual(world.cost[TCP_ACKNOWLEDGE]!)
  })
})

describe('an acknowledgement for a socket that its owner has locked', () => {
  const waiting = (): number[] => {
    const packets = []
    for (let packet = world.socketBacklogHead[SERVER_SOCKET]!; packet !== NONE; packet = world.packetNext[packet]!) packets.push(packet)
    return packets
  }

  it('joins the one that waits already: the owner meets one that says all', () => {
    waitForOwner(SERVER_SOCKET, segment(0, { ackSeq: MSS, windowBytes: 1000 }))
    waitForOwner(SERVER_SOCKET, segment(0, { ackSeq: 3 * MSS, windowBytes: 2000 }))
    expect(waiting().map((packet) => [world.packetAckSeq[packet], world.packetWindowBytes[packet]])).toEqual([[3 * MSS, 2000]])
  })

  it.each([
    ['with another time stamp', segment.bind(null, 0, { ackSeq: 3 * MSS, stampMs: 1 })],
    ['with payload', segment.bind(null, 100, { ackSeq: 3 * MSS })],
    ['that comes twice', segment.bind(null, 0, { ackSeq: 3 * MSS, duplicate: 1 })],
  ])('stays alone %s', (_, later) => {
    waitForOwner(SERVER_SOCKET, segment(0, { ackSeq: MSS }))
    waitForOwner(SERVER_SOCKET, later())
    expect(waiting()).toHaveLength(2)
  })
})

describe('a program that reads', () => {
  function come(bytes: number): void {
    world.socketReceivedSeq[SERVER_SOCKET]! += bytes
    queueUnread(SERVER_SOCKET, bytes)
  }

  it('frees whole packets alone', () => {
    for (const bytes of [1000, 2000]) come(bytes)
    const queued = world.socketQueuedBytes[SERVER_SOCKET]!
    readPackets(CORE, SERVER_SOCKET, 999)
    expect(world.socketQueuedBytes[SERVER_SOCKET]).toBe(queued)
    readPackets(CORE, SERVER_SOCKET, 1001)
    expect(world.socketCopiedSeq[SERVER_SOCKET]).toBe(2000)
    expect(queued - world.socketQueuedBytes[SERVER_SOCKET]!).toBe(1832)
  })

  it('is measured after its first packet, with the others still unread: that is taken for what it reads in a round trip', () => {
    world.socketReceiveRttUs[SERVER_SOCKET] = 1
    world.coreTimeNs[CORE] = 1e9
    for (const bytes of [40_000, 10_000]) come(bytes)
    readPackets(CORE, SERVER_SOCKET, 50_000)
    expect(world.socketReadSpaceBytes[SERVER_SOCKET]).toBe(30_000)
  })
})

describe('after a gap', () => {
  const quickAfter = (gapNs: number): number => {
    dataArrived(CORE, SERVER_SOCKET)
    world.socketQuickAcks[SERVER_SOCKET] = 0
    world.coreTimeNs[CORE]! += gapNs
    dataArrived(CORE, SERVER_SOCKET)
    return world.socketQuickAcks[SERVER_SOCKET]!
  }

  it('longer than a retransmission’s timeout the sender is answered at once again, sixteen times', () => {
    expect(quickAfter(2000 * MS)).toBe(16)
  })

  it('of a delayed acknowledgement it is not', () => {
    expect(quickAfter(88 * MS)).toBe(0)
  })
})
