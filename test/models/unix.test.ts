import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { world } from '../../models/engine/world.js'
import { simulateReplication } from '../../models/simulate.js'
import type { Scenario, UnixTransport } from '../../models/topology/scenario.js'
import { buffersOf, fragmentsOfBuffer, STREAM_BUFFER_BYTES, unixTruesizeBytes } from '../../models/transport/unix.js'
import { inventedProfile, inventedValue } from './fixture-profile.js'
import { type Choice, smallScenario } from './small-scenario.js'

interface UnixChoice extends Omit<Choice, 'driver' | 'transport'> {
  readonly transport: UnixTransport
}

/** Two containers that share a volume and no network. */
function unixScenario({ transport, ...choice }: UnixChoice): Scenario {
  const { containers, flows, ...scenario } = smallScenario({ ...choice, driver: 'none' })
  const { client, server } = containers
  const mounting = { networks: [], volumes: ['run'] }
  return {
    ...scenario,
    networks: {},
    volumes: { run: { host: 'h1' } },
    containers: { client: { ...client!, ...mounting }, server: { ...server!, ...mounting } },
    flows: { ping: { ...flows['ping']!, transport, network: '', volume: 'run' } },
  }
}

const MESSAGES = 50
const run = (choice: UnixChoice, profile = inventedProfile()) =>
  simulateReplication(unixScenario(choice), profile, { seed: 1, replication: 0, messages: MESSAGES, warmUpMessages: 0 }).flows[0]!

describe('a buffer of a Unix-domain socket takes what SIOCOUTQ shows on Linux 6.18', () => {
  it.each([
    [1, 768, 768],
    [192, 768, 768],
    [256, 1280, 1280],
    [1400, 2304, 2304],
    [3776, 4352, 4352],
    [3777, 4864, 8448],
    [7873, 8960, 16640],
    [16384, 17152, 20736],
    [36544, 37120, 37120],
  ])('%d bytes: %d of a stream, %d of a datagram', (bytes, stream, datagram) => {
    expect(unixTruesizeBytes(bytes, false)).toBe(stream)
    expect(unixTruesizeBytes(bytes, true)).toBe(datagram)
  })

  it('long datagrams have a head for what 17 pages do not hold', () => {
    expect([65536, 200_000, 212_960].map((bytes) => unixTruesizeBytes(bytes, true))).toEqual([69_888, 200_960, 332_032])
  })

  it('pages behind a head come in stretches of 8, 4, 2 and 1, and the head counts where it holds bytes beside them', () => {
    const pages = [1, 2, 3, 4, 5, 6, 7, 8]
    const stretches = [1, 1, 2, 1, 2, 2, 3, 1]
    expect(pages.map((count) => fragmentsOfBuffer(4096 * count, false))).toEqual(stretches)
    expect(pages.map((count) => fragmentsOfBuffer(3776 + 4096 * count, false))).toEqual(stretches.map((count) => count + 1))
    expect(pages.map((count) => fragmentsOfBuffer(16_064 + 4096 * count, true))).toEqual(stretches.map((count) => count + 1))
    expect([fragmentsOfBuffer(3776, false), fragmentsOfBuffer(16_064, true)]).toEqual([0, 0])
    // Seventeen pages at most.
    expect(fragmentsOfBuffer(212_960, true)).toBe(1 + 3)
  })
})

