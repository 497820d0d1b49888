import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

/** Latency of each message over a physical link between two machines, UDP, without noise. */
function latencies(rateBps: number, delayNs: number, messageBytes = 1000): number[] {
  const link = { kind: 'physical', rateBps, delayNs } as const
  const scenario = smallScenario({
    driver: 'host',
    twoHosts: true,
    twoMachines: true,
    transport: 'udp',
    messageBytes,
    link,
    policy: 'batch',
  })
  const options = { seed: 1, replication: 0, messages: 20, warmUpMessages: 2 }
  return [...simulateReplication(scenario, inventedProfile(), options).flows[0]!.latencyNs]
}

describe('a physical link', () => {
  const fast = latencies(1e12, 0)[0]!

  it('adds its delay to each way, and with it to the latency', () => {
    for (const latency of latencies(1e12, 25_000)) expect(latency - fast).toBe(25_000)
  })

  it('adds the time to put the bytes on the wire at its rate', () => {
    // 8000 bits take 8 us at 1 Gbit/s, and 8 ns at the 1 Tbit/s of the comparison.
    for (const latency of latencies(1e9, 0)) expect(latency - fast).toBe(8000 - 8)
  })

  it('sends one packet after the other', () => {
    // Two fragments of one datagram cross the wire as one here: only their sum of bytes counts.
    const [short] = latencies(1e9, 0, 1000)
    const [long] = latencies(1e9, 0, 3000)
    const [shortFast] = latencies(1e12, 0, 1000)
    const [longFast] = latencies(1e12, 0, 3000)
    expect(long! - longFast! - (short! - shortFast!)).toBe(2000 * 8 - 2000 * 0.008)
  })
})
