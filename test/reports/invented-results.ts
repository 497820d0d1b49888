/**
 * INVENTED TEST DATA. No number here was measured or simulated: the values are made up so that every figure has something of each kind to
 * draw (four models, several sizes, fitted and held-out points, one stall, one point outside the region of trust).
 */
import type { Experiment, Point } from '../../experiments/experiment.js'
import { parseStudy, publishedRowsOf } from '../../experiments/published.js'
import type { Row } from '../../experiments/rows.js'
import { FIGURES } from '../../experiments/schema/document.js'
import type { Sensitivity } from '../../experiments/sensitivities.js'
import type { StageRow } from '../../experiments/store/index.js'
import type { PointTrace } from '../../experiments/traces.js'
import type { Profile } from '../../models/profiles/profile.js'
import type { Scenario } from '../../models/topology/scenario.js'
import type { ReportInput } from '../../reports/report.js'
import { LatencySketch } from '../../sim/statistics/index.js'

const sizes = [64, 256, 1024, 1400, 4096, 16384]
const models = ['shared', 'bridge', 'overlay', 'socks']
const perMessageNs: Readonly<Record<string, number>> = { shared: 6800, bridge: 8700, overlay: 11600, socks: 24200 }
const perByteNs: Readonly<Record<string, number>> = { shared: 0.11, bridge: 0.13, overlay: 0.17, socks: 0.62 }

function scenario(model: string, messageBytes: number): Scenario {
  const overlay = model === 'overlay'
  const container = (host: string) => ({ host, core: 1, networks: ['net'], bridge: 1, policy: 'other' as const, noDelay: true })
  return {
    machines: { m1: { cores: 2, idle: 'as-found' } },
    hosts: { h1: { machine: 'm1' }, ...(overlay ? { h2: { machine: 'm1' } } : {}) },
    links: overlay ? [{ between: ['h1', 'h2'], kind: 'veth', mtuBytes: 1500 }] : [],
    networks: {
      net: {
        driver: model === 'socks' ? 'bridge' : (model as 'shared'),
        subnet: '10.70.0.0/24',
        mtuBytes: 1500,
        bridges: 1,
        ends: 'bridge',
        vni: 7,
      },
    },
    containers: { client: container('h1'), server: container(overlay ? 'h2' : 'h1') },
    proxies:
      model === 'socks'
        ? {
            relay: {
              kind: 'socks5',
              program: 'microsocks',
              host: 'h1',
              core: 1,
              network: 'net',
              bridge: 1,
              policy: 'other',
              bufferBytes: 1024,
              noDelay: false,
            },
          }
        : {},
    tcp: { congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: true },
    flows: {
      ping: {
        from: 'client',
        to: 'server',
        transport: 'tcp',
        via: model === 'socks' ? ['relay'] : [],
        network: 'net',
        workload: { kind: 'ping-pong', messageBytes },
      },
    },
  }
}

function point(model: string, size: number): Point {
  const values = { 'flows.ping.workload.message': size, model }
  return { values, id: JSON.stringify(values), model, scenario: scenario(model, size) }
}

export const inventedExperiment: Experiment = {
  name: 'invented',
  question: 'What do a shared namespace, a bridge, an overlay and a SOCKS proxy cost a message, and where does the time go?',
  profile: 'invented',
  seed: 1,
  stop: { replications: 10, messages: 10_000, halfWidth: null, atMost: 10 },
  baseline: 'shared',
  report: [...FIGURES],
  models,
  defaults: [],
  points: models.flatMap((model) => sizes.map((size) => point(model, size))),
}

/** A fixed wobble in place of chance: the n-th of a low-discrepancy sequence, within -1 and 1. */
const wobble = (n: number): number => 2 * ((n * 0.6180339887498949) % 1) - 1

const quantiles: readonly (readonly [string, number])[] = [
  ['p50', 1],
  ['p90', 1.06],
  ['p99', 1.45],
  ['p99.9', 2.3],
  ['mean', 1.04],
]

/** An invented distribution through the quantiles above, the same on every call. */
function inventedSketch(medianNs: number): string {
  const knots = [[0, 0.96], ...[0.5, 0.9, 0.99, 0.999].map((share, i) => [-Math.log10(1 - share), quantiles[i]![1]]), [5, 5]] as [
    number,
    number,
  ][]
  const sketch = new LatencySketch()
  for (let i = 0; i < 100_000; i++) {
    const depth = -Math.log10(1 - (i + 0.5) / 100_000)
    const k = Math.max(
      1,
      knots.findIndex(([end]) => end >= depth),
    )
    const [x0, y0] = knots[k - 1]!
    const [x1, y1] = knots[k]!
    sketch.record(medianNs * (y0 + ((y1 - y0) * (depth - x0)) / (x1 - x0)))
  }
  return sketch.encode()
}

