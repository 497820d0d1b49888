import { describe, expect, it } from 'vitest'
import { layOut } from '../../models/topology/layout.js'
import { legsOf } from '../../models/topology/legs.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { elementScenarios } from '../testbed/elements.js'

const scenarios = elementScenarios()

function legOf(name: string) {
  const scenario = scenarios.get(name)!
  return legsOf(scenario, scenario.flows['ping']!)[0]!
}

const stages = (name: string, direction: 'there' | 'back' = 'there'): string =>
  legOf(name)
    [direction].crossings.map(({ law, rules }) => (rules === undefined ? law.stage : `${law.stage}x${rules}`))
    .join(' ')

function without(scenario: Scenario, policy: 'masquerade'): Scenario {
  const hosts = Object.entries(scenario.hosts).map(([name, host]) => [
    name,
    { ...host, ...(host.policy !== undefined && { policy: { ...host.policy, [policy]: false } }) },
  ])
  return { ...scenario, hosts: Object.fromEntries(hosts) }
}

describe('a packet that is forwarded', () => {
  it('is tracked, routed, and asks the rules of its host', () => {
    expect(stages('routed')).toBe('veth.transmit conntrack.lookup ip.forward iptables.chainx20 veth.transmit')
  })

  it('is forwarded by both hosts and by every hop of the link between them', () => {
    expect(stages('hops').match(/ip\.forward/g)).toHaveLength(4)
    expect(stages('hops').match(/nftables\.chainx20/g)).toHaveLength(1)
    expect(stages('hops', 'back')).toBe(
      stages('hops').split(' ').reverse().join(' ').replace('nftables.chainx20 ip.forward', 'ip.forward nftables.chainx20'),
    )
  })

  it('of a tunnel is its outer one: the hops of the underlay forward it', () => {
    expect(stages('tunnel')).toBe('vxlan.encapsulate veth.transmit ip.forward veth.transmit vxlan.decapsulate')
  })

  it('goes straight to a sibling on a macvlan, and past the host where a program redirects it', () => {
    expect(stages('macvlan')).toBe('macvlan.transmit')
    expect(stages('redirect')).toBe('veth.transmit bpf.redirect')
  })

  it('crosses networks of any driver in a row, and the hooks of those that pass them', () => {
    expect(stages('routers')).toBe(
      'veth.transmit bridge.forward netfilter.hook veth.transmit bridge.forward netfilter.hook veth.transmit ip.forward veth.transmit bpf.redirect conntrack.lookup ip.forward nftables.chainx3 macvlan.transmit',
    )
  })
})

describe('a translated connection', () => {
  it('to a published port changes its destination at the server host, its source where the client host masquerades', () => {
    expect(stages('published')).toBe(
      'veth.transmit conntrack.lookup ip.forward nat.translate veth.transmit conntrack.lookup nat.translate ip.forward bridge.output veth.transmit',
    )
    expect(stages('published', 'back')).toBe(
      'veth.transmit bridge.input conntrack.lookup ip.forward nat.translate veth.transmit conntrack.lookup nat.translate ip.forward veth.transmit',
    )
  })

  it('of a hairpin changes both ends at once', () => {
    expect(stages('hairpin')).toBe(
      'veth.transmit bridge.input conntrack.lookup nat.translate ip.forward nat.translate bridge.output veth.transmit',
    )
    expect(stages('hairpin', 'back')).toBe(stages('hairpin'))
  })

  it('is refused where nothing translates the answers', () => {
    const scenario = without(scenarios.get('hairpin')!, 'masquerade')
    expect(() => legsOf(scenario, scenario.flows['ping']!)).toThrow(/come back from 10\.70\.0\.2: nothing on their way translates them/)
  })

  it('costs a message the same however many services there are, and whoever wrote them', () => {
    expect(stages('map')).toBe(stages('chain'))
    const scenario = scenarios.get('map')!
    const many = { ...scenario, services: { web: { ...scenario.services!['web']!, count: 10_000 } } }
    expect(legsOf(many, many.flows['ping']!)[0]!.there).toEqual(legOf('map').there)
  })

  it('is dialled at the virtual address, and answered by a backend', () => {
    expect(legOf('map').dialled).toBe('172.30.0.1')
    expect(layOut(scenarios.get('map')!).translations).toEqual([
      { namespace: 'host.h1', address: '172.30.0.1', backends: ['10.70.0.2', '10.70.0.3'], count: 50 },
    ])
  })
})

describe('the MTU of a path', () => {
  it('is the smallest on it, tunnels included: what path-MTU messages would teach the sender', () => {
    expect(legOf('tunnel').there.mtuBytes).toBe(1450)
    expect(legOf('tunnel').back.mtuBytes).toBe(1450)
  })
})

describe('routing tables', () => {
  it('are empty where nothing forwards', () => {
    for (const name of ['macvlan', 'redirect']) expect(layOut(scenarios.get(name)!)).toMatchObject({ routes: [], forwarding: [] })
  })

  it('lead to a point-to-point container over the only neighbour that it has', () => {
    const routes = layOut(scenarios.get('routed')!).routes.filter(({ namespace }) => namespace === 'container.client')
    expect(routes).toEqual([
      { namespace: 'container.client', destination: '10.70.0.1/32', device: 'eth0' },
      { namespace: 'container.client', destination: '10.70.0.2/32', device: 'eth0', via: '10.70.0.1' },
    ])
  })
})
