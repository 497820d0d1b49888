/** What the testbed writes for what forwards: rule sets, routes, redirect programs; and which counters a path has to move. */
import { describe, expect, test } from 'vitest'
import { objectFile, redirectProgram } from '../../experiments/testbed/bpf-object.js'
import { deviceSteps } from '../../experiments/testbed/build.js'
import { whyNotMeasurable } from '../../experiments/testbed/measurable.js'
import { countingDevices, forwardingNamespaces } from '../../experiments/testbed/path.js'
import { prove } from '../../experiments/testbed/proof.js'
import { ruleSetOf } from '../../experiments/testbed/rule-sets.js'
import { layOut } from '../../models/topology/layout.js'
import { elementScenarios } from '../testbed/elements.js'

const scenarios = elementScenarios()
const layoutOf = (name: string) => layOut(scenarios.get(name)!)
const rulesOf = (name: string, namespace: string): string[] =>
  ruleSetOf(layoutOf(name), namespace)!
    .input.split('\n')
    .map((line) => line.trim())

describe('rule sets', () => {
  test('are written by the program that the host names, and by none where nothing is asked for', () => {
    expect(ruleSetOf(layoutOf('routed'), 'host.h1')!.argv).toEqual(['iptables-restore'])
    expect(ruleSetOf(layoutOf('hops'), 'host.h2')!.argv).toEqual(['nft', '-f', '-'])
    expect(ruleSetOf(layoutOf('hops'), 'host.h1')).toBeNull()
  })

  test('hold as many rules that match nothing as are asked for, and the packet own one behind them', () => {
    const rules = rulesOf('hops', 'host.h2').filter((line) => line.endsWith('drop'))
    expect(rules).toHaveLength(20)
    expect(new Set(rules).size).toBe(20)
    expect(rules[0]).toBe('ip saddr 198.18.0.0 drop')
    const chain = rulesOf('routed', 'host.h1').filter((line) => line.startsWith('-A FORWARD'))
    expect(chain).toHaveLength(21)
    expect(chain.at(-1)).toBe('-A FORWARD -j ACCEPT')
  })

  test('find a service by a map, its address last of as many as are asked for', () => {
    const [elements] = rulesOf('map', 'host.h1').filter((line) => line.startsWith('elements'))
    expect(elements!.match(/goto/g)).toHaveLength(50)
    expect(elements).toMatch(/172\.30\.0\.1 : goto service-0 }$/)
    expect(rulesOf('map', 'host.h1')).toContain('dnat to numgen random mod 2 map { 0 : 10.70.0.2, 1 : 10.70.0.3 }')
  })

  test('find a service by one rule each, and its backend by dice that leave each the same share', () => {
    const lines = rulesOf('chain', 'host.h1')
    expect(lines.filter((line) => line.startsWith('-A SERVICES'))).toHaveLength(50)
    expect(lines).toContain('-A SERVICE-0 -m statistic --mode random --probability 0.5000000000 -j BACKEND-0-0')
    expect(lines).toContain('-A SERVICE-0 -j BACKEND-0-1')
    expect(lines).toContain('-A BACKEND-0-1 -j DNAT --to-destination 10.70.0.3')
  })

  test('masquerade what leaves the bridge, and on it only what was translated', () => {
    expect(rulesOf('hairpin', 'host.h1').filter((line) => line.includes('MASQUERADE'))).toEqual([
      '-A POSTROUTING -s 10.70.0.0/24 ! -o br.net.1 -j MASQUERADE',
      '-A POSTROUTING -s 10.70.0.0/24 -o br.net.1 -m conntrack --ctstate DNAT -j MASQUERADE',
    ])
  })
})

describe('routes', () => {
  test('stand in a table after the one to the neighbour that they lead over', () => {
    const scenario = scenarios.get('routed')!
    const routes = deviceSteps(scenario, layOut(scenario), (namespace) => namespace)
      .filter((step) => step.includes('route') && step.includes('container.client'))
      .map((step) => step.slice(3).join(' '))
    expect(routes).toEqual(['route add 10.70.0.1/32 scope link dev eth0', 'route add 10.70.0.2/32 via 10.70.0.1 dev eth0'])
  })
})