function rowsOf(experiment: Experiment): Row[] {
  const rows: Row[] = []
  experiment.points.forEach(({ id, model, values }, i) => {
    const size = values['flows.ping.workload.message'] as number
    const stall = model === 'socks' && (size === 1400 || size === 4096) ? 22_000_000 : 0
    const centre = perMessageNs[model]! + perByteNs[model]! * size + stall
    const role = model === 'shared' || (model === 'bridge' && size !== 1400) ? 'fit' : 'held-out'
    quantiles.forEach(([statistic, factor], q) => {
      const simulated = centre * (stall > 0 ? 1 : factor)
      const common = {
        level: 'point',
        experiment: experiment.name,
        point: id,
        flow: 'ping',
        model,
        metric: 'latency',
        statistic,
        unit: 'ns',
      } as const
      rows.push({
        ...common,
        rowId: `s-${i}-${q}`,
        source: 'simulated',
        role: 'none',
        value: simulated,
        halfWidth: simulated * (model === 'socks' ? 0.037 : 0.015),
        halfWidthKind: 'total',
        confidence: 0.95,
        messages: 100_000,
        runs: 10,
        seed: 1,
        replication: null,
        profileHash: 'invented',
        modelHash: 'invented',
        campaign: null,
        block: null,
        repeat: null,
        sketch: statistic === 'p50' && size === 64 ? inventedSketch(centre) : null,
        proof: null,
        limits: stall > 0 ? 'delayed-acknowledgement timer' : 'core 1 (100 % busy)',
        trust: model === 'socks' && size === 16384 ? 'message size above 4 KiB was never validated' : 'inside',
        environment: null,
      })
      rows.push({
        ...common,
        rowId: `m-${i}-${q}`,
        source: 'measured',
        role,
        value: simulated * (1 + (role === 'fit' ? 0.008 : 0.035) * wobble(i * 5 + q)),
        halfWidth: simulated * 0.012,
        halfWidthKind: 'repeats',
        confidence: 0.95,
        messages: 900_000,
        runs: 9,
        seed: null,
        replication: null,
        profileHash: null,
        modelHash: null,
        campaign: 'invented',
        block: null,
        repeat: null,
        sketch: statistic === 'p50' && size === 64 ? inventedSketch(centre * 1.01) : null,
        proof: '{"invented":true}',
        limits: null,
        trust: null,
        environment: '{"kernel":"invented"}',
      })
    })
  })
  return rows
}

export const inventedRows: readonly Row[] = rowsOf(inventedExperiment)

const stagesOf: Readonly<Record<string, readonly (readonly [string, number, StageRow['evidence']])[]>> = {
  shared: [
    ['socket.send', 2100, 'traced'],
    ['tcp.transmit', 1900, 'traced'],
    ['loopback.transmit', 900, 'traced'],
    ['tcp.receive', 2600, 'traced'],
    ['socket.wakeup', 1700, 'traced'],
    ['context.switch', 2300, 'traced'],
    ['socket.receive', 2000, 'traced'],
  ],
}
const added: Readonly<Record<string, readonly (readonly [string, number, StageRow['evidence']])[]>> = {
  bridge: [
    ['veth.transmit', 1300, 'traced'],
    ['bridge.forward', 1800, 'unobservable'],
    ['netfilter.hook', 1000, 'unobservable'],
    ['loopback.transmit', -900, 'traced'],
  ],
  overlay: [
    ['veth.transmit', 2700, 'traced'],
    ['bridge.forward', 3100, 'unobservable'],
    ['netfilter.hook', 1400, 'unobservable'],
    ['vxlan.encapsulate', 2900, 'traced'],
    ['vxlan.decapsulate', 1300, 'counted'],
    ['loopback.transmit', -900, 'traced'],
  ],
  socks: [
    ['veth.transmit', 2600, 'traced'],
    ['bridge.forward', 3600, 'unobservable'],
    ['netfilter.hook', 2000, 'unobservable'],
    ['proxy.relay', 12_500, 'traced'],
    ['context.switch', 8200, 'traced'],
    ['tcp.receive', 2600, 'traced'],
    ['socket.wakeup', 4300, 'traced'],
    ['loopback.transmit', -900, 'traced'],
  ],
}

export const inventedStages: readonly StageRow[] = inventedExperiment.points.flatMap(({ id, model, values }) => {
  const size = values['flows.ping.workload.message'] as number
  const costs = new Map(stagesOf['shared']!.map(([stage, cost, evidence]) => [stage, { cost, evidence }]))
  for (const [stage, cost, evidence] of added[model] ?? []) costs.set(stage, { cost: (costs.get(stage)?.cost ?? 0) + cost, evidence })
  return [...costs]
    .filter(([, { cost }]) => cost > 0)
    .map(([stage, { cost, evidence }]) => ({
      point: id,
      flow: 'ping',
      model,
      stage,
      costNs: cost + size * 0.02,
      halfWidthNs: cost * 0.05,
      evidence,
    }))
})

