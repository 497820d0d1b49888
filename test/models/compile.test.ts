import { describe, expect, it } from 'vitest'
import { coefficientValues } from '../../models/engine/build.js'
import { stages } from '../../models/stages/index.js'
import { burstCost, compileRoute } from '../../models/topology/compile.js'
import { legsOf } from '../../models/topology/legs.js'
import { elementScenarios } from '../testbed/elements.js'
import { inventedProfile, inventedValue } from './fixture-profile.js'
import { interpretRoute } from './interpreter.js'
import { type Choice, smallScenario } from './small-scenario.js'

const cost = coefficientValues(inventedProfile())
const choices: Choice[] = [
  { driver: 'shared' },
  { driver: 'veth' },
  { driver: 'bridge', relay: true },
  { driver: 'bridge', bridges: 4 },
  { driver: 'overlay', relay: true },
  { driver: 'overlay', ends: 'direct' },
  { driver: 'host', twoHosts: true, link: { kind: 'physical', rateBps: 1e9, delayNs: 100 } },
  { driver: 'overlay', link: { kind: 'physical', rateBps: 1e9, delayNs: 100 } },
]

const packets = [
  { fragments: 1, bytes: 0, moreThanOneSegment: false },
  { fragments: 1, bytes: 64, moreThanOneSegment: false },
  { fragments: 1, bytes: 16384, moreThanOneSegment: true },
  { fragments: 12, bytes: 16384, moreThanOneSegment: false },
]

describe('a compiled route', () => {
  const scenarios = [...choices.map((choice) => [JSON.stringify(choice), smallScenario(choice)] as const), ...elementScenarios()]
  it.each(scenarios)('costs what its crossings cost one by one: %s', (_, scenario) => {
    for (const leg of legsOf(scenario, scenario.flows['ping']!)) {
      for (const route of [leg.there, leg.back]) {
        for (const [transport, packet] of (['tcp', 'udp'] as const).flatMap((transport) =>
          packets.map((packet) => [transport, packet] as const),
        )) {
          const { bursts } = compileRoute(route, transport)
          const compiled = bursts.map(
            (burst) =>
              burstCost(burst.perPacket, cost) * packet.fragments +
              burstCost(burst.perByte, cost) * packet.bytes +
              (packet.moreThanOneSegment ? burstCost(burst.perSuperPacket, cost) : 0),
          )
          expect(compiled).toEqual(interpretRoute(route.crossings, transport, packet, inventedValue))
        }
      }
    }
  })

  it('is one burst without a physical link, and one more for each', () => {
    const wires = (choice: Choice) => {
      const scenario = smallScenario(choice)
      const { bursts, wires } = compileRoute(legsOf(scenario, scenario.flows.ping!)[0]!.there, 'tcp')
      return [bursts.length, wires.length]
    }
    expect(wires({ driver: 'overlay' })).toEqual([1, 0])
    expect(wires({ driver: 'overlay', link: { kind: 'physical' } })).toEqual([2, 1])
  })
})

describe('the list of coefficients', () => {
  it('names each once', () => {
    const names = stages.flatMap((law) => law.per.map((per) => `${law.stage}.${per}`))
    expect(new Set(names).size).toBe(names.length)
  })

  it('is refused from a profile that lacks one', () => {
    const profile = inventedProfile()
    expect(() => coefficientValues({ ...profile, coefficients: profile.coefficients.slice(1) })).toThrow(
      `profile invented has no coefficient ${profile.coefficients[0]!.name}`,
    )
  })

  it('may be short of those of forwarding, as long as no path charges them', () => {
    const profile = inventedProfile()
    const known = profile.coefficients.filter(({ name }) => !name.startsWith('ip.forward.'))
    const lacking = coefficientValues({ ...profile, coefficients: known })
    const costOf = (scenario: ReturnType<typeof smallScenario>): number =>
      burstCost(compileRoute(legsOf(scenario, scenario.flows['ping']!)[0]!.there, 'tcp').bursts[0]!.perPacket, lacking)
    const bridge = smallScenario({ driver: 'bridge' })
    expect(costOf(bridge)).toBe(burstCost(compileRoute(legsOf(bridge, bridge.flows['ping']!)[0]!.there, 'tcp').bursts[0]!.perPacket, cost))
    expect(() => costOf(elementScenarios().get('routed')!)).toThrow(
      'the profile has no coefficient ip.forward.perPacketNs, which this path charges',
    )
  })
})