describe('the program that redirects', () => {
  const program = redirectProgram([
    { hardwareAddress: '02:fa:00:00:00:05', index: 7 },
    { hardwareAddress: '02:fa:00:00:01:00', index: 9 },
  ])

  test('compares the last four bytes of each address, and jumps over what it does for another', () => {
    const jumps = program.flatMap(([opcode, , , offset, immediate], at) => (opcode === 0x56 ? [{ at, offset, immediate }] : []))
    expect(jumps.map(({ immediate }) => immediate)).toEqual([5, 256])
    expect(jumps[0]!.at + 1 + jumps[0]!.offset).toBe(jumps[1]!.at)
    expect(jumps[1]!.at + 1 + jumps[1]!.offset).toBe(program.length - 2)
    expect(program.at(-1)![0]).toBe(0x95)
  })

  test('is an ELF object for the BPF machine whose section holds its instructions', () => {
    const file = objectFile(program)
    expect(file.subarray(0, 4)).toEqual(Buffer.from([0x7f, 0x45, 0x4c, 0x46]))
    expect(file.readUInt16LE(18)).toBe(247)
    const header = Number(file.readBigUInt64LE(40)) + 3 * 64
    const [at, size] = [Number(file.readBigUInt64LE(header + 24)), Number(file.readBigUInt64LE(header + 32))]
    expect(size).toBe(8 * program.length)
    expect(file.readUInt8(at)).toBe(program[0]![0])
  })
})

describe('what a path has to count', () => {
  test('of a redirect is one way on each host end, both ways on the containers', () => {
    const counting = countingDevices(layoutOf('redirect'), scenarios.get('redirect')!.flows['ping']!)
    expect(counting.get('host.h1 veth.client.net')).toEqual({ sends: false, receives: true })
    expect(counting.get('container.server eth0')).toEqual({ sends: true, receives: true })
  })

  test('is each forwarding namespace twice a message', () => {
    const times = forwardingNamespaces(layoutOf('hops'), scenarios.get('hops')!.flows['ping']!)
    expect([...times].sort()).toEqual(['hop.link0.1', 'hop.link0.2', 'host.h1', 'host.h2'].map((name) => [name, 2]))
  })

  test('may be either backend of a service, but one of them', () => {
    const layout = layoutOf('map')
    const flow = scenarios.get('map')!.flows['ping']!
    const packets = (count: number) => ({ rxPackets: count, txPackets: count, rxBytes: 0, txBytes: 0, dropped: 0 })
    const on = ['container.client eth0', 'host.h1 veth.client.far', 'host.h1 br.net.1']
    const counted = (end: string, forwarded: number) => ({
      devices: Object.fromEntries(
        [...layout.devices.map(({ namespace, name }) => `${namespace} ${name}`)].map((key) => [
          key,
          packets(on.includes(key) || (end !== '' && key.includes(end)) ? 100 : 0),
        ]),
      ),
      protocols: { 'host.h1': { 'Ip.ForwDatagrams': forwarded } },
    })
    expect(prove(layout, flow, counted('second', 200), 100, {}).objections).toEqual([])
    expect(prove(layout, flow, counted('server', 200), 100, {}).verdict).toBe('proven')
    expect(prove(layout, flow, counted('', 200), 100, {}).verdict).toBe('refuted')
    expect(prove(layout, flow, counted('second', 150), 100, {}).objections).toEqual([
      'host.h1 forwarded 150 packets, fewer than 100 messages take at 2 each',
    ])
  })
})

test('two containers published on one host are refused, for an address leads to one of them', () => {
  const scenario = scenarios.get('published')!
  const containers = { ...scenario.containers, second: { ...scenario.containers['server']!, publish: 8081 } }
  expect(whyNotMeasurable({ ...scenario, containers }, 2)).toMatch(/^two containers are published on 172\.31\.0\.1 of host\.h1/)
})
