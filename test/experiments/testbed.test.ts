/** What the testbed computes without a kernel: paths, proofs, parsers, schedules, plans and rows. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  isDataSet,
  PlanError,
  parsePlan,
  planFromDocument,
  planToYaml,
  readDataSet,
  rowsFromRaw,
} from '../../experiments/campaign/index.js'
import { plannedPoints } from '../../experiments/campaign/plan.js'
import { readAllRaw } from '../../experiments/campaign/raw.js'
import { orderOfBlock, setUpsOf } from '../../experiments/campaign/schedule.js'
import { canonicalJson } from '../../experiments/canonical-json.js'
import { loadExperimentFile } from '../../experiments/experiment-file.js'
import { dataSetFolders, measuredRowsOf, rowsMeasuredOn } from '../../experiments/measured-rows.js'
import { isProbeSet, readProbeSet, sealProbeSet } from '../../experiments/probes.js'
import type { Row } from '../../experiments/rows.js'
import { rowsToCsv } from '../../experiments/store/index.js'
import { deviceSteps, sameSubnet } from '../../experiments/testbed/build.js'
import { parseProtocols } from '../../experiments/testbed/counters.js'
import { installCommand } from '../../experiments/testbed/doctor.js'
import { chainConfiguration } from '../../experiments/testbed/instruments/proxychains.js'
import {
  clientArguments,
  parseFullLog,
  parseSockperf,
  SockperfError,
  serverArguments,
} from '../../experiments/testbed/instruments/sockperf.js'
import { abandonedRuns, openJournal, readJournal } from '../../experiments/testbed/journal.js'
import { deviceName } from '../../experiments/testbed/kernel-names.js'
import { whyNotMeasurable } from '../../experiments/testbed/measurable.js'
import { devicesOfFlow } from '../../experiments/testbed/path.js'
import { isAlive, ownIdentity } from '../../experiments/testbed/process-identity.js'
import { prove } from '../../experiments/testbed/proof.js'
import { bytesReceivedIn } from '../../experiments/testbed/sockets.js'
import { stallsOf } from '../../experiments/testbed/stalls.js'
import { switchesPerMessage } from '../../experiments/testbed/switches.js'
import { layOut } from '../../models/topology/layout.js'
import { hashText, LatencySketch } from '../../sim/index.js'
import { scenarioOf } from '../testbed/scenarios.js'

const overlay = scenarioOf({ driver: 'overlay' })
const socks = scenarioOf({ driver: 'bridge', relay: true })

describe('the path of a flow', () => {
  test('through an overlay it is each device once, the underlay between the two tunnels', () => {
    expect(devicesOfFlow(layOut(overlay), overlay.flows['ping']!)).toEqual([
      'container.client eth0',
      'host.h1 veth.client.net',
      'host.h1 br.net',
      'host.h1 vx.net',
      'host.h1 link0.h2',
      'host.h2 link0.h1',
      'host.h2 vx.net',
      'host.h2 br.net',
      'host.h2 veth.server.net',
      'container.server eth0',
    ])
  })

  test('through a chain of bridges it is every bridge with the pairs between them', () => {
    const chain = scenarioOf({ driver: 'bridge', bridges: 3 })
    const devices = devicesOfFlow(layOut(chain), chain.flows['ping']!)
    expect(devices.filter((device) => /br\.net\.\d$/.test(device))).toEqual(['host.h1 br.net.1', 'host.h1 br.net.2', 'host.h1 br.net.3'])
  })

  test('in one namespace it is loopback', () => {
    const shared = scenarioOf({ driver: 'shared' })
    expect(devicesOfFlow(layOut(shared), shared.flows['ping']!)).toEqual(['pod.net lo'])
  })
})

describe('the proof of path', () => {
  const layout = layOut(socks)
  const flow = socks.flows['ping']!
  const devices = (packets: number) =>
    Object.fromEntries(
      [...layout.devices, ...layout.namespaces.map(({ name }) => ({ namespace: name, name: 'lo', kind: 'loopback' }))].map((device) => {
        const count = device.kind === 'veth' ? packets : 0
        return [`${device.namespace} ${device.name}`, { rxPackets: count, txPackets: count, rxBytes: 0, txBytes: 0, dropped: 0 }]
      }),
    )

  test('holds where every device counts a packet a message and the relay has received both directions', () => {
    const proof = prove(layout, flow, { devices: devices(200), protocols: {} }, 100, { relay: 12_900 })
    expect(proof).toMatchObject({ verdict: 'proven', objections: [] })
  })

  test('fails where packets bypass the relay', () => {
    const proof = prove(layout, flow, { devices: devices(200), protocols: {} }, 100, { relay: 0 })
    expect(proof.verdict).toBe('refuted')
    expect(proof.objections.join()).toContain('proxy relay received 0 bytes')
  })

  test('fails where a device counts less than a packet a message, and where one beside the path counts', () => {
    const counted = devices(200)
    counted['container.client eth0'] = { rxPackets: 99, txPackets: 200, rxBytes: 0, txBytes: 0, dropped: 0 }
    counted['host.h1 lo'] = { rxPackets: 30, txPackets: 30, rxBytes: 0, txBytes: 0, dropped: 0 }
    const { objections } = prove(layout, flow, { devices: counted, protocols: {} }, 100, { relay: 12_900 })
    expect(objections).toHaveLength(2)
  })
})

describe('sockperf', () => {
  const output = [
    'sockperf: \u001b[2;35m== version #3.7-no.git == \u001b[0m',
    'sockperf: [Total Run] RunTime=1.000 sec; Warm up time=400 msec; SentMessages=73066; ReceivedMessages=73065',
    'sockperf: [Valid Duration] RunTime=0.550 sec; SentMessages=40405; ReceivedMessages=40405',
    'sockperf: \u001b[2;35m====> avg-latency=6.784 (std-dev=1.610)\u001b[0m',
    'sockperf: # dropped messages = 0; # duplicated messages = 0; # out-of-order messages = 0',
    'sockperf: ---> <MAX> observation =   95.208',
    'sockperf: ---> percentile 99.900 =   22.126',
    'sockperf: ---> percentile 99.000 =   14.201',
    'sockperf: ---> percentile 50.000 =    6.657',
    'sockperf: ---> <MIN> observation =    5.380',
  ].join('\n')

  test('its statistics are read through the colours of a terminal, in whole nanoseconds', () => {
    expect(parseSockperf(output)).toMatchObject({
      total: { seconds: 1, sent: 73066, received: 73065 },
      messages: 40405,
      latencyNs: { mean: 6784, max: 95208, 'p99.9': 22126, p99: 14201, p50: 6657, min: 5380 },
      dropped: 0,
    })
  })

  test('what it says instead of statistics becomes the reason', () => {
    expect(() => parseSockperf("sockperf: ERROR: Can't bind socket, IP to bind: 0.0.0.0:1\n (errno=98)")).toThrow(SockperfError)
    expect(() => parseSockperf('')).toThrow('sockperf wrote nothing')
  })

  test('a full log gives each latency in order', () => {
    const log = 'sockperf: ...\n------\npacket, txTime(sec), rxTime(sec), latency(usec)\n0, 2.4, 2.5, 6.863\n1, 2.5, 2.6, 6.503\n------\n'
    expect([...parseFullLog(log)]).toEqual([6863, 6503])
  })

  test('Nagle is switched on by an option, and a server is told of messages beyond its default', () => {
    const call = { transport: 'tcp', address: '10.70.0.2', port: 20001, noDelay: false, largestBytes: 65_536 } as const
    expect(serverArguments(call)).toEqual([
      'sockperf',
      'server',
      '--tcp',
      '-i',
      '10.70.0.2',
      '-p',
      '20001',
      '--tcp-avoid-nodelay',
      '--msg-size',
      '65536',
    ])
    expect(clientArguments({ ...call, noDelay: true, messageBytes: 64, seconds: 2, logPath: '/tmp/log' })).toEqual(
      'sockperf ping-pong --tcp -i 10.70.0.2 -p 20001 --msg-size 64 --time 2 --full-log /tmp/log'.split(' '),
    )
  })
})

describe('counters', () => {
  test('lines of names and numbers are joined by protocol', () => {
    expect(parseProtocols('Tcp: InSegs OutSegs\nTcp: 7 8\nTcpExt: DelayedACKs\nTcpExt: 3\n')).toEqual({
      'Tcp.InSegs': 7,
      'Tcp.OutSegs': 8,
      'TcpExt.DelayedACKs': 3,
    })
  })

  test('a relay is credited with what its own sockets received', () => {
    const sockets =
      'ESTAB 0 0 a b users:(("microsocks",pid=7,fd=5)) bytes_received:128 x\nESTAB 0 0 c d users:(("sockperf",pid=71,fd=5)) bytes_received:64'
    expect(bytesReceivedIn(sockets, [7])).toBe(128)
  })

  test('switches per message are those between two looks, over the messages that the packets between them stand for', () => {
    const looks = [
      { atMs: 2500, packets: { ping: 1000 }, switches: { client: { voluntary: 500, involuntary: 100, runNs: 1e6 } } },
      { atMs: 3000, packets: { ping: 3000 }, switches: { client: { voluntary: 1100, involuntary: 500, runNs: 4e6 } } },
    ]
    expect(switchesPerMessage(looks, 'client', 'ping', 2)).toEqual({ voluntary: 0.6, involuntary: 0.4, runNs: 3000 })
    expect(switchesPerMessage(looks.slice(1), 'client', 'ping', 2)).toBeNull()
  })

  test('a stall is a latency that only a timer gives, in the direction whose receiver delayed its acknowledgement', () => {
    const sketch = new LatencySketch()
    sketch.record(22_000_000, 30)
    sketch.record(20_000, 10)
    const counted = { devices: {}, protocols: { 'container.server': { 'TcpExt.DelayedACKs': 30 } } }
    expect(stallsOf(layOut(socks), socks.flows['ping']!, sketch.encode(), counted, 40)).toEqual({ share: 0.75, request: 0.75, reply: 0 })
  })
})

describe('what is built', () => {
  test('every step is a program with its arguments, and only namespaces of the run are named', () => {
    const steps = deviceSteps(overlay, layOut(overlay), (namespace) => `fairway-abc-${namespace}`)
    for (const step of steps) {
      expect(['ip', 'bridge']).toContain(step[0])
      expect(step[1]).toBe('-n')
      expect(step[2]).toMatch(/^fairway-abc-/)
    }
    expect(steps.map((step) => step.join(' '))).toContain(
      'ip -n fairway-abc-host.h1 link add name vx.net address 02:fa:00:00:00:03 mtu 1450 netns fairway-abc-host.h1 type vxlan id 7 local 172.31.0.1 remote 172.31.0.2 dstport 4789 nolearning noudpcsum',
    )
  })

  test('device names keep to 15 characters and stay apart', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'b', '.') }), { maxLength: 20 }),
        (names) => {
          const short = names.map(deviceName)
          expect(short.every((name) => name.length <= 15)).toBe(true)
          expect(new Set(short).size).toBe(names.length)
        },
      ),
      { seed: 1 },
    )
  })

  test('a subnet is told by its prefix', () => {
    expect(sameSubnet('10.70.0.2/24', '10.70.0.200/24')).toBe(true)
    expect(sameSubnet('10.70.0.2/24', '10.70.1.2/24')).toBe(false)
    expect(sameSubnet('10.70.0.2/24', '10.70.0.3/16')).toBe(false)
  })

  test('a chain of relays is configured in order', () => {
    const lines = chainConfiguration([
      { address: '10.0.0.1', port: 1, authenticates: false },
      { address: '10.0.0.2', port: 2, authenticates: false },
    ]).split('\n')
    expect(lines.slice(lines.indexOf('[ProxyList]') + 1, -1)).toEqual(['socks5 10.0.0.1 1', 'socks5 10.0.0.2 2'])
  })
})

describe('what cannot be measured is said with its reason', () => {
  test.each([
    [
      'a relay with TCP_NODELAY',
      { ...socks, proxies: { relay: { ...socks.proxies['relay']!, noDelay: true } } },
      'microsocks never sets TCP_NODELAY',
    ],
    [
      'a relay with another buffer',
      { ...socks, proxies: { relay: { ...socks.proxies['relay']!, bufferBytes: 4096 } } },
      'reads 1024 B at a time',
    ],
    [
      'HAProxy without TCP_NODELAY',
      { ...socks, proxies: { relay: { ...socks.proxies['relay']!, kind: 'tcp', program: 'haproxy', noDelay: false } } },
      'haproxy always sets TCP_NODELAY',
    ],
    ['more cores than there are', { ...overlay, machines: { m1: { cores: 64, idle: 'as-found' } } } as const, 'has 64 cores'],
    ['a message below the smallest', scenarioOf({ driver: 'bridge', messageBytes: 8 }), 'smallest message is 14 B'],
    ['a physical link', { ...overlay, links: [{ between: ['h1', 'h2'], kind: 'physical', mtuBytes: 1500 }] } as const, 'physical link'],
  ] as const)('%s', (_, scenario, reason) => {
    expect(whyNotMeasurable(scenario, 2)).toContain(reason)
  })

  test('what is missing is installed by one command', () => {
    expect(installCommand(['iproute2', 'sockperf', 'iproute2'])).toBe('apt-get install -y --no-install-recommends iproute2 sockperf')
    expect(installCommand([])).toBeNull()
  })
})

describe('the journal', () => {
  const state = mkdtempSync(join(tmpdir(), 'fairway-state-'))
  afterEach(() => rmSync(state, { recursive: true, force: true }))

  test('is read up to the last whole line: a step that was cut off was never taken', () => {
    const journal = openJournal(state, 'abc')
    journal.record({ kind: 'namespace', name: 'one' })
    journal.close()
    writeFileSync(join(journal.folder, 'journal.jsonl'), '{"kind":"namesp', { flag: 'a' })
    expect(readJournal(journal.folder)).toEqual([{ kind: 'namespace', name: 'one' }])
  })

  test('of a run whose process lives is nobody else’s, and of one whose process id was used again is', () => {
    const journal = openJournal(state, 'abc')
    expect(abandonedRuns(state)).toEqual([])
    const { pid, startTicks } = ownIdentity()
    expect(isAlive({ pid, startTicks: startTicks + 1 })).toBe(false)
    writeFileSync(join(journal.folder, 'owner.json'), JSON.stringify({ pid, startTicks: startTicks + 1 }))
    expect(abandonedRuns(state)).toEqual([journal.folder])
    journal.close()
  })
})

const experiment = {
  name: 'one',
  machines: { m1: { cores: 2 } },
  hosts: { h1: { machine: 'm1' } },
  networks: { net: { driver: 'bridge', subnet: '10.70.0.0/24' } },
  containers: { server: { host: 'h1', core: 1, networks: ['net'] }, client: { host: 'h1', core: 1, networks: ['net'] } },
  flows: { ping: { from: 'client', to: 'server', transport: 'tcp', workload: { kind: 'ping-pong', message: '64 B' } } },
  models: { bridge: {}, shared: { networks: { net: { driver: 'shared' } } }, veth: { networks: { net: { driver: 'veth' } } } },
  sweep: { model: ['bridge', 'shared', 'veth'], 'flows.ping.workload.message': ['64 B', '1 KiB', '4 KiB'] },
}
const planDocument = { name: 'lab', runs: 9, seed: 1, experiments: [{ role: 'fit', experiment }] }

describe('a plan', () => {
  test('is written and read back as it was', () => {
    const plan = planFromDocument(planDocument, 'plan.yaml')
    expect(parsePlan(planToYaml(plan), 'plan.yaml').document).toEqual(plan.document)
    expect(plannedPoints(plan)).toHaveLength(9)
  })

  test('with a mistake in an experiment names it, and one with an experiment twice is refused', () => {
    const wrong = { ...planDocument, experiments: [{ role: 'fit', experiment: { ...experiment, networks: { net: { driver: 'brige' } } } }] }
    expect(() => planFromDocument(wrong, 'plan.yaml')).toThrow(PlanError)
    const twice = { ...planDocument, experiments: [...planDocument.experiments, ...planDocument.experiments] }
    expect(() => planFromDocument(twice, 'plan.yaml')).toThrow('stands in the plan twice')
  })
})

describe('the schedule', () => {
  const setUps = setUpsOf(plannedPoints(planFromDocument(planDocument, 'plan.yaml')))

  test('packs the sizes of a set-up together', () => {
    expect(setUps.map((setUp) => setUp.points.map(({ point }) => point.model))).toEqual([
      ['bridge', 'bridge', 'bridge'],
      ['shared', 'shared', 'shared'],
      ['veth', 'veth', 'veth'],
    ])
  })

  test('holds every point once in each block, in the same order for the same seed and in others for other blocks', () => {
    const ids = (block: number, seed = 1) => orderOfBlock(setUps, seed, block).flatMap((setUp) => setUp.points.map(({ point }) => point.id))
    const all = plannedPoints(planFromDocument(planDocument, 'plan.yaml')).map(({ point }) => point.id)
    for (let block = 0; block < 9; block++) expect([...ids(block)].sort()).toEqual([...all].sort())
    expect(ids(3)).toEqual(ids(3))
    expect(new Set(Array.from({ length: 9 }, (_, block) => ids(block).join())).size).toBeGreaterThan(6)
  })
})

describe('data sets that ship', () => {
  const csvIn = (folder: string): string => readFileSync(join(folder, 'rows.csv'), 'utf8')

  test.each(
    dataSetFolders()
      .filter(isDataSet)
      .map((folder) => [basename(folder), folder]),
  )('the raw outputs of campaign %s give its rows again', (_, folder) => {
    const { plan } = readDataSet(folder)
    expect(rowsToCsv(rowsFromRaw(plan, readAllRaw(folder)))).toBe(csvIn(folder))
  })

  test('the raw outputs of every probe set give its rows and its manifest again', () => {
    const folders = dataSetFolders().filter(isProbeSet)
    expect(folders.length).toBeGreaterThan(0)
    for (const folder of folders) {
      const copy = mkdtempSync(join(tmpdir(), 'fairway-probes-'))
      try {
        for (const name of ['probes.json', 'raw']) cpSync(join(folder, name), join(copy, name), { recursive: true })
        sealProbeSet(copy)
        for (const name of ['rows.csv', 'manifest.json'])
          expect(readFileSync(join(copy, name), 'utf8'), folder).toBe(readFileSync(join(folder, name), 'utf8'))
      } finally {
        rmSync(copy, { recursive: true })
      }
    }
  })

  test('each row of an experiment belongs to one machine’s campaigns, those of single runs too', () => {
    const loaded = loadExperimentFile('experiments/network-models.yaml')
    if ('errors' in loaded) throw new Error('network-models does not parse')
    const rows = measuredRowsOf(loaded.experiment)
    const [amd, intel] = ['AMD EPYC', 'Intel(R) Xeon(R) Processor'].map((processor) =>
      rowsMeasuredOn(`2-core VM, ${processor}, Linux 6.18`, rows),
    ) as [Row[], Row[]]
    for (const own of [amd, intel]) expect(new Set(own.map(({ level }) => level))).toEqual(new Set(['run', 'point']))
    expect(amd.length + intel.length).toBe(rows.length)
    expect(rowsMeasuredOn('2-core VM, another one, Linux 6.18', rows)).toEqual([])
  })

  test('a probe’s row is named by its measurement alone, whatever the models charge for it', () => {
    for (const { rowId, campaign, point, metric, statistic } of dataSetFolders()
      .filter(isProbeSet)
      .flatMap((each) => readProbeSet(each).rows)) {
      const { charges: _, ...call } = JSON.parse(point) as { charges: unknown }
      expect(rowId).toBe(hashText(canonicalJson({ campaign, ...call, metric, statistic })))
    }
  })
})
