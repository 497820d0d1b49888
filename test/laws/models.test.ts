/** What holds for every scenario, whatever it is made of. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { runWorld } from '../../models/engine/run.js'
import { UDP, world } from '../../models/engine/world.js'
import { processorTimeNs } from '../../models/processor-time.js'
import { ANSWERS_BYTES, REQUESTS_BYTES } from '../../models/proxies/negotiation.js'
import { simulateReplication } from '../../models/simulate.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { anyScenario } from '../models/any-scenario.js'
import { inventedProfile } from '../models/fixture-profile.js'

const MESSAGES = 25
const quiet = inventedProfile()
const noisy = inventedProfile({
  burstSigma: 0.1,
  interruptions: [
    {
      name: 'tick',
      intervalNs: 4e6,
      periodic: true,
      lengths: [
        { ns: 1000, share: 1 },
        { ns: 8000, share: 0.01 },
      ],
    },
    {
      name: 'host',
      intervalNs: 3e5,
      periodic: false,
      lengths: [
        { ns: 5000, share: 1 },
        { ns: 40_000, share: 0.01 },
      ],
    },
  ],
})
const options = { seed: 11, replication: 0, messages: MESSAGES, warmUpMessages: 0 }

/** Runs a scenario to its end, and looks at the world each time that a core has spent its time. */
function watch(scenario: Scenario, profile = noisy, look: () => void = () => {}): { looks: number } {
  buildWorld(scenario, profile, options)
  const { queue } = world
  const peek = queue.peekTimeNs
  let looks = 0
  queue.peekTimeNs = () => {
    looks++
    look()
    return peek.call(queue)
  }
  try {
    runWorld(1e6)
  } finally {
    queue.peekTimeNs = peek
  }
  return { looks }
}

/** What a socket receives before the first message: the client a SOCKS5 proxy's answers, the proxy its requests. */
function negotiatedBytes(socket: number): number {
  if (world.flowRequests[0] === 0 || socket > 1) return 0
  return (socket === 0 ? ANSWERS_BYTES : REQUESTS_BYTES).reduce((sum, bytes) => sum + bytes)
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
        watch(scenario, noisy, () => {
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

  it('no core works more than all of the time', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        // A core's clock is kept in whole nanoseconds: each look may hide half of one.
        const { looks } = watch(scenario)
        const durationNs = Math.max(...world.coreTimeNs)
        for (const busyNs of world.coreBusyNs.subarray(0, world.cores)) expect(busyNs).toBeLessThanOrEqual(durationNs + looks / 2)
      }),
      { seed: 23, numRuns: 40 },
    )
  })

  it('the stages’ costs add up to the time that the cores worked, without noise and interruptions', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const { stages, coreBusyNs, pendingNs } = accountOf(scenario)
        // Bytes cost 64ths of a nanosecond: sums of them are exact.
        expect(stages).toBeCloseTo(coreBusyNs + pendingNs, 3)
      }),
      { seed: 24, numRuns: 60 },
    )
  })

  it('the same seed gives the same bytes, another replication gives others', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const once = simulateReplication(scenario, noisy, options)
        expect(simulateReplication(scenario, noisy, options)).toEqual(once)
        const other = simulateReplication(scenario, noisy, { ...options, replication: 1 })
        expect(other.flows[0]!.latencyNs).not.toEqual(once.flows[0]!.latencyNs)
      }),
      { seed: 25, numRuns: 20 },
    )
  })
})

/** Processor time of all messages: by stages, by cores, and what was charged when the run ended but not yet spent. */
function accountOf(scenario: Scenario): { stages: number; coreBusyNs: number; pendingNs: number } {
  const { flows } = simulateReplication(scenario, quiet, options)
  const perMessage = processorTimeNs(flows[0]!.stages)
  watch(scenario, quiet)
  const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0)
  return { stages: perMessage * MESSAGES, coreBusyNs: sum(world.coreBusyNs), pendingNs: sum(world.corePendingNs) }
}
