/** What holds for every scenario, whatever it is made of. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { runWorld } from '../../models/engine/run.js'
import { UDP, world } from '../../models/engine/world.js'
import { negotiationWith } from '../../models/proxies/negotiation.js'
import { simulateReplication } from '../../models/simulate.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { anyScenario } from '../models/any-scenario.js'
import { noisyProfile } from './noisy-profile.js'

const MESSAGES = 25
const options = { seed: 11, replication: 0, messages: MESSAGES, warmUpMessages: 0 }

/** Runs a scenario to its end, and looks at the world each time that a core has spent its time. */
function watch(scenario: Scenario, look: () => void = () => {}): void {
  buildWorld(scenario, noisyProfile, options)
  const { queue } = world
  const peek = queue.peekTimeNs
  queue.peekTimeNs = () => {
    look()
    return peek.call(queue)
  }
  try {
    runWorld(1e6)
  } finally {
    queue.peekTimeNs = peek
  }
}

/** What a socket receives before the first message: the client a SOCKS5 proxy's answers, the proxy its requests. */
function negotiatedBytes(socket: number): number {
  if (world.flowRequests[0] === 0 || socket > 1) return 0
  const { answers, requests } = negotiationWith({ kind: 'socks5' })
  return (socket === 0 ? answers : requests).reduce((sum, bytes) => sum + bytes)
}

const sockets = () => Array.from({ length: world.sockets }, (_, socket) => socket)

describe('in every scenario', () => {
  it('bytes out are bytes in: what a task reads is what its peer wrote, and every message is whole', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        watch(scenario)
        const { messageBytes } = scenario.flows.ping!.workload
        expect(world.flowDone[0]).toBe(MESSAGES)
        for (const socket of sockets()) {
          // The last reply has been read; no other message has begun.
          const bytes = MESSAGES * messageBytes + negotiatedBytes(socket)
          expect(world.socketReceivedSeq[socket]).toBe(bytes)
          expect(world.socketCopiedSeq[socket]).toBe(bytes)
          if (world.socketTransport[socket] === UDP) continue
          expect(world.socketWriteSeq[socket]).toBe(MESSAGES * messageBytes + negotiatedBytes(world.socketPeer[socket]!))
          expect(world.socketSentSeq[socket]).toBe(world.socketReceivedSeq[world.socketPeer[socket]!])
        }
        expect(world.flowLatencyNs[0]!.every((latency) => latency > 0)).toBe(true)
      }),
      { seed: 21, numRuns: 60 },
    )
  })

  it('no more is in flight than the congestion window, and sequence numbers keep their order', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        watch(scenario, () => {
          for (const socket of sockets()) {
            if (world.socketTransport[socket] === UDP) continue
            const inFlight = world.socketSentSeq[socket]! - world.socketUnackedSeq[socket]!
            if (inFlight > world.socketWindowSegments[socket]! * world.socketMssBytes[socket]!) expect.fail(`${inFlight} B in flight`)
            const peer = world.socketPeer[socket]!
            const inOrder =
              world.socketUnackedSeq[socket]! <= world.socketReceivedSeq[peer]! &&
              world.socketCopiedSeq[peer]! <= world.socketReceivedSeq[peer]! &&
              world.socketReceivedSeq[peer]! <= world.socketSentSeq[socket]! &&
              world.socketSentSeq[socket]! <= world.socketWriteSeq[socket]!
            if (!inOrder) expect.fail(`socket ${socket}: acknowledged, received, sent and written bytes are out of order`)
          }
        })
      }),
      { seed: 22, numRuns: 40 },
    )
  })

  it('the same seed gives the same bytes, another replication gives others', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const once = simulateReplication(scenario, noisyProfile, options)
        expect(simulateReplication(scenario, noisyProfile, options)).toEqual(once)
        const other = simulateReplication(scenario, noisyProfile, { ...options, replication: 1 })
        expect(other.flows[0]!.latencyNs).not.toEqual(once.flows[0]!.latencyNs)
      }),
      { seed: 25, numRuns: 20 },
    )
  })
})
