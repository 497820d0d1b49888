/** Fairway's own instrument for starts (start-up.c): how it is compiled and called, and what it answers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostAddress, parseSubnet } from '../../../models/topology/address.js'
import type { Flow, Scenario, Start } from '../../../models/topology/scenario.js'
import type { StartStep } from '../../../models/workloads/start-steps.js'
import { quantile } from '../../../sim/statistics/index.js'
import { latencyStatistics } from '../../replication-record.js'
import type { BuiltLayout } from '../build.js'
import { attachmentsOf } from '../engines/attachments.js'
import { configurationOf, PLUGINS } from '../engines/cni.js'
import { furtherContainer } from '../engines/podman.js'
import { deviceName } from '../kernel-names.js'
import type { TestbedRun } from '../run.js'
import type { InstrumentResult } from './result.js'
import { TIMELINE } from './sockperf.js'

export interface StartCall {
  readonly address: string
  readonly port: number
  readonly seconds: number
  readonly logPath: string
}

/** Where the starter runs: the program, as the engine's containers find it too, and where it reads its commands. */
export interface Starter {
  readonly run: TestbedRun
  readonly built: Pick<BuiltLayout, 'layout' | 'kernelName'>
  readonly program: string
  readonly folder: string
  /** What counts the processor time of an engine's command (control-groups.ts). */
  readonly usageFile: string
}

export function startServerArguments(
  program: string,
  { address, port }: { address: string; port: number },
  messageBytes: number,
): string[] {
  return [program, 'serve', address, String(port), String(messageBytes)]
}

/** It begins when sockperf's traffic does, and starts rounds as long as its time lasts. */
export function startClientArguments(starter: Starter, scenario: Scenario, flow: Flow, call: StartCall): string[] {
  const { atOnce, messageBytes } = flow.workload as Start
  const { host, core } = scenario.containers[flow.from]!
  const { cores } = scenario.machines[scenario.hosts[host]!.machine]!
  const { address, port, seconds, logPath } = call
  const numbers = [messageBytes, atOnce, core, cores, TIMELINE.trafficS * 1000, seconds]
  const server = [address, String(port)]
  return [starter.program, 'start', ...server, ...numbers.map(String), logPath, ...engineArguments(starter, scenario, flow, server)]
}

function engineArguments(starter: Starter, scenario: Scenario, flow: Flow, server: readonly string[]): string[] {
  const { built, folder } = starter
  const { atOnce, messageBytes } = flow.workload as Start
  const { subnet: prefix, mtuBytes } = scenario.networks[flow.network]!
  const length = String(parseSubnet(prefix).prefix)
  const { host } = scenario.containers[flow.from]!
  const each = Array.from({ length: atOnce }, (_, i) => ({ i, address: startAddress(prefix, atOnce, i) }))
  const stem = join(folder, `start-${atOnce}`)
  switch (scenario.engine) {
    case undefined: {
      const bridge = built.layout.devices.find(({ kind, namespace }) => kind === 'bridge' && namespace === `host.${host}`)
      return ['netns', deviceName(bridge!.name), String(mtuBytes), length, each[0]!.address]
    }
    case 'cni': {
      const attachment = attachmentsOf(scenario, built.layout).find(({ end, network }) => end === flow.from && network === flow.network)!
      for (const { i, address } of each) {
        const device = { ...attachment.device, address: `${address}/${length}` }
        const mac = `02:fb:01:00:00:${i.toString(16).padStart(2, '0')}`
        const asked = { isDefaultGateway: true, capabilities: { mac: true }, runtimeConfig: { mac } }
        const configuration = configurationOf(scenario, built.layout, { ...attachment, device })
        writeFileSync(`${stem}.${i}.json`, JSON.stringify({ ...configuration, ...asked }))
      }
      return ['cni', join(PLUGINS, 'bridge'), stem]
    }
    case 'podman': {
      const argv = [starter.program, 'greet', ...server, String(messageBytes)]
      for (const { i, address } of each) {
        const further = { host, network: flow.network, name: `start${i}`, address, argv }
        const { start, end } = furtherContainer(starter.run, built.kernelName, further)
        writeFileSync(`${stem}.${i}.start`, asCommand(start))
        writeFileSync(`${stem}.${i}.end`, asCommand(end))
      }
      return ['command', stem, starter.usageFile]
    }
  }
}

/** Arguments, each ended by a NUL. */
function asCommand(argv: readonly string[]): string {
  return argv.map((argument) => `${argument}\0`).join('')
}

/** Addresses from the end of the subnet: a layout gives them away from its beginning. */
export function startAddress(prefix: string, atOnce: number, i: number): string {
  const subnet = parseSubnet(prefix)
  return hostAddress(subnet, 2 ** (32 - subnet.prefix) - 1 - atOnce + i)
}

/** The steps in the order of the log's columns; the first is how late the timer was. */
const STEPS: readonly StartStep[] = ['namespace', 'device', 'address', 'carrier', 'first-packet']

interface StartLine {
  readonly lateNs: number
  readonly passedNs: readonly number[]
  readonly coreNs: readonly number[]
}

function linesOf(log: string): StartLine[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, lateNs, ...steps] = line.split(',').map(Number)
      return { lateNs: lateNs!, passedNs: steps.filter((_, i) => i % 2 === 0), coreNs: steps.filter((_, i) => i % 2 === 1) }
    })
}

/** From the moment at which all begin to the first answer, ns, of every start. */
export function parseStartLog(log: string): Float64Array {
  return startTimes(linesOf(log))
}

const startTimes = (lines: readonly StartLine[]): Float64Array =>
  Float64Array.from(lines, ({ lateNs, passedNs }) => passedNs.reduce((sum, ns) => sum + ns, lateNs))

/**
 * @param client what the client printed, and the server when it was interrupted
 * @throws Error where one of them printed something else, nothing started, or somebody else answered
 */
export function parseStart(client: string, server: string, log: string): InstrumentResult {
  const { started, seconds } = JSON.parse(client) as { readonly started: number; readonly seconds: number }
  const { accepted } = JSON.parse(server) as { readonly accepted: number }
  const lines = linesOf(log)
  const times = startTimes(lines)
  if (times.length === 0 || times.length !== started) throw new Error(`${started} containers started, ${times.length} in the log`)
  if (accepted !== started) throw new Error(`${started} containers started, and the server answered ${accepted}`)
  const median = (of: (line: StartLine) => number): number => quantile(lines.map(of), 0.5)
  const steps = STEPS.map((step, i) => [step, { passedNs: median((line) => line.passedNs[i]!), coreNs: median((line) => line.coreNs[i]!) }])
  return {
    total: { seconds, sent: started, received: accepted },
    messages: times.length,
    seconds,
    latencyNs: latencyStatistics(times),
    dropped: 0,
    duplicated: 0,
    outOfOrder: 0,
    steps: { timer: { passedNs: median(({ lateNs }) => lateNs), coreNs: 0 }, ...Object.fromEntries(steps) },
  }
}
