import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import { fragmentsOf } from '../../models/transport/udp.js'
import { inventedProfile } from './fixture-profile.js'
import { type Choice, smallScenario } from './small-scenario.js'

/** RFC 791: every fragment but the last carries a multiple of 8 bytes beside its 20 of header; RFC 768: 8 bytes of header in the first. */
function fragmentsByHand(messageBytes: number, mtuBytes: number): number {
  let left = messageBytes + 8
  let fragments = 0
  while (left > 0) {
    const room = mtuBytes - 20
    left -= left <= room ? left : room - (room % 8)
    fragments++
  }
  return fragments
}

describe('a datagram', () => {
  it.each([
    [1, 1],
    [1472, 1],
    [1473, 2],
    [2952, 2],
    [2953, 3],
    [65507, 45],
  ])('of %d bytes crosses an MTU of 1500 in %d fragments', (bytes, fragments) => {
    expect(fragmentsOf(bytes, 1500)).toBe(fragments)
    expect(fragmentsByHand(bytes, 1500)).toBe(fragments)
  })

  it('is cut on a path as RFC 791 has it, for every size around a boundary', () => {
    for (const [driver, mtuBytes] of [
      ['bridge', 1500],
      ['overlay', 1450],
      ['veth', 1499],
    ] as const) {
      const profile = inventedProfile()
      for (const messageBytes of [64, mtuBytes - 29, mtuBytes - 28, mtuBytes - 27, 2 * mtuBytes, 16384, 65507]) {
        const scenario = smallScenario({ driver, mtuBytes, transport: 'udp', messageBytes })
        const { coefficientCounts } = simulateReplication(scenario, profile, { seed: 1, replication: 0, messages: 5, warmUpMessages: 0 })
          .flows[0]!
        const fragments = fragmentsByHand(messageBytes, mtuBytes)
        // A message is two datagrams, there and back; what was not cut is charged no fragment.
        expect(coefficientCounts['udp.transmit.perFragmentNs'] ?? 0).toBe(fragments > 1 ? 2 * fragments : 0)
        expect(coefficientCounts['udp.receive.perFragmentNs'] ?? 0).toBe(fragments > 1 ? 2 * fragments : 0)
        expect(coefficientCounts['udp.transmit.perPacketNs']).toBe(2)
        const devices = { bridge: 2, overlay: 3, veth: 1 }[driver]
        expect(coefficientCounts['veth.transmit.perPacketNs']).toBe(2 * fragments * devices)
      }
    }
  })
})

describe('a TCP message', () => {
  const countsOf = (choice: Choice) =>
    simulateReplication(smallScenario(choice), inventedProfile(), { seed: 1, replication: 0, messages: 50, warmUpMessages: 0 }).flows[0]!
      .coefficientCounts

  it('of many segments crosses each device once, as a super-packet, and its acknowledgement once more', () => {
    const one = countsOf({ driver: 'veth', messageBytes: 1448 })
    const many = countsOf({ driver: 'veth', messageBytes: 1449 })
    // Two packets, and two acknowledgements of more than one segment each.
    expect(many['veth.transmit.perPacketNs']).toBe(4)
    expect(many['tcp.transmit.perSuperPacketNs']).toBe(2)
    expect(one['tcp.transmit.perSuperPacketNs']).toBeUndefined()
    expect(one['veth.transmit.perPacketNs']).toBeLessThan(2.1)
  })

  it('crosses each device once a segment without offloads', () => {
    const counts = countsOf({ driver: 'veth', messageBytes: 14480, tcp: { offloads: false } })
    expect(counts['tcp.transmit.perPacketNs']).toBe(20)
    expect(counts['tcp.transmit.perSuperPacketNs']).toBeUndefined()
  })
})
