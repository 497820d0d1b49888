/** What a figure's numbers hold for, in words: it stands on every first screen and under every figure. */
import type { Experiment } from '../experiments/experiment.js'
import type { Profile } from '../models/profiles/profile.js'
import { type Flow, type Scenario, startOf } from '../models/topology/scenario.js'
import { listed } from './format/listed.js'
import { displayUnit } from './format/units.js'

/** `overlay, one kernel`, `socks (microsocks)`: the model's name with what a reader must not miss about it. */
export function modelLabel(experiment: Experiment, model: string): string {
  const scenario = experiment.points.find((point) => point.model === model)?.scenario
  if (!scenario) return model
  const used = new Set(Object.values(scenario.flows).flatMap((flow) => flow.via))
  const programs = [...new Set([...used].map((name) => scenario.proxies[name]?.program).filter((program) => program !== undefined))]
  const relay = programs.length > 0 && !programs.some((program) => model.includes(program)) ? ` (${programs.join(', ')})` : ''
  return `${model}${relay}${sharesKernel(scenario) ? ', one kernel' : ''}`
}

/** Two hosts of one flow on one machine: what looks like a cable is a pair of devices in one kernel. */
export function sharesKernel(scenario: Scenario): boolean {
  return Object.values(scenario.flows).some((flow) => {
    const from = scenario.containers[flow.from]?.host
    const to = scenario.containers[flow.to]?.host
    if (from === undefined || to === undefined || from === to) return false
    return scenario.hosts[from]?.machine === scenario.hosts[to]?.machine
  })
}

const TRANSPORTS: Readonly<Record<Flow['transport'], string>> = {
  tcp: 'TCP',
  udp: 'UDP',
  'unix-stream': 'Unix stream',
  'unix-datagram': 'Unix datagram',
}

/** `TCP and UDP ping-pong; all processes on core 1; cubic`. Differences between models are named, not hidden: `cores 0 and 1`. */
export function trafficScope(experiment: Experiment): string {
  const scenarios = experiment.points.map((point) => point.scenario)
  const flows = scenarios.flatMap((scenario) => Object.values(scenario.flows))
  const kinds = unique(flows.map(({ workload }) => workload.kind))
  const transportsOf = (kind: string): string[] =>
    unique(flows.flatMap(({ workload, transport }) => (workload.kind === kind ? [TRANSPORTS[transport]] : [])))
  const traffic = kinds.map((kind) => `${listed(transportsOf(kind))} ${kind}`)
  const cores = unique(scenarios.flatMap(usedCores)).sort((a, b) => a - b)
  const control = flows.some((flow) => flow.transport === 'tcp') ? unique(scenarios.map((scenario) => scenario.tcp.congestionControl)) : []
  const where = cores.length === 1 ? `all processes on core ${cores[0]}` : `processes on cores ${cores.join(' and ')}`
  const batch = scenarios.some((scenario) => Object.values(scenario.containers).some((container) => container.policy === 'batch'))
  return [traffic.join(' and '), where, ...control, ...(batch ? ['SCHED_BATCH'] : [])].join('; ')
}

/**
 * What the numbers are: of a ping-pong half of the round trip, under load the whole of it; of a stream what it carries.
 * @param statistic of the times, which has no meaning for what a stream carries
 * @param unit of the times, where it is to be said
 */
export function timesScope(experiment: Experiment, statistic: string, unit?: string): string {
  const kinds = unique(experiment.points.flatMap(({ scenario }) => Object.values(scenario.flows).map(({ workload }) => workload.kind)))
  const words = {
    'ping-pong': 'latency = half the round trip',
    'open-loop': 'response time = from the intended send time to the reply',
    connect: 'response time = all of a connection, from socket() to the return of close()',
    http: 'response time = from the request to the last byte of its reply',
    stream: 'throughput = payload that the receiver has read',
    start: "start-up = from the create call to the answer to the container's first message",
  }
  const ofTimes = [
    statistic,
    ...(unit === undefined ? [] : [kinds.every((kind) => kind === 'start') ? displayUnit('start-up').ascii : unit]),
  ]
  const ofStreams = unit === undefined ? [] : [displayUnit('throughput').ascii]
  // Said once, after the last of the times that it is about.
  const lastTime = kinds.findLast((kind) => kind !== 'stream')
  return kinds.map((kind) => [words[kind], ...(kind === 'stream' ? ofStreams : kind === lastTime ? ofTimes : [])].join(', ')).join('; ')
}

/** The machine that the numbers describe: `profile lab: 2-core VM, AMD EPYC, Linux 6.18`. */
export function profileScope(profile: Profile): string {
  return `profile ${profile.name}: ${profile.machine}`
}

function usedCores(scenario: Scenario): number[] {
  const start = startOf(scenario)
  if (start !== undefined) {
    const { host, core } = scenario.containers[start.from]!
    const { cores } = scenario.machines[scenario.hosts[host]!.machine]!
    return Array.from({ length: start.workload.atOnce }, (_, i) => (core + i) % cores)
  }
  return Object.values(scenario.flows).flatMap((flow) => [
    ...[flow.from, flow.to].flatMap((name) => scenario.containers[name]?.core ?? []),
    ...flow.via.flatMap((name) => scenario.proxies[name]?.core ?? []),
  ])
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
