import { describe, expect, it } from 'vitest'
import { type Device, layOut } from '../../models/topology/layout.js'
import { legsOf } from '../../models/topology/legs.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { type Choice, smallScenario } from './small-scenario.js'

/** A device in one line: where it is, what it is joined to, its address. */
function inWords(device: Device): string {
  const at = 'address' in device && device.address !== undefined ? ` ${device.address}` : ''
  const under = 'master' in device && device.master !== undefined ? ` in ${device.master}` : ''
  switch (device.kind) {
    case 'bridge':
      return `${device.namespace} ${device.name}: bridge`
    case 'vxlan':
      return `${device.namespace} ${device.name}: vxlan ${device.vni} ${device.local} > ${device.remote}${under}${at}`
    case 'macvlan':
      return `${device.namespace} ${device.name}: macvlan on ${device.lowerNamespace} ${device.lower}${at}`
    default:
      return `${device.namespace} ${device.name}: ${device.kind} to ${device.peerNamespace} ${device.peer}${under}${at}`
  }
}

function devicesOf(choice: Choice): string[] {
  return layOut(smallScenario(choice)).devices.map(inWords)
}

function changed(scenario: Scenario, changes: Partial<Scenario>): Scenario {
  return { ...scenario, ...changes }
}

describe('the layout of a scenario', () => {
  it('puts the ends of a shared network into one namespace that has the loopback device alone', () => {
    const layout = layOut(smallScenario({ driver: 'shared', relay: true }))
    expect(layout.devices).toEqual([])
    expect(layout.namespaces.map((n) => n.name)).toEqual(['host.h1', 'pod.net'])
    expect(layout.processes.map((p) => [p.name, p.role, p.namespace, p.addresses])).toEqual([
      ['client', 'endpoint', 'pod.net', { net: '127.0.0.1' }],
      ['server', 'endpoint', 'pod.net', { net: '127.0.0.1' }],
      ['relay', 'proxy', 'pod.net', { net: '127.0.0.1' }],
    ])
  })

  it('puts the ends of a host network into their host, reached over loopback', () => {
    const layout = layOut(smallScenario({ driver: 'host' }))
    expect(layout.devices).toEqual([])
    expect(layout.processes.map((p) => [p.namespace, p.addresses])).toEqual([
      ['host.h1', { net: '127.0.0.1' }],
      ['host.h1', { net: '127.0.0.1' }],
    ])
  })

  it('reaches the other host of a host network by its address on the link', () => {
    const layout = layOut(smallScenario({ driver: 'host', twoHosts: true }))
    expect(layout.devices.map(inWords)).toEqual([
      'host.h1 link0.h2: veth to host.h2 link0.h1 172.31.0.1/30',
      'host.h2 link0.h1: veth to host.h1 link0.h2 172.31.0.2/30',
    ])
    expect(layout.processes.map((p) => p.addresses.net)).toEqual(['172.31.0.1', '172.31.0.2'])
  })

  it('joins the two ends of a veth network by one pair', () => {
    expect(devicesOf({ driver: 'veth' })).toEqual([
      'container.client eth0: veth to container.server eth0 10.70.0.2/24',
      'container.server eth0: veth to container.client eth0 10.70.0.3/24',
    ])
  })

  it('gives each end of a bridge network a pair whose other end is a port of the bridge', () => {
    expect(devicesOf({ driver: 'bridge' })).toEqual([
      'host.h1 br.net.1: bridge',
      'container.client eth0: veth to host.h1 veth.client.net 10.70.0.2/24',
      'host.h1 veth.client.net: veth to container.client eth0 in br.net.1',
      'container.server eth0: veth to host.h1 veth.server.net 10.70.0.3/24',
      'host.h1 veth.server.net: veth to container.server eth0 in br.net.1',
    ])
  })

  it('joins the bridges of a chain by pairs, and attaches each end to its own', () => {
    const devices = devicesOf({ driver: 'bridge', bridges: 3 })
    expect(devices.filter((line) => line.endsWith(': bridge'))).toHaveLength(3)
    expect(devices).toContain('host.h1 br.net.1.right: veth to host.h1 br.net.2.left in br.net.1')
    expect(devices).toContain('host.h1 br.net.3.left: veth to host.h1 br.net.2.right in br.net.3')
    expect(devices).toContain('host.h1 veth.client.net: veth to container.client eth0 in br.net.1')
    expect(devices).toContain('host.h1 veth.server.net: veth to container.server eth0 in br.net.3')
  })

  it('puts a bridge and a VXLAN device on each host of an overlay, over the link between them', () => {
    expect(devicesOf({ driver: 'overlay' })).toEqual([
      'host.h1 link0.h2: veth to host.h2 link0.h1 172.31.0.1/30',
      'host.h2 link0.h1: veth to host.h1 link0.h2 172.31.0.2/30',
      'host.h1 br.net: bridge',
      'host.h1 vx.net: vxlan 7 172.31.0.1 > 172.31.0.2 in br.net',
      'container.client eth0: veth to host.h1 veth.client.net 10.70.0.2/24',
      'host.h1 veth.client.net: veth to container.client eth0 in br.net',
      'host.h2 br.net: bridge',
      'host.h2 vx.net: vxlan 7 172.31.0.2 > 172.31.0.1 in br.net',
      'container.server eth0: veth to host.h2 veth.server.net 10.70.0.3/24',
      'host.h2 veth.server.net: veth to container.server eth0 in br.net',
    ])
  })

  it('puts the VXLAN device into the container where the ends of an overlay are direct', () => {
    expect(devicesOf({ driver: 'overlay', ends: 'direct' }).slice(2)).toEqual([
      'container.client eth0: vxlan 7 172.31.0.1 > 172.31.0.2 10.70.0.2/24',
      'container.server eth0: vxlan 7 172.31.0.2 > 172.31.0.1 10.70.0.3/24',
    ])
  })

  it('needs no VXLAN device where all ends of an overlay stand on one host', () => {
    const scenario = smallScenario({ driver: 'overlay' })
    const containers = { client: scenario.containers.client!, server: { ...scenario.containers.server!, host: 'h1' } }
    expect(layOut(changed(scenario, { containers })).devices.some((d) => d.kind === 'vxlan')).toBe(false)
  })

  it('gives a physical link its rate and its delay at both ends', () => {
    const link = { kind: 'physical', rateBps: 1e9, delayNs: 5000 } as const
    const ends = layOut(smallScenario({ driver: 'host', twoHosts: true, link })).devices
    expect(ends.map((d) => d.kind === 'physical' && [d.namespace, d.rateBps, d.delayNs])).toEqual([
      ['host.h1', 1e9, 5000],
      ['host.h2', 1e9, 5000],
    ])
  })

  it('lists each peer of a veth pair as the peer of its peer', () => {
    for (const driver of ['veth', 'bridge', 'overlay', 'host'] as const) {
      const { devices } = layOut(smallScenario({ driver, relay: driver !== 'veth', twoHosts: driver === 'overlay' || driver === 'host' }))
      for (const device of devices) {
        if (device.kind !== 'veth') continue
        const peer = devices.find((d) => d.namespace === device.peerNamespace && d.name === device.peer)
        expect(peer).toMatchObject({ kind: 'veth', peer: device.name, peerNamespace: device.namespace })
      }
    }
  })
})

