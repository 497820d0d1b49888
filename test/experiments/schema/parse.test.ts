import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Experiment } from '../../../experiments/experiment.js'
import { documentSchema } from '../../../experiments/schema/document.js'
import { experimentFromDocument, type ParseOptions, parseExperiment } from '../../../experiments/schema/index.js'
import { readBySchema } from '../../../experiments/schema/read.js'
import { readYaml } from '../../../experiments/schema/yaml.js'
import { layOut } from '../../../models/topology/layout.js'
import { changed, printed, SMALL } from './small-experiment.js'

const folder = new URL('../../../experiments/', import.meta.url)
const shipped = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8')

function experimentOf(text: string, options?: ParseOptions): Experiment {
  const parsed = parseExperiment(text, 'test.yaml', options)
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors, null, 2))
  return parsed.experiment
}

/** The complete example of the formats' description, word for word. */
const EXAMPLE = `# What do a shared namespace, a bridge, an overlay and a SOCKS proxy cost a message, and where does the time go?
name: network-models
machines: { m1: { cores: 2 } }                       # a kernel and its cores
hosts:    { h1: { machine: m1 } }                    # a network namespace that plays a host; two on one machine share its cores ("one kernel")
networks: { net: { driver: bridge, subnet: 10.70.0.0/24 } }
containers:
  server: { host: h1, core: 1, networks: [net] }
  client: { host: h1, core: 1, networks: [net] }
tcp:      { congestion-control: cubic, no-delay: true }   # set by the testbed, never inherited; also bridge-nf-call-iptables, offloads, mtu, rps
flows:
  ping: { from: client, to: server, transport: tcp, workload: { kind: ping-pong, message: 64 B } }
models:                                              # network models: named variants; each says only what differs
  shared:  { networks: { net: { driver: shared } } }
  bridge:  {}
  overlay: { hosts: { h2: { machine: m1 } }, links: [{ between: [h1, h2], kind: veth }], networks: { net: { driver: overlay, mtu: 1450, vni: 7 } }, containers: { server: { host: h2 } } }
  socks:   { proxies: { relay: { kind: socks5, program: microsocks, host: h1, core: 1, network: net } }, flows: { ping: { via: [relay] } } }
sweep:    { model: [shared, bridge, overlay, socks], flows.ping.workload.message: [64 B, 256 B, 1 KiB, 1400 B, 4 KiB, 16 KiB] }
stop:     { replications: 10, messages: 10000, half-width: 2 % of p50, at-most: 40 }
seed: 1
baseline: shared
report:   [latency-by-size, latency-cdf, stage-breakdown, validation]
`

describe('the complete example', () => {
  const experiment = experimentOf(EXAMPLE)

  it('has its question, models, stopping rule and figures', () => {
    expect(experiment.question).toBe(
      'What do a shared namespace, a bridge, an overlay and a SOCKS proxy cost a message, and where does the time go?',
    )
    expect(experiment.models).toEqual(['shared', 'bridge', 'overlay', 'socks'])
    expect(experiment.stop).toEqual({ replications: 10, messages: 10_000, halfWidth: { relative: 0.02, statistic: 'p50' }, atMost: 40 })
    expect(experiment.baseline).toBe('shared')
    expect(experiment.report).toEqual(['latency-by-size', 'latency-cdf', 'stage-breakdown', 'validation'])
  })

  it('has a point for each model and size, the first key slowest, with values in base units', () => {
    const sizes = [64, 256, 1024, 1400, 4096, 16_384]
    expect(experiment.points.map((point) => point.id)).toEqual(
      experiment.models.flatMap((model) => sizes.map((size) => `{"flows.ping.workload.message":${size},"model":"${model}"}`)),
    )
  })

  it('merges what a model changes and keeps what it does not', () => {
    const overlay = experiment.points.find((point) => point.model === 'overlay')!.scenario
    expect(overlay.hosts).toEqual({ h1: { machine: 'm1' }, h2: { machine: 'm1' } })
    expect(overlay.links).toEqual([{ between: ['h1', 'h2'], kind: 'veth', mtuBytes: 1500 }])
    expect(overlay.networks['net']).toEqual({
      driver: 'overlay',
      subnet: '10.70.0.0/24',
      mtuBytes: 1450,
      bridges: 1,
      ends: 'bridge',
      vni: 7,
    })
    expect(overlay.containers['server']!.host).toBe('h2')
    expect(overlay.containers['client']!.host).toBe('h1')
    const socks = experiment.points.find((point) => point.model === 'socks')!.scenario
    expect(socks.flows['ping']!.via).toEqual(['relay'])
    expect(socks.proxies['relay']).toMatchObject({ bufferBytes: 1024, noDelay: false, policy: 'other' })
  })
})

