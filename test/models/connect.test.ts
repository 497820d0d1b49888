/** Connections that are opened one after the other: which segments cross the path, what each step is charged, who waits for whom. */
import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import type { StepResult } from '../../models/simulation.js'
import { explainScenario } from '../../models/topology/explain.js'
import type { Proxy, Scenario } from '../../models/topology/scenario.js'
import { inventedProfile, inventedValue } from './fixture-profile.js'
import { type Choice, smallScenario } from './small-scenario.js'

const profile = inventedProfile()
const options = { seed: 1, replication: 0, messages: 60, warmUpMessages: 8 }

function connecting(choice: Choice, relay: Partial<Proxy> = {}): Scenario {
  const scenario = smallScenario({ messageBytes: 64, ...choice })
  const flow = scenario.flows.ping!
  return {
    ...scenario,
    proxies: Object.fromEntries(Object.entries(scenario.proxies).map(([name, proxy]) => [name, { ...proxy, ...relay }])),
    flows: { ping: { ...flow, workload: { kind: 'connect', messageBytes: flow.workload.messageBytes } } },
  }
}

const run = (scenario: Scenario, of = profile) => simulateReplication(scenario, of, options).flows[0]!
const twoCores: Choice = { driver: 'shared', serverCore: 0 }

describe('a connection', () => {
  it('is opened by three segments inline: what connect() takes is their way, their ends, and the wake-up of who accepts', () => {
    const { steps } = run(connecting(twoCores))
    expect(steps!.connect!.coefficientCounts).toEqual({
      'loopback.transmit.perPacketNs': 3,
      'tcp.acknowledge.perAckNs': 3,
      'tcp.receive.perAckNs': 3,
      'socket.wakeup.perRemoteWakeupNs': 1,
      'interrupt.deliver.perWakeupNs': 1,
      'tcp.connect.perConnectionNs': 1,
    })
    const each = ['loopback.transmit.perPacketNs', 'tcp.acknowledge.perAckNs', 'tcp.receive.perAckNs']
    const ways = 3 * each.reduce((sum, name) => sum + inventedValue(name), 0)
    const ends = inventedValue('tcp.connect.perConnectionNs') + inventedValue('socket.wakeup.perRemoteWakeupNs')
    // The interrupt keeps no core.
    expect(steps!.connect!.medianNs).toBe(ways + ends)
  })

  it('costs its set-up more on a longer path, by the stages that its segments cross', () => {
    const [short, long] = (['shared', 'bridge'] as const).map((driver) => run(connecting({ driver })).steps!.connect!) as [
      StepResult,
      StepResult,
    ]
    const carried = ({ coefficientCounts }: StepResult) => [
      coefficientCounts['loopback.transmit.perPacketNs'] ?? 0,
      coefficientCounts['veth.transmit.perPacketNs'] ?? 0,
      coefficientCounts['bridge.forward.perPacketNs'] ?? 0,
    ]
    expect(carried(short)).toEqual([3, 0, 0])
    expect(carried(long)).toEqual([0, 6, 3])
    expect(long.medianNs).toBeGreaterThan(short.medianNs)
  })

  it('ends with a FIN of each end and one last acknowledgement, and two closed sockets', () => {
    const { steps, acknowledgementsPerMessage } = run(connecting({ driver: 'shared' }))
    const total = (name: string) => Object.values(steps!).reduce((sum, { coefficientCounts }) => sum + (coefficientCounts[name] ?? 0), 0)
    expect(total('tcp.close.perConnectionNs')).toBeCloseTo(2, 1)
    // Three of the handshake, request, reply, two FINs; and the acknowledgements of request, reply and FIN, which are sent at once.
    expect(total('loopback.transmit.perPacketNs')).toBeCloseTo(10, 1)
    expect(acknowledgementsPerMessage).toBeCloseTo(3, 1)
  })

  it('takes the sum of its steps, and no timer', () => {
    const { latencyNs, metric, steps, stalledThere, stalledBack } = run(connecting({ driver: 'veth' }))
    const medians = Object.values(steps!).reduce((sum, { medianNs }) => sum + medianNs, 0)
    expect(metric).toBe('response-time')
    expect(Math.abs(latencyNs[59]! / medians - 1)).toBeLessThan(0.05)
    expect([stalledThere, stalledBack]).toEqual([0, 0])
  })

  it('over a wire sleeps until the SYN is answered', () => {
    const link = { kind: 'physical', rateBps: 1e9, delayNs: 50_000 } as const
    const { steps } = run(connecting({ driver: 'overlay', twoMachines: true, link }))
    expect(steps!.connect!.medianNs).toBeGreaterThan(2 * link.delayNs)
    expect(steps!.connect!.medianNs).toBeLessThan(3 * link.delayNs)
    expect(steps!.exchange!.medianNs).toBeGreaterThan(2 * link.delayNs)
  })

  it('is refused where the profile lacks its stages', () => {
    const without = inventedProfile()
    const lacking = { ...without, coefficients: without.coefficients.filter(({ name }) => !name.startsWith('tcp.connect')) }
    expect(() => run(connecting({ driver: 'shared' }), lacking)).toThrow('tcp.connect.perConnectionNs')
  })
})