describe('a message over a Unix-domain socket', () => {
  it.each([
    ['unix-stream', 64],
    ['unix-stream', STREAM_BUFFER_BYTES],
    ['unix-stream', STREAM_BUFFER_BYTES + 1],
    ['unix-stream', 200_000],
    ['unix-datagram', 64],
    ['unix-datagram', 200_000],
  ] as const)(
    '%s of %d bytes: is charged per buffer, fragment and byte, and crosses no device, no protocol and no softirq',
    (transport, messageBytes) => {
      const { coefficientCounts } = run({ transport, messageBytes })
      const buffers = transport === 'unix-datagram' ? 1 : Math.ceil(messageBytes / 36_544)
      expect(coefficientCounts['unix.transmit.perPacketNs']).toBe(2 * buffers)
      expect(coefficientCounts['unix.transmit.perByteNs']).toBe(2 * messageBytes)
      expect(coefficientCounts['socket.send.perCallNs']).toBe(2)
      expect(coefficientCounts['socket.send.perByteNs']).toBe(2 * messageBytes)
      expect(coefficientCounts['socket.receive.perByteNs']).toBe(2 * messageBytes)
      expect(Object.keys(coefficientCounts).filter((name) => /^(tcp|udp|loopback|veth|bridge)\./.test(name))).toEqual([])
    },
  )

  it('is read colder beyond 16 KiB', () => {
    const coldBytes = (messageBytes: number) =>
      run({ transport: 'unix-datagram', messageBytes }).coefficientCounts['unix.receive.perByteNs']
    expect(coldBytes(16_384)).toBeUndefined()
    expect(coldBytes(16_400)).toBe(2 * 16)
  })

  it('wakes the writer of a stream when it is read, so that its answer need not: nobody is preempted, where datagrams preempt half of the time', () => {
    const stream = run({ transport: 'unix-stream' })
    const datagram = run({ transport: 'unix-datagram' })
    expect(stream.involuntarySwitchesPerMessage).toBeLessThan(0.1)
    expect(datagram.involuntarySwitchesPerMessage).toBeGreaterThan(0.5)
    // One wake-up each way all the same.
    expect(stream.coefficientCounts['socket.wakeup.perWakeupNs']).toBeCloseTo(2, 0)
  })

  it('takes, where both ends sleep, the sum of its stages', () => {
    // Under SCHED_BATCH nobody is preempted: each way one send, one wake-up, one sleep, one switch, one receive.
    const { latencyNs } = run({ transport: 'unix-datagram', policy: 'batch', messageBytes: 64 })
    const perWay = [
      'socket.send.perCallNs',
      'unix.transmit.perPacketNs',
      'socket.wakeup.perWakeupNs',
      'socket.receive.perCallNs',
      'context.switch.perSleepNs',
      'context.switch.perSwitchNs',
    ]
    const perByte = ['socket.send.perByteNs', 'unix.transmit.perByteNs', 'socket.receive.perByteNs']
    const bytesNs = perByte.reduce((sum, name) => sum + 64 * inventedValue(name), 0)
    const enqueueNs = inventedValue('socket.wakeup.perEnqueueNs')
    const sumNs = perWay.reduce((sum, name) => sum + inventedValue(name), bytesNs) + inventedValue('instrument.server.own.perMessageNs') / 2
    const sorted = [...latencyNs].sort((a, b) => a - b)
    expect([sumNs, sumNs + enqueueNs / 2, sumNs + enqueueNs].map(Math.round)).toContain(Math.round(sorted[MESSAGES / 2]!))
  })

  it('sleeps in its write where the peer has not read 212,992 bytes of buffers: six whole ones pass, a byte more does not', () => {
    const switchesOf = (messageBytes: number) =>
      run({ transport: 'unix-stream', messageBytes, policy: 'batch' }).voluntarySwitchesPerMessage
    expect(6 * STREAM_BUFFER_BYTES).toBe(219_264)
    expect(switchesOf(6 * STREAM_BUFFER_BYTES)).toBeLessThan(2.1)
    expect(switchesOf(6 * STREAM_BUFFER_BYTES + 1)).toBeGreaterThan(3)
  })

  it('is refused under a profile that lacks its stages', () => {
    const profile = inventedProfile()
    const kept = profile.coefficients.filter(({ name }) => !name.startsWith('unix.'))
    expect(() => run({ transport: 'unix-stream' }, { ...profile, coefficients: kept })).toThrow(
      /no coefficient unix\.transmit\.perPacketNs/,
    )
  })
})

it('bytes out are bytes in, whatever the size, the policy and the cores', () => {
  const choice = fc.record({
    transport: fc.constantFrom('unix-stream' as const, 'unix-datagram' as const),
    messageBytes: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 212_960 })),
    policy: fc.constantFrom('other' as const, 'batch' as const),
    serverCore: fc.constantFrom(0, 1),
    idle: fc.constantFrom('as-found' as const, 'never' as const),
  })
  const longStream = fc.record({
    transport: fc.constant('unix-stream' as const),
    messageBytes: fc.integer({ min: 212_960, max: 1_048_575 }),
  })
  fc.assert(
    fc.property(fc.oneof(choice, longStream), (chosen) => {
      const { latencyNs, coefficientCounts } = run(chosen)
      expect(latencyNs.every((latency) => latency > 0)).toBe(true)
      for (let socket = 0; socket < world.sockets; socket++) {
        expect(world.socketReceivedSeq[socket]).toBe(MESSAGES * chosen.messageBytes)
        expect(world.socketCopiedSeq[socket]).toBe(MESSAGES * chosen.messageBytes)
        // What is read is given back to its writer.
        expect(world.socketQueuedBytes[socket]).toBe(0)
      }
      expect(coefficientCounts['unix.transmit.perPacketNs']).toBe(2 * buffersOf(chosen.messageBytes, chosen.transport === 'unix-datagram'))
    }),
    { seed: 5, numRuns: 60 },
  )
})