describe('defaults', () => {
  it('are written out in the scenario', () => {
    const { scenario, model, id } = experimentOf(SMALL).points[0]!
    expect(id).toBe('{}')
    expect(model).toBe('base')
    expect(scenario.machines['m1']).toEqual({ cores: 2, idle: 'as-found' })
    expect(scenario.containers['client']).toEqual({ host: 'h1', core: 1, networks: ['net'], bridge: 1, policy: 'other', noDelay: true })
    expect(scenario.tcp).toEqual({ congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: false })
    expect(scenario.flows['ping']).toMatchObject({ transport: 'tcp', via: [], network: 'net' })
  })

  it.each([
    ['bridge', 1500],
    ['veth', 1500],
    ['overlay', 1450],
    ['shared', 65_536],
    ['host', 65_536],
  ])('give a network with driver %s an MTU of %i', (driver, mtuBytes) => {
    const { scenario } = experimentOf(changed(SMALL, [['driver: bridge', `driver: ${driver}`]])).points[0]!
    expect(scenario.networks['net']!.mtuBytes).toBe(mtuBytes)
  })

  it('let tcp.mtu overrule every network, and a container its own tcp.no-delay', () => {
    const text = changed(SMALL, [
      ['driver: bridge', 'driver: bridge, mtu: 1400'],
      ['client: { host: h1,', 'client: { host: h1, no-delay: true,'],
      ['flows:', 'tcp: { mtu: 1300 B, no-delay: false }\nflows:'],
    ])
    const { scenario } = experimentOf(text).points[0]!
    expect(scenario.networks['net']!.mtuBytes).toBe(1300)
    expect(scenario.containers['client']!.noDelay).toBe(true)
    expect(scenario.containers['server']!.noDelay).toBe(false)
  })

  it('in force are listed with value, meaning and the models that they hold in', () => {
    const { defaults } = experimentOf(EXAMPLE)
    const of = (path: string) => defaults.filter((each) => each.path === path).map(({ value, models }) => ({ value, models }))
    expect(of('containers.client.policy')).toEqual([{ value: 'other', models: null }])
    expect(of('proxies.relay.buffer')).toEqual([{ value: '1024 B', models: ['socks'] }])
    expect(of('networks.net.mtu')).toEqual([
      { value: '65536', models: ['shared'] },
      { value: '1500', models: ['bridge', 'socks'] },
    ])
    expect(of('tcp.congestion-control')).toEqual([])
    expect(of('networks.net.vni')).toEqual([])
    expect(of('flows.ping.network')).toEqual([{ value: 'net', models: null }])
    for (const { meaning } of defaults) expect(meaning).not.toBe('')
  })
})

