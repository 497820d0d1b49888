/** What must come out of Nagle, the acknowledgement rules, the relay's buffer and jiffy timers together: which sizes stall, and what cures it. */
import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import type { FlowResult } from '../../models/simulation.js'
import { inventedProfile } from './fixture-profile.js'
import { type Choice, smallScenario } from './small-scenario.js'

const SIZES = [
  64, 512, 1023, 1024, 1025, 1400, 1447, 1448, 1449, 2047, 2048, 2049, 2472, 2473, 2895, 2896, 2897, 3072, 3073, 3920, 4096, 4097, 4344,
  5120, 5121, 6144, 8192, 8193, 12288, 16384, 24576, 32768, 49152, 65507, 65536,
]
/** Costs that lie in the order of what a processor takes; the shortest timer is thousands of times as long. */
const profile = inventedProfile({}, { 'cache.refill.perProcessNs': 30_000 })

function relayed(choice: Omit<Choice, 'relay'>, messages = 20): FlowResult {
  const scenario = smallScenario({ ...choice, relay: true })
  return simulateReplication(scenario, profile, { seed: 1, replication: 0, messages, warmUpMessages: 10 }).flows[0]!
}

const stalls = (choice: Omit<Choice, 'relay'>) => {
  const { stalledThere, stalledBack } = relayed(choice)
  return stalledThere + stalledBack > 0
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`.padStart(7)

describe('a message behind a relay with Nagle on', () => {
  it('stalls at the sizes of the golden table, there and back, over a bridge and in a shared namespace', async () => {
    const rows = SIZES.map((messageBytes) => {
      const bridge = relayed({ driver: 'bridge', messageBytes })
      const shared = relayed({ driver: 'shared', messageBytes })
      const cells = [bridge.stalledThere, bridge.stalledBack, shared.stalledThere, shared.stalledBack].map(percent)
      return `${String(messageBytes).padStart(8)}${cells.join('')}`
    })
    const head = ['Share of messages that waited for a timer', '', '         bridge        shared', '    B    there   back  there   back']
    await expect([...head, ...rows, ''].join('\n')).toMatchFileSnapshot('../golden/nagle-stall.txt')
  })

  it('waits for the kernel’s timer: at HZ 250 no longer than 11 jiffies a direction, and longer than 10', () => {
    const { latencyNs, stalledThere, stalledBack } = relayed({ driver: 'bridge', messageBytes: 1400 })
    const directions = stalledThere + stalledBack
    expect(directions).toBeGreaterThan(0)
    const jiffyNs = 1e9 / profile.kernel.hz
    const workNs = relayed({ driver: 'bridge', messageBytes: 1400, relayNoDelay: true }).latencyNs.reduce((a, b) => Math.max(a, b))
    for (const latency of latencyNs) {
      if (2 * latency < jiffyNs) continue
      // Half of the round trip: of one stall, or of two. The timer starts once a packet has come, so that only the work adds to it.
      const stallsOfMessage = Math.round((2 * latency) / (10.5 * jiffyNs))
      expect(2 * latency).toBeGreaterThan(10 * jiffyNs * stallsOfMessage)
      expect(2 * latency).toBeLessThanOrEqual(11 * jiffyNs * stallsOfMessage + 4 * workNs)
    }
  })

  it.each([
    ['shared', 512],
    ['shared', 1024],
    ['shared', 2048],
    ['shared', 4096],
    ['bridge', 512],
    ['bridge', 1024],
  ] as const)('first stalls at the first byte beyond the relay’s buffer (%s, %d bytes)', (driver, relayBufferBytes) => {
    const stallsAt = (messageBytes: number) => stalls({ driver, relayBufferBytes, messageBytes })
    for (const messageBytes of [64, relayBufferBytes / 2, relayBufferBytes - 1, relayBufferBytes])
      expect(stallsAt(messageBytes), `${messageBytes} B`).toBe(false)
    expect(stallsAt(relayBufferBytes + 1)).toBe(true)
  })

  it.each([1448, 2048, 4096])(
    'never stalls where each piece of %d bytes fills a segment: it is full, or acknowledged at once',
    (relayBufferBytes) => {
      for (const messageBytes of SIZES)
        expect(stalls({ driver: 'bridge', relayBufferBytes, messageBytes }), `${messageBytes} B`).toBe(false)
    },
  )

  it.each(['bridge', 'shared'] as const)('never stalls with TCP_NODELAY at the relay (%s)', (driver) => {
    for (const messageBytes of SIZES) expect(stalls({ driver, messageBytes, relayNoDelay: true }), `${messageBytes} B`).toBe(false)
  })

  it.each(['bridge', 'shared'] as const)('never stalls where every segment is acknowledged at once (%s)', (driver) => {
    for (const messageBytes of SIZES) expect(stalls({ driver, messageBytes, tcp: { quickAck: true } }), `${messageBytes} B`).toBe(false)
  })
})

describe('a message without a relay', () => {
  it('never stalls, with Nagle on or off: it is written in one call', () => {
    for (const noDelay of [true, false]) {
      for (const messageBytes of SIZES) {
        const scenario = smallScenario({ driver: 'bridge', messageBytes, noDelay })
        const { stalledThere, stalledBack } = simulateReplication(scenario, profile, {
          seed: 1,
          replication: 0,
          messages: 30,
          warmUpMessages: 20,
        }).flows[0]!
        expect(stalledThere + stalledBack, `${messageBytes} B`).toBe(0)
      }
    }
  })
})
