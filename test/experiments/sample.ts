/** A small experiment and a small profile, written out, for tests of the runner. */
import { canonicalJson } from '../../experiments/canonical-json.js'
import type { Experiment, Point } from '../../experiments/experiment.js'
import { coefficientNames, type Profile } from '../../models/index.js'
import type { Scenario } from '../../models/topology/scenario.js'

/** The one coefficient that the runner's fake simulator charges stands first; its standard error is 10 ns, the others are known exactly. */
const charged = 'socket.send.perCallNs'
const names = [charged, ...coefficientNames.filter((name) => name !== charged)]

export const profile: Profile = {
  schema: 'fairway/profile/1',
  name: 'sample',
  machine: 'no machine: numbers for tests',
  dataSet: 'none',
  fitRows: [],
  kernel: { release: '6.18', hz: 250, baseSliceNs: 3_000_000 },
  coefficients: names.map((name) => ({ name, value: name === names[0] ? 1000 : 100, unit: 'ns', origin: 'assumed' })),
  covariance: Array.from({ length: names.length ** 2 }, (_, i) => (i === 0 ? 100 : 0)),
  burstSigma: 0,
  interruptions: [],
  validation: null,
}

export function scenario(messageBytes: number, clientCore = 1): Scenario {
  const container = { host: 'h1', networks: ['net'], bridge: 1, policy: 'other', noDelay: true } as const
  return {
    machines: { m1: { cores: 12, idle: 'as-found' } },
    hosts: { h1: { machine: 'm1' } },
    links: [],
    networks: { net: { driver: 'bridge', subnet: '10.70.0.0/24', mtuBytes: 1500, bridges: 1, ends: 'bridge', vni: 1 } },
    containers: { server: { ...container, core: 1 }, client: { ...container, core: clientCore } },
    proxies: {},
    tcp: { congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: true },
    flows: {
      ping: { from: 'client', to: 'server', transport: 'tcp', via: [], network: 'net', workload: { kind: 'ping-pong', messageBytes } },
    },
  }
}

export function point(messageBytes: number, clientCore = 1): Point {
  const values = { 'containers.client.core': clientCore, 'flows.ping.workload.message': messageBytes }
  return { values, id: canonicalJson(values), model: 'bridge', scenario: scenario(messageBytes, clientCore) }
}

export function experiment(changes: Partial<Experiment> = {}): Experiment {
  return {
    name: 'sample',
    question: 'Does the runner keep its word?',
    profile: null,
    seed: 1,
    stop: { replications: 4, messages: 200, halfWidth: null, atMost: 40 },
    baseline: null,
    report: [],
    models: ['bridge'],
    defaults: [],
    points: [64, 256, 1024].map((bytes) => point(bytes)),
    ...changes,
  }
}
