import { describe, expect, it } from 'vitest'
import { layOut } from '../../models/topology/layout.js'
import { legsOf } from '../../models/topology/legs.js'
import { resolveRoute } from '../../models/topology/resolve.js'
import { type Choice, smallScenario } from './small-scenario.js'

/** The stages of each leg there and back, with the namespaces that they run in. */
function routesOf(choice: Choice): { there: string[]; back: string[] }[] {
  const scenario = smallScenario(choice)
  return legsOf(scenario, scenario.flows.ping!).map(({ there, back }) => ({
    there: there.crossings.map((c) => `${c.law.stage} ${c.namespace} ${c.device}`),
    back: back.crossings.map((c) => `${c.law.stage} ${c.namespace} ${c.device}`),
  }))
}

function stagesThere(choice: Choice): string[] {
  return routesOf(choice)[0]!.there.map((line) => line.split(' ')[0]!)
}

describe('routing', () => {
  it.each(['shared', 'host'] as const)('stays on the loopback device of a namespace that both ends share (%s)', (driver) => {
    expect(stagesThere({ driver })).toEqual(['loopback.transmit'])
  })

  it('crosses one veth end each way between two containers of a veth network', () => {
    expect(routesOf({ driver: 'veth' })).toEqual([
      { there: ['veth.transmit container.client eth0'], back: ['veth.transmit container.server eth0'] },
    ])
  })

  it('crosses the bridge and its netfilter hooks between two pairs', () => {
    expect(routesOf({ driver: 'bridge' })[0]!.there).toEqual([
      'veth.transmit container.client eth0',
      'bridge.forward host.h1 br.net.1',
      'netfilter.hook host.h1 br.net.1',
      'veth.transmit host.h1 veth.server.net',
    ])
  })

  it('has no netfilter hook where bridge-nf-call-iptables is off', () => {
    expect(stagesThere({ driver: 'bridge', tcp: { bridgeNfCallIptables: false } })).toEqual([
      'veth.transmit',
      'bridge.forward',
      'veth.transmit',
    ])
  })

  it('crosses every bridge of a chain, in order there and in reverse back', () => {
    const [{ there, back }] = routesOf({ driver: 'bridge', bridges: 3, tcp: { bridgeNfCallIptables: false } }) as [
      { there: string[]; back: string[] },
    ]
    expect(there).toEqual([
      'veth.transmit container.client eth0',
      'bridge.forward host.h1 br.net.1',
      'veth.transmit host.h1 br.net.1.right',
      'bridge.forward host.h1 br.net.2',
      'veth.transmit host.h1 br.net.2.right',
      'bridge.forward host.h1 br.net.3',
      'veth.transmit host.h1 veth.server.net',
    ])
    expect(back.filter((line) => line.startsWith('bridge'))).toEqual(there.filter((line) => line.startsWith('bridge')).reverse())
  })

  it('encapsulates on one host of an overlay, crosses the underlay, and decapsulates on the other', () => {
    const [{ there, back }] = routesOf({ driver: 'overlay', tcp: { bridgeNfCallIptables: false } }) as [{ there: string[]; back: string[] }]
    expect(there).toEqual([
      'veth.transmit container.client eth0',
      'bridge.forward host.h1 br.net',
      'vxlan.encapsulate host.h1 vx.net',
      'veth.transmit host.h1 link0.h2',
      'vxlan.decapsulate host.h2 vx.net',
      'bridge.forward host.h2 br.net',
      'veth.transmit host.h2 veth.server.net',
    ])
    expect(back[2]).toBe('vxlan.encapsulate host.h2 vx.net')
  })

  it('has no bridge where the ends of an overlay are direct', () => {
    expect(stagesThere({ driver: 'overlay', ends: 'direct' })).toEqual(['vxlan.encapsulate', 'veth.transmit', 'vxlan.decapsulate'])
  })

  it('stays on the bridge between two ends of an overlay on one host, and crosses the tunnel to the other host', () => {
    const legs = routesOf({ driver: 'overlay', relay: true, tcp: { bridgeNfCallIptables: false } })
    expect(legs).toHaveLength(2)
    expect(legs[0]!.there.map((line) => line.split(' ')[0])).toEqual(['veth.transmit', 'bridge.forward', 'veth.transmit'])
    expect(legs[1]!.there.some((line) => line.startsWith('vxlan.encapsulate'))).toBe(true)
  })

  it('crosses the link between two hosts of a host network', () => {
    expect(stagesThere({ driver: 'host', twoHosts: true })).toEqual(['veth.transmit'])
    const link = { kind: 'physical', rateBps: 1e9, delayNs: 5000 } as const
    const scenario = smallScenario({ driver: 'host', twoHosts: true, link })
    const [leg] = legsOf(scenario, scenario.flows.ping!)
    expect(leg!.there.crossings).toMatchObject([{ law: { stage: 'link.transmit' }, link: { rateBps: 1e9, delayNs: 5000 } }])
  })

  it('takes the MTU of the device that the sender sends on', () => {
    const mtuOf = (choice: Choice) => {
      const scenario = smallScenario(choice)
      return legsOf(scenario, scenario.flows.ping!)[0]!.there.mtuBytes
    }
    expect(mtuOf({ driver: 'shared' })).toBe(65536)
    expect(mtuOf({ driver: 'bridge', mtuBytes: 9000 })).toBe(9000)
    expect(mtuOf({ driver: 'overlay' })).toBe(1450)
  })

  it('refuses two processes that no device joins', () => {
    const scenario = smallScenario({ driver: 'bridge' })
    const apart = { ...scenario.networks.net!, subnet: '10.71.0.0/24' }
    const layout = layOut({
      ...scenario,
      networks: { ...scenario.networks, other: apart },
      containers: { ...scenario.containers, server: { ...scenario.containers.server!, networks: ['other'] } },
    })
    const [client, server] = layout.processes
    expect(() => resolveRoute(layout, client!, server!, 'other', true)).toThrow(/no route from client to server \(10\.71\.0\.2\)/)
  })
})
