import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import type { OpenLoop, Scenario } from '../../models/topology/scenario.js'
import { datagramTruesizeBytes, UDP_BUFFER_BYTES } from '../../models/transport/udp-queue.js'
import { mean, meanVariance } from '../../sim/index.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

/** A client that spins on core 0, a server on core 1, in one namespace. */
function loaded(load: Partial<OpenLoop>, transport: 'tcp' | 'udp' = 'tcp', idle: 'as-found' | 'never' = 'never'): Scenario {
  const scenario = smallScenario({ driver: 'shared', transport, idle, mtuBytes: 65_536 })
  const workload: OpenLoop = { kind: 'open-loop', messageBytes: 64, ratePerSecond: 10_000, arrivals: 'constant', ...load }
  return {
    ...scenario,
    containers: { ...scenario.containers, client: { ...scenario.containers['client']!, core: 0 } },
    flows: Object.fromEntries(Object.entries(scenario.flows).map(([name, flow]) => [name, { ...flow, workload }])),
  }
}

function run(scenario: Scenario, messages = 2000, seed = 1, values: Readonly<Record<string, number>> = {}) {
  const result = simulateReplication(scenario, inventedProfile({}, values), { seed, replication: 0, messages, warmUpMessages: 100 })
  return { result, flow: result.flows[0]! }
}

/** A server that is busy long before its client is. */
const SLOW_SERVER = { 'instrument.server.perMessageNs': 5000 }
const overloaded = (transport: 'tcp' | 'udp') => run(loaded({ ratePerSecond: 200_000 }, transport), 4000, 1, SLOW_SERVER).flow

describe('an open loop', () => {
  it.each(['tcp', 'udp'] as const)('over %s answers at its rate, whatever the responses take', (transport) => {
    const { result, flow } = run(loaded({ ratePerSecond: 20_000 }, transport))
    expect(flow.metric).toBe('response-time')
    expect(2100 / (result.durationNs / 1e9)).toBeCloseTo(20_000, -2)
    expect(flow.dropped).toBe(0)
  })

  it('far below saturation takes every message alone: all responses as long, up to a round of the spinning client', () => {
    const { flow } = run(loaded({ ratePerSecond: 2000 }))
    const [least, most] = [Math.min(...flow.latencyNs), Math.max(...flow.latencyNs)]
    const coefficient = (name: string) => inventedProfile().coefficients.find((one) => one.name === name)!.value
    // The reply may come right after a read that found nothing, and the due time right after one: two rounds.
    const round = coefficient('socket.receive.perCallNs') + coefficient('tcp.receive.perCallNs')
    expect(most - least).toBeLessThanOrEqual(2 * round)
    expect(flow.voluntarySwitchesPerMessage).toBeCloseTo(1, 1)
  })

  it('counts from the intended time: beyond saturation each response is longer than the one before, and none is left out', () => {
    const flow = overloaded('tcp')
    const quarter = (from: number) => mean(flow.latencyNs.subarray(from, from + 1000))
    expect(quarter(3000)).toBeGreaterThan(quarter(2000))
    expect(quarter(2000)).toBeGreaterThan(quarter(1000))
    expect(quarter(1000)).toBeGreaterThan(quarter(0))
  })

  it('spreads Poisson arrivals as an exponential distribution does', () => {
    const responses = (arrivals: 'constant' | 'poisson') => run(loaded({ ratePerSecond: 150_000, arrivals }), 20_000).flow.latencyNs
    const [poisson, constant] = [meanVariance(responses('poisson')), meanVariance(responses('constant'))]
    // Waiting needs messages that come close together; at a constant rate below saturation there are none.
    expect(poisson.mean).toBeGreaterThan(constant.mean)
    expect(poisson.variance).toBeGreaterThan(4 * constant.variance)
  })

  it('pays wake-ups for fewer messages the more there are', () => {
    const sleeps = [10_000, 100_000, 200_000].map(
      (ratePerSecond) => run(loaded({ ratePerSecond, arrivals: 'poisson' })).flow.voluntarySwitchesPerMessage,
    )
    expect(sleeps[1]!).toBeLessThan(sleeps[0]!)
    expect(sleeps[2]!).toBeLessThan(sleeps[1]!)
  })

  it('has the same arrivals for every network model', () => {
    const durations = (['never', 'as-found'] as const).map((idle) => run(loaded({ arrivals: 'poisson' }, 'tcp', idle)).result.durationNs)
    expect(Math.abs(durations[0]! - durations[1]!)).toBeLessThan(20_000)
  })

  it('names the core that binds, the next one behind it, and does not take spinning for work', () => {
    const { flow } = run(loaded({ ratePerSecond: 1000 }))
    expect(flow.limits).toMatch(/^core m1\/\d \(\d % busy\), then core m1\/\d \(\d % busy\)$/)
    expect(overloaded('tcp').limits).toMatch(/^core m1\/1 \((99|100) % busy\), then core m1\/0 \(\d\d % busy\)$/)
  })

  it('has a mean number of messages under way that is rate times mean response time (Little)', () => {
    const ratePerSecond = 100_000
    const { flow, result } = run(loaded({ ratePerSecond, arrivals: 'poisson' }), 20_000)
    const underWay = (flow.latencyNs.reduce((sum, ns) => sum + ns, 0) / result.durationNs) * (20_100 / 20_000)
    expect(underWay).toBeCloseTo((ratePerSecond / 1e9) * mean(flow.latencyNs), 1)
  })
})

describe("a UDP socket's buffer", () => {
  // `ss -uanm` on Linux 6.18: what one unread datagram takes over the loopback device.
  it.each([
    [1, 832],
    [197, 832],
    [198, 1280],
    [645, 1280],
    [646, 2304],
    [1669, 2304],
    [1670, 4352],
    [3717, 4352],
    [3718, 8448],
    [8000, 16_640],
    [16_000, 16_640],
    [17_000, 17_832],
    [65_507, 66_339],
  ])('counts %d bytes as %d', (bytes, truesize) => {
    expect(datagramTruesizeBytes(bytes)).toBe(truesize)
  })

  it('drops what a server beyond saturation has no room for, and bounds what the others wait', () => {
    const flow = overloaded('udp')
    expect(flow.dropped).toBeGreaterThan(0)
    const behind = Math.floor(UDP_BUFFER_BYTES / datagramTruesizeBytes(64))
    const alone = Math.max(...run(loaded({ ratePerSecond: 2000 }, 'udp'), 2000, 1, SLOW_SERVER).flow.latencyNs)
    expect(Math.max(...flow.latencyNs)).toBeLessThan((behind + 1) * alone)
    expect(Math.max(...flow.latencyNs)).toBeGreaterThan(behind * SLOW_SERVER['instrument.server.perMessageNs'])
  })
})