export const inventedProfile: Profile = {
  schema: 'fairway/profile/1',
  name: 'invented',
  machine: '2-core VM, invented processor, Linux 6.18',
  dataSet: 'invented-data-set',
  fitRows: [],
  kernel: { release: '6.18.0', hz: 250, baseSliceNs: 2_800_000 },
  coefficients: [],
  covariance: [],
  burstSigma: 0.05,
  interruptions: [],
  validation: {
    points: 22,
    medianError: 0.021,
    worstError: 0.068,
    worstPoint: 'overlay, 4 KiB',
    repeatability: 0.012,
    dataSet: 'invented-data-set',
  },
}

/** One invented message a model: the client works, then whoever is next, each stage once there and once back. */
export const inventedTraces: readonly PointTrace[] = models.map((model) => {
  const own = inventedStages.filter(
    (stage) => stage.model === model && stage.point === inventedExperiment.points.find((one) => one.model === model)!.id,
  )
  const names = model === 'socks' ? ['client', 'relay', 'server'] : ['client', 'server']
  const contexts = ['system call', 'system call', 'softirq', 'softirq', 'scheduler', 'scheduler', 'user space'] as const
  let at = 0
  const steps = (['there', 'back'] as const).flatMap((direction) =>
    own.map((stage, i) => {
      const process = names[Math.min(names.length - 1, Math.floor((i / own.length) * names.length))]!
      const startNs = at
      at += stage.costNs / 2
      return {
        stage: stage.stage,
        context: contexts[i % contexts.length]!,
        direction,
        process: direction === 'there' ? process : names[names.length - 1 - names.indexOf(process)]!,
        core: model === 'socks' && process === 'relay' ? 'm1/0' : 'm1/1',
        startNs,
        endNs: at,
      }
    }),
  )
  return {
    point: own[0]!.point,
    model,
    flow: 'ping',
    processes: names.map((name) => ({ name, core: name === 'relay' ? 'm1/0' : 'm1/1' })),
    typical: {
      latencyNs: at / 2,
      steps,
      waits: [{ process: 'server', state: 'ready', startNs: 0, endNs: steps.find((step) => step.process === 'server')!.startNs }],
    },
    shares: steps.map(({ stage, context, direction, process, core, startNs, endNs }) => ({
      stage,
      context,
      direction,
      process,
      core,
      costNs: endNs - startNs,
    })),
    messages: 200,
  }
})

export const inventedSensitivities: readonly Sensitivity[] = inventedTraces.flatMap(({ point, model, flow, typical }) =>
  [
    'tcp.transmit.perPacketNs',
    'socket.send.perCallNs',
    'context.switch.perSleepNs',
    `${model === 'shared' ? 'loopback' : 'veth'}.transmit.perPacketNs`,
  ].map((coefficient, i) => ({
    point,
    model,
    flow,
    coefficient,
    perDeviationNs: 400 / (i + 1),
    deviation: 200 / (i + 1),
    valueNs: typical.latencyNs,
  })),
)

const inventedStudy = parseStudy(
  `
key: invented2020
short: Invented 2020
bibtex: "@misc{invented2020, title = {An invented study}}"
source: { repository: "https://example.org/invented", commit: null, files: [none] }
licence: none
setup: { kernel: invented }
differences: [everything is invented]
groups:
  - what: TCP, 14 B
    short: TCP
    transport: tcp
    workload: ping-pong
    messageBytes: 14
    metric: latency
    statistic: mean
    unit: us
    base: host
    values:
      host: { value: 6.6, low: 6.5, high: 6.7, runs: 20 }
      bridge: { value: 8.8, low: 8.6, high: 9.1, runs: 20 }
      overlay: { value: 13, low: 12.7, high: 17, runs: 20 }
`,
  'invented',
)

export const inventedInput: ReportInput = {
  experiment: inventedExperiment,
  traces: inventedTraces,
  sensitivities: inventedSensitivities,
  rows: [...inventedRows, ...publishedRowsOf(inventedExperiment, [inventedStudy])],
  stages: inventedStages,
  profile: inventedProfile,
  command: 'npm run -s fairway -- run experiments/invented.yaml',
}

/** The same results at other message sizes. */
export function withOtherSizes(sizes: Readonly<Record<number, number>>): ReportInput {
  const KEY = 'flows.ping.workload.message'
  const renamed = (point: string): string => {
    const values = JSON.parse(point) as Record<string, number>
    return JSON.stringify(KEY in values ? { ...values, [KEY]: sizes[values[KEY]!] } : values)
  }
  const points = inventedExperiment.points.map((one) => {
    const id = renamed(one.id)
    return { ...one, id, values: JSON.parse(id) as typeof one.values }
  })
  return {
    ...inventedInput,
    experiment: { ...inventedExperiment, points },
    rows: inventedInput.rows.map((row) => ({ ...row, point: renamed(row.point) })),
    stages: inventedInput.stages.map((stage) => ({ ...stage, point: renamed(stage.point) })),
  }
}