describe('a scenario that can not be laid out', () => {
  const bridge = smallScenario({ driver: 'bridge' })
  const { client, server } = bridge.containers as Record<'client' | 'server', (typeof bridge.containers)[string]>
  const twoHosts = { h1: { machine: 'm1' }, h2: { machine: 'm1' } }
  const onTwoHosts = { client, server: { ...server, host: 'h2' } }
  const refusals: [string, Scenario, RegExp][] = [
    ['an unknown host', changed(bridge, { containers: { client, server: { ...server, host: 'h9' } } }), /no host is named h9/],
    [
      'an unknown network',
      changed(bridge, { containers: { client, server: { ...server, networks: ['nets'] } } }),
      /no network is named nets/,
    ],
    [
      'a bridge on two hosts',
      changed(bridge, { hosts: twoHosts, containers: onTwoHosts }),
      /a bridge stands on one host, not on h1 and h2/,
    ],
    [
      'a pod on two hosts',
      changed(smallScenario({ driver: 'shared' }), { hosts: twoHosts, containers: onTwoHosts }),
      /a shared namespace stands on one/,
    ],
    ['a veth network with three ends', smallScenario({ driver: 'veth', relay: true }), /a veth pair joins two ends, not 3/],
    ['an overlay without a link', changed(smallScenario({ driver: 'overlay' }), { links: [] }), /no link joins hosts h1 and h2/],
    ['direct ends on one host', smallScenario({ driver: 'overlay', ends: 'direct', twoHosts: false }), /one end on each host/],
    [
      'an overlay on three hosts',
      changed(smallScenario({ driver: 'overlay' }), {
        hosts: { ...twoHosts, h3: { machine: 'm1' } },
        containers: { ...onTwoHosts, third: { ...server, host: 'h3' } },
      }),
      /spans at most two hosts, not 3/,
    ],
    [
      'a subnet without room',
      changed(bridge, { networks: { net: { ...bridge.networks.net!, subnet: '10.70.0.0/31' } } }),
      /a \/31 has no address number 2/,
    ],
    [
      'a text that is no prefix',
      changed(bridge, { networks: { net: { ...bridge.networks.net!, subnet: '10.70.0/24' } } }),
      /not an IPv4 prefix/,
    ],
  ]
  it.each(refusals)('says so: %s', (_, scenario, message) => {
    expect(() => layOut(scenario)).toThrow(RangeError)
    expect(() => layOut(scenario)).toThrow(message)
  })

  it('names the end that nobody is called after, and the network that an end is not on', () => {
    const flow = bridge.flows.ping!
    expect(() => legsOf(bridge, { ...flow, to: 'sever' })).toThrow(/no container or proxy is named sever/)
    expect(() => legsOf(bridge, { ...flow, network: 'blue' })).toThrow(/server has no address on network blue/)
  })
})