describe('an overlay above what its underlay carries', () => {
  it.each([
    ['the network', [['driver: bridge', 'driver: overlay, mtu: 1500']], 'networks.net.mtu', 6],
    [
      'tcp.mtu',
      [
        ['driver: bridge', 'driver: overlay'],
        ['flows:', 'tcp: { mtu: 1500 }\nflows:'],
      ],
      'tcp.mtu',
      10,
    ],
  ] as const)('is warned of where %s says so, and runs', (_, changes, path, line) => {
    const text = changed(SMALL, [
      ['{ h1: { machine: m1 } }', '{ h1: { machine: m1 }, h2: { machine: m1 } }\nlinks: [{ between: [h1, h2], hops: 2 }]'],
      ['server: { host: h1', 'server: { host: h2'],
      ...changes,
    ])
    const { warnings, points } = experimentOf(text)
    expect(points).toHaveLength(1)
    expect(warnings).toMatchObject([{ path, line, found: '1500' }])
    expect(warnings![0]!.expected).toMatch(/^at most 1450 \(the link between h1 and h2 carries 1500 B/)
  })

  it('is not warned of where it fits', () => {
    expect(experimentOf(SMALL).warnings).toEqual([])
  })
})

describe('the experiments that ship', () => {
  it.each(shipped)('%s opens with a question and every point of it can be laid out', (file) => {
    const experiment = experimentOf(textOf(file))
    expect(experiment.question).toMatch(/\?$/)
    expect(`${experiment.name}.yaml`).toBe(file)
    for (const { scenario } of experiment.points) expect(layOut(scenario).processes.length).toBeGreaterThanOrEqual(2)
  })

  it.each(shipped)('%s is read as zod itself reads it', (file) => {
    const reading = readBySchema(documentSchema, readYaml(textOf(file), file).root!)
    expect(reading.errors).toEqual([])
    expect(reading.value).toEqual(documentSchema.parse(parse(textOf(file))))
  })

  it.each(shipped)('%s gives the same points as a document inside another one', (file) => {
    const parsed = experimentFromDocument(parse(textOf(file)), 'plan.yaml')
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
    expect(parsed.experiment.points).toEqual(experimentOf(textOf(file)).points)
  })
})

describe('sweeps', () => {
  it('without a model visit every network model, and a file without models has one', () => {
    const text = changed(SMALL, [['flows:', 'models: { b: {}, a: {} }\nsweep: { flows.ping.workload.message: [64 B, 1 KiB] }\nflows:']])
    expect(experimentOf(text).points.map((point) => point.id)).toEqual([
      '{"flows.ping.workload.message":64,"model":"b"}',
      '{"flows.ping.workload.message":1024,"model":"b"}',
      '{"flows.ping.workload.message":64,"model":"a"}',
      '{"flows.ping.workload.message":1024,"model":"a"}',
    ])
    expect(experimentOf(SMALL).models).toEqual(['base'])
  })

  it('set keys that the file leaves to their defaults, in mappings and in lists', () => {
    const text = changed(SMALL, [
      [
        '{ h1: { machine: m1 } }',
        '{ h1: { machine: m1 }, h2: { machine: m1 } }\nlinks: [{ between: [h1, h2], kind: physical, rate: 1 Gbit/s, delay: 5 us }]',
      ],
      ['flows:', 'sweep: { tcp.quick-ack: [true], links.0.delay: [10 us], containers.client.policy: [batch] }\nflows:'],
    ])
    const [point] = experimentOf(text).points
    expect(point!.values).toEqual({ 'containers.client.policy': 'batch', 'links.0.delay': 10_000, 'tcp.quick-ack': true })
    expect(point!.scenario.tcp.quickAck).toBe(true)
    expect(point!.scenario.links[0]!.delayNs).toBe(10_000)
    expect(point!.scenario.containers['client']!.policy).toBe('batch')
  })
})

describe('extends', () => {
  const readBase = (name: string) => (name === 'base' ? { text: SMALL, fileName: 'base.yaml' } : undefined)

  it('takes another file as the base and changes only what is written', () => {
    const experiment = experimentOf('# And with more?\nname: mine\nextends: base\nflows: { ping: { workload: { message: 1 KiB } } }\n', {
      readBase,
    })
    expect(experiment.name).toBe('mine')
    expect(experiment.question).toBe('And with more?')
    expect(experiment.points[0]!.scenario.flows['ping']!.workload.messageBytes).toBe(1024)
  })

  it('reports a mistake where it was written, be it the base or the file on top', () => {
    const broken = () => ({ text: changed(SMALL, [['cores: 2', 'cores: two']]), fileName: 'base.yaml' })
    expect(printed('name: mine\nextends: base\nflows: { ping: { to: nobody } }\n', { readBase: broken })).toEqual([
      'base.yaml:3:26  machines.m1.cores: expected a whole number from 1 to 1024, got "two"',
      'small.yaml:3:22  flows.ping.to: expected the name of a container (server or client), got "nobody"',
      '2 mistakes; nothing was run.',
    ])
  })

  it('reports a value that breaks what the base says at the file on top', () => {
    expect(
      printed('name: mine\nextends: base\nnetworks: { net: { driver: veth } }\ncontainers: { third: { host: h1, networks: [net] } }\n', {
        readBase,
      }),
    ).toEqual([
      'small.yaml:3:28  networks.net.driver: expected exactly two containers or proxies on a veth network, got 3 (server, client, third)',
      '1 mistake; nothing was run.',
    ])
  })

  it('wants a name of its own, a base that exists, and no circle', () => {
    expect(printed('extends: base\n', { readBase })).toEqual([
      'small.yaml:1:1  name: expected a name of letters, digits, "-" and "_", got nothing',
      '1 mistake; nothing was run.',
    ])
    expect(printed('name: mine\nextends: nothing\n', { readBase })).toEqual([
      'small.yaml:2:10  extends: expected the name of an experiment that can be read, got "nothing"',
      '1 mistake; nothing was run.',
    ])
    const circle = () => ({ text: 'name: base\nextends: mine\n', fileName: 'base.yaml' })
    expect(printed('name: mine\nextends: base\n', { readBase: circle })).toEqual([
      'base.yaml:2:10  extends: expected a file that does not extend itself, got small.yaml extends base.yaml extends base.yaml',
      '1 mistake; nothing was run.',
    ])
  })
})