describe('a connection through a relay', () => {
  it('makes the relay open its own, once the client has said where to', () => {
    const { steps } = run(connecting({ driver: 'shared', relay: true }))
    expect(steps!.negotiate!.coefficientCounts['tcp.connect.perConnectionNs']).toBeCloseTo(1, 1)
    expect(steps!.connect!.coefficientCounts['tcp.connect.perConnectionNs']).toBeCloseTo(1, 1)
    const sum = (name: string) => Object.values(steps!).reduce((all, { coefficientCounts }) => all + (coefficientCounts[name] ?? 0), 0)
    expect(sum('proxy.serve.microsocks.perConnectionNs')).toBeCloseTo(1, 1)
    expect(sum('tcp.close.perConnectionNs')).toBeCloseTo(4, 1)
    expect(sum('tcp.accept.perConnectionNs')).toBeCloseTo(2, 1)
  })

  it('says two messages more where it has to say who it is', () => {
    const [open, known] = [{}, { authenticates: true } as const].map(
      (proxy) => run(connecting({ driver: 'shared', relay: true }, proxy)).steps!,
    )
    const packets = (steps: typeof open) => steps!.negotiate!.coefficientCounts['tcp.transmit.perPacketNs']!
    expect(packets(open)).toBeCloseTo(4, 1)
    expect(packets(known)).toBeCloseTo(6, 1)
    const bytes = (steps: typeof open) => steps!.negotiate!.coefficientCounts['socket.send.perByteNs']!
    // RFC 1929: version, two lengths, name and password; two bytes back.
    expect(bytes(known) - bytes(open)).toBeCloseTo(17 + 2, 0)
  })

  it('that speaks no SOCKS5 negotiates nothing', () => {
    const { steps } = run(connecting({ driver: 'shared', relay: true }, { kind: 'tcp', program: 'haproxy' }))
    expect(steps!.negotiate!.coefficientCounts).toEqual({})
    expect(steps!.negotiate!.medianNs).toBe(0)
  })

  it('gets a long reply whole, though the relay closes before all of it has left', () => {
    const { latencyNs } = run(connecting({ driver: 'shared', relay: true, messageBytes: 200_000 }, { noDelay: true, bufferBytes: 65_536 }))
    expect(latencyNs.every((ns) => ns > 0)).toBe(true)
  })
})

describe('explained', () => {
  it('has the handshake before the message and the ends after it, each stage with its cost', () => {
    const paths = explainScenario(connecting({ driver: 'shared' }), profile)
    const names = paths.map(({ stages }) => stages.map(({ name }) => name))
    expect(names[0]!.slice(0, 6)).toEqual([
      'socket.create',
      'tcp.connect',
      'tcp.acknowledge',
      'loopback.transmit',
      'tcp.receive',
      'tcp.accept',
    ])
    expect(names[1]!.filter((name) => name === 'tcp.close')).toHaveLength(2)
    expect(paths[0]!.stages.find(({ name }) => name === 'tcp.connect')!.costNs).toBe(inventedValue('tcp.connect.perConnectionNs'))
  })
})
