import { describe, expect, it } from 'vitest'
import { world } from '../../models/engine/world.js'
import { simulateReplication } from '../../models/simulate.js'
import { coefficientNames } from '../../models/stages/index.js'
import type { Scenario, Stream } from '../../models/topology/scenario.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const MSS_BYTES = 1448

function streaming(scenario: Scenario, workload: Omit<Stream, 'kind'>): Scenario {
  const [[name, flow]] = Object.entries(scenario.flows) as [[string, Scenario['flows'][string]]]
  return { ...scenario, flows: { [name]: { ...flow, workload: { kind: 'stream', ...workload } } } }
}

/** A call or a packet takes a nanosecond, and a byte nothing. */
const cheap = inventedProfile({}, Object.fromEntries(coefficientNames.map((name) => [name, name.endsWith('perByteNs') ? 0 : 1])))

/** Two machines far apart: time passes on the link. */
function overLink(delayNs: number, workload: Omit<Stream, 'kind'>): Scenario {
  const link = { kind: 'physical', rateBps: 1e12, delayNs } as const
  return streaming(smallScenario({ driver: 'host', twoHosts: true, twoMachines: true, transport: 'tcp', messageBytes: 1, link }), workload)
}

const onOneCore = (writeBytes: number, readBytes = writeBytes): Scenario =>
  streaming(smallScenario({ driver: 'bridge', transport: 'tcp', messageBytes: 1 }), { messageBytes: writeBytes, readBytes })

describe('a stream over a link with delay', () => {
  const delayNs = 10e6

  it('carries one window a round trip (RFC 9293, section 3.8.6)', () => {
    for (const receiveBufferBytes of [65_536, 262_144]) {
      const writeBytes = 16_384
      const scenario = overLink(delayNs, { messageBytes: writeBytes, readBytes: writeBytes, receiveBufferBytes })
      const options = { seed: 1, replication: 0, messages: 20_000, warmUpMessages: 1000 }
      const { throughputBps, limits } = simulateReplication(scenario, cheap, options).flows[0]!
      expect(limits).toMatch(/^receive window, then core/)
      // Half of the buffer at first, which is twice what was asked for, and its share of payload later.
      const bytesInRoundTrip = (throughputBps! * 2 * delayNs) / 8e9
      expect(bytesInRoundTrip).toBeGreaterThan(receiveBufferBytes)
      expect(bytesInRoundTrip).toBeLessThanOrEqual(world.socketLargestWindowBytes[0]! * 1.001)
      // An acknowledgement leaves before its packet is read, and before the block is whole that it belongs to: the window that it offers lacks both.
      // Offers are multiples of 1 KiB.
      expect(bytesInRoundTrip).toBeGreaterThan(world.socketLargestWindowBytes[0]! - 2 * writeBytes - 1024)
    }
  })

  it('doubles its window with every round trip of slow start (RFC 5681, section 3.1; RFC 6928: ten segments at first)', () => {
    const messageBytes = 10 * MSS_BYTES
    const arrivalNs = (write: number): number => {
      const options = { seed: 1, replication: 0, messages: write, warmUpMessages: 0 }
      simulateReplication(overLink(delayNs, { messageBytes, readBytes: messageBytes }), cheap, options)
      return world.flowUntilNs[0]!
    }
    // One window of ten segments, then two, four: write 1, writes 2 and 3, 4 to 7.
    for (const write of [1, 2, 3, 4, 7]) {
      const roundTrips = Math.floor(Math.log2(write))
      expect(arrivalNs(write) / delayNs, `write ${write}`).toBeCloseTo(2 * roundTrips + 1, 1)
    }
  })

  it('carries what the link does where that is less', () => {
    const link = { kind: 'physical', rateBps: 1e8, delayNs: 1e5 } as const
    const far = smallScenario({ driver: 'host', twoHosts: true, twoMachines: true, transport: 'tcp', messageBytes: 1, link })
    const scenario = streaming(far, { messageBytes: 16_384, readBytes: 16_384 })
    const { throughputBps, limits } = simulateReplication(scenario, cheap, { seed: 1, replication: 0, messages: 2000, warmUpMessages: 200 })
      .flows[0]!
    // What was counted may begin and end within a packet.
    expect(throughputBps! / 1e8).toBeLessThanOrEqual(1 + 65_536 / (2000 * 16_384))
    expect(throughputBps! / 1e8).toBeGreaterThan(0.999)
    expect(limits).toMatch(/^link \(100 % busy\), then core/)
  })

  it('is held to what its send buffer takes where that is less than the window', () => {
    const sendBufferBytes = 32_768
    const scenario = overLink(delayNs, { messageBytes: 16_384, readBytes: 16_384, sendBufferBytes })
    const options = { seed: 1, replication: 0, messages: 400, warmUpMessages: 100 }
    const { throughputBps, limits } = simulateReplication(scenario, cheap, options).flows[0]!
    expect(limits).toMatch(/^send buffer, then core/)
    const bytesInRoundTrip = (throughputBps! * 2 * delayNs) / 8e9
    // The kernel takes the double; a packet may begin while there is any room, and a writer waits for a third of it.
    expect(bytesInRoundTrip).toBeLessThan(2 * sendBufferBytes + 65_536)
    expect(bytesInRoundTrip).toBeGreaterThan(sendBufferBytes)
  })
})

describe('a stream on one core', () => {
  it('keeps every byte: what is read was received, sent and written, and the buffers hold the rest', () => {
    for (const [writeBytes, readBytes] of [
      [1024, 1024],
      [8192, 65_536],
      [131_072, 8192],
      [1_048_576, 1_048_576],
    ] as const) {
      const options = { seed: 1, replication: 0, messages: 500, warmUpMessages: 100 }
      const { flows, coreUtilization, laws } = simulateReplication(onOneCore(writeBytes, readBytes), inventedProfile(), options)
      expect(laws.every(({ holds }) => holds)).toBe(true)
      expect(world.socketCopiedSeq[1]!).toBeGreaterThanOrEqual(600 * writeBytes)
      expect(world.socketWriteSeq[0]! - world.socketUnackedSeq[0]!).toBeLessThan(world.socketSendBufferBytes[0]! + 65_536)
      expect(world.socketQueuedBytes[1]!).toBeLessThanOrEqual(world.socketBufferBytes[1]!)
      expect(flows[0]!.throughputBps!).toBeGreaterThan(0)
      // Its core is what binds: somebody always has something to do.
      expect(Math.max(...Object.values(coreUtilization))).toBeGreaterThan(0.999)
    }
  })

  it('carries more with larger writes, since calls cost something', () => {
    const of = (writeBytes: number): number =>
      simulateReplication(onOneCore(writeBytes), inventedProfile(), { seed: 1, replication: 0, messages: 2000, warmUpMessages: 200 })
        .flows[0]!.throughputBps!
    expect(of(4096)).toBeGreaterThan(of(1024))
    expect(of(65_536)).toBeGreaterThan(of(4096))
  })
})
