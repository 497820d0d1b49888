/** One measurement: fresh processes in a built layout, every flow of the scenario at once, counters around the traffic. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOnOwn } from '../../models/topology/legs.js'
import type { Flow, Scenario } from '../../models/topology/scenario.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import type { BuiltLayout } from './build.js'
import { type Counters, countedBetween, readCounters } from './counters.js'
import { publishedPort } from './engines/published-ports.js'
import {
  openLoopClientArguments,
  openLoopProgram,
  openLoopServerArguments,
  parseOpenLoop,
  parseOpenLoopLog,
} from './instruments/open-loop.js'
import { chainConfiguration, throughChain } from './instruments/proxychains.js'
import type { Place } from './instruments/relay-call.js'
import { relayCall } from './instruments/relays.js'
import type { InstrumentResult } from './instruments/result.js'
import { clientArguments, parseFullLog, parseSockperf, serverArguments, TIMELINE } from './instruments/sockperf.js'
import { type Endpoint, lookAtRelays, lookAtTraffic } from './looks.js'
import { dialledAddress } from './path.js'
import { coresOf, type Instrument, isBound, type Placement, policyOf, startPlaced, waitFor } from './process.js'
import { type Proof, prove } from './proof.js'
import type { TestbedRun } from './run.js'
import { type Look, type Switches, switchesPerMessage } from './switches.js'

export interface FlowMeasurement {
  /** What the client wrote on standard output, whole. */
  readonly output: string
  readonly result: InstrumentResult
  /** Every latency of the result's messages, as `LatencySketch` writes it. */
  readonly sketch: string
  readonly proof: Proof
}

export interface Measurement {
  readonly seconds: number
  readonly flows: Readonly<Record<string, FlowMeasurement>>
  /** What was counted from before the first process to after the last. */
  readonly counted: Counters
  /** Two looks at each process during the traffic. */
  readonly looks: readonly Look[]
  /** Per message of the process's flow; null where too little traffic passed between the looks. */
  readonly switches: Readonly<Record<string, Switches | null>>
  /** Command of each process. */
  readonly commands: Readonly<Record<string, readonly string[]>>
  /** Cores and policy of each process, as the kernel has them. */
  readonly placed: Readonly<Record<string, string>>
  /** Full logs, by flow, when asked for. */
  readonly logs: Readonly<Record<string, string>>
}

/** A measurement that can't be used, with the reason in words. */
export class MeasurementError extends Error {
  override readonly name = 'MeasurementError'
}

/** A measurement whose traffic begins about two seconds after `startMeasurement` resolves. */
export interface RunningMeasurement {
  /** When the clients were started, ms of `performance.now()`. */
  readonly startedMs: number
  /** Every process of every flow: clients, relays, servers. */
  readonly endpoints: readonly Endpoint[]
  /** Ends the processes at once, whatever they were doing. */
  stop(): Promise<void>
  /** Waits for the end of the traffic and reads everything. @throws MeasurementError */
  finish(before: Counters): Promise<{ readonly measurement: Measurement; readonly after: Counters }>
}

/** A fresh port for each process: sockperf doesn't take one that is still in TIME_WAIT. */
let lastPort = 20_000
function nextPort(): number {
  lastPort = lastPort >= 29_999 ? 20_000 : lastPort + 1
  return lastPort
}

/** An engine publishes ports one by one: a published server listens on one of those. */
function portOf(scenario: Scenario, flow: Flow): number {
  const published = flow.published === true ? scenario.containers[flow.to]?.publish : undefined
  return scenario.engine === undefined || published === undefined ? nextPort() : publishedPort(published, nextPort())
}

/** @throws MeasurementError when a program doesn't start or doesn't listen */
export async function startMeasurement(
  run: TestbedRun,
  built: BuiltLayout,
  scenario: Scenario,
  options: { readonly seconds: number; readonly keepLogs: boolean },
): Promise<RunningMeasurement> {
  const endpoints: Endpoint[] = []
  const relays: Endpoint[] = []
  const clients: Endpoint[] = []
  const logs = join(run.folder, 'logs')
  mkdirSync(logs, { recursive: true })
  const stopAll = async (): Promise<void> => {
    for (const each of [...clients, ...relays, ...endpoints]) await each.instrument.stop()
  }
  try {
    const servers = new Map<string, number>()
    const dialled = new Map<string, Place>()
    for (const [name, flow] of Object.entries(scenario.flows)) {
      const port = portOf(scenario, flow)
      servers.set(name, port)
      for (const server of serversOf(scenario, flow)) {
        const socket = { ...socketOf(scenario, flow, port), address: ownAddress(built, server, flow) }
        const call = { ...socket, noDelay: scenario.containers[server]!.noDelay }
        const { workload } = flow
        const argv =
          workload.kind === 'open-loop'
            ? openLoopServerArguments(await openLoopProgram(run.folder), { ...call, workload })
            : serverArguments(call)
        const instrument = await startPlaced(run, argv, placementOf(built, scenario, server))
        endpoints.push({ name: server, instrument, flow: name })
        await listens(instrument, flow.transport, port)
      }
      const relaying = relaysOf(built, scenario, flow, { address: dialledAddress(built.layout, flow), port })
      for (const { via, listens: place, target } of relaying.relays) {
        const proxy = scenario.proxies[via]!
        const file = join(logs, `${name}.${via}.${place.port}.conf`)
        const { argv, configuration } = relayCall(proxy.program, { ...proxy, listens: place, target, file })
        if (configuration !== undefined) writeFileSync(file, configuration)
        const relay = await startPlaced(run, argv, placementOf(built, scenario, via))
        relays.push({ name: via, instrument: relay, flow: name })
        await listens(relay, 'tcp', place.port)
      }
      dialled.set(name, relaying.dialled)
      if (relaying.chain.length > 0) writeFileSync(join(logs, `${name}.chain`), chainConfiguration(relaying.chain))
    }
    for (const [name, flow] of Object.entries(scenario.flows)) {
      const call = {
        ...socketOf(scenario, flow, dialled.get(name)!.port),
        address: dialled.get(name)!.address,
        noDelay: scenario.containers[flow.from]!.noDelay,
        seconds: options.seconds,
        logPath: join(logs, `${name}.${servers.get(name)}.csv`),
      }
      const { workload } = flow
      const direct =
        workload.kind === 'open-loop'
          ? openLoopClientArguments(await openLoopProgram(run.folder), { ...call, workload, seed: call.port })
          : clientArguments({ ...call, messageBytes: workload.messageBytes })
      const isChained = flow.via.some((via) => scenario.proxies[via]!.kind === 'socks5')
      const argv = isChained ? throughChain(join(logs, `${name}.chain`), direct) : direct
      clients.push({ name: flow.from, instrument: await startPlaced(run, argv, placementOf(built, scenario, flow.from)), flow: name })
    }
    const startedMs = performance.now()
    return {
      startedMs,
      endpoints: [...clients, ...relays, ...endpoints],
      stop: stopAll,
      async finish(before) {
        try {
          const all = [...clients, ...relays, ...endpoints]
          const looks = await lookAtTraffic(all, clients, startedMs, options.seconds)
          const placed = Object.fromEntries(
            all.map((each) => [each.name, placedAs(each.instrument, placementOf(built, scenario, each.name), each.name)]),
          )
          const received = await lookAtRelays(built, relays, clients, startedMs, options.seconds)
          const codes = await endOf(clients, startedMs, options.seconds)
          const after = await readCounters(built)
          await stopAll()
          const counted = countedBetween(before, after)
          const flows: Record<string, FlowMeasurement> = {}
          const kept: Record<string, string> = {}
          clients.forEach((client, index) => {
            const flow = scenario.flows[client.flow]!
            const logPath = join(logs, `${client.flow}.${servers.get(client.flow)}.csv`)
            const log = readLog(logPath)
            const ownServers = endpoints.filter((each) => each.flow === client.flow)
            const result = resultOf(flow, client.instrument, ownServers, codes[index]!, log)
            rmSync(logPath, { force: true })
            if (options.keepLogs) kept[client.flow] = log
            flows[client.flow] = {
              output: client.instrument.output().stdout,
              result,
              sketch: sketchOf(flow, log),
              proof: prove(built.layout, flow, counted, result.total.received, received),
            }
          })
          const switches = Object.fromEntries(
            all.map((each) => {
              const { namespace } = built.layout.processes.find((process) => process.name === scenario.flows[each.flow]!.from)!
              const packets = counted.protocols[namespace]?.['Ip.OutRequests'] ?? 0
              return [each.name, switchesPerMessage(looks, each.name, each.flow, packets / flows[each.flow]!.result.total.received)]
            }),
          )
          const commands = Object.fromEntries(all.map((each) => [each.name, each.instrument.argv]))
          return { after, measurement: { seconds: options.seconds, flows, counted, looks, switches, commands, placed, logs: kept } }
        } finally {
          await stopAll()
        }
      },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

interface Relaying {
  readonly relays: readonly { readonly via: string; readonly listens: Place; readonly target: Place }[]
  /** The SOCKS5 relays that the client is sent through, and what it dials behind them: the server, or a relay that stands for it. */
  readonly chain: readonly Place[]
  readonly dialled: Place
}

/** From the server's side on: a relay at layer 4 stands for what is behind it, one that speaks SOCKS5 is told where to connect. */
function relaysOf(built: BuiltLayout, scenario: Scenario, flow: Flow, server: Place): Relaying {
  const relays: Relaying['relays'][number][] = []
  let chain: Place[] = []
  let dialled = server
  for (const via of [...flow.via].reverse()) {
    const listens = { address: ownAddress(built, via, flow), port: nextPort() }
    const [behind = dialled, ...further] = chain
    relays.push({ via, listens, target: behind })
    if (scenario.proxies[via]!.kind === 'socks5') chain = [listens, ...chain]
    else if (chain.length === 0) dialled = listens
    else chain = [listens, ...further]
  }
  return { relays, chain, dialled }
}

function socketOf(scenario: Scenario, flow: Flow, port: number) {
  return { transport: flow.transport, port, largestBytes: largestOf(scenario) }
}

/** The containers that may answer a flow: its server, or every backend of its service. */
function serversOf(scenario: Scenario, flow: Flow): readonly string[] {
  return flow.service === undefined ? [flow.to] : scenario.services![flow.service]!.backends
}

/** The address that a process listens on: on the flow's network, or the only one that it has. */
function ownAddress(built: BuiltLayout, name: string, flow: Flow): string {
  const process = built.layout.processes.find((candidate) => candidate.name === name)
  if (process === undefined) throw new MeasurementError(`the layout has no process ${name}`)
  return addressOnOwn(process, flow.network)
}

function largestOf(scenario: Scenario): number {
  return Math.max(...Object.values(scenario.flows).map((flow) => flow.workload.messageBytes))
}

function placementOf(built: BuiltLayout, scenario: Scenario, name: string): Placement {
  const process = built.layout.processes.find((candidate) => candidate.name === name)
  const policy = (scenario.containers[name] ?? scenario.proxies[name])?.policy
  if (process === undefined || policy === undefined) throw new MeasurementError(`the layout has no process ${name}`)
  const container = built.containers[name]
  return { namespace: built.kernelName(process.namespace), core: process.core, policy, ...(container === undefined ? {} : { container }) }
}

async function listens(instrument: Instrument, transport: 'tcp' | 'udp', port: number): Promise<void> {
  const bound = await waitFor(() => !instrument.isRunning() || isBound(instrument.pid, transport, port), 3000)
  if (bound && instrument.isRunning()) return
  const { stdout, stderr } = instrument.output()
  throw new MeasurementError(
    `${instrument.argv.join(' ')} doesn't listen on ${transport} port ${port}: ${(stderr + stdout).trim() || 'it said nothing'}`,
  )
}

/** @throws MeasurementError when the kernel has a process elsewhere than the experiment says */
function placedAs(instrument: Instrument, wanted: Placement, name: string): string {
  if (!instrument.isRunning()) return 'ended'
  const cores = coresOf(instrument.pid).join(' ')
  const policy = policyOf(instrument.pid)
  if (cores !== String(wanted.core) || policy !== wanted.policy)
    throw new MeasurementError(
      `${name} runs on core ${cores} under SCHED_${policy}, not on core ${wanted.core} under SCHED_${wanted.policy}`,
    )
  return `core ${cores}, ${policy}`
}

async function endOf(clients: readonly Endpoint[], startedMs: number, seconds: number): Promise<(number | string)[]> {
  const deadlineMs = startedMs + (TIMELINE.trafficS + seconds + 12) * 1000
  const overdue = setTimeout(
    () => {
      for (const client of clients) void client.instrument.stop()
    },
    Math.max(0, deadlineMs - performance.now()),
  )
  const codes = await Promise.all(clients.map((client) => client.instrument.ended))
  clearTimeout(overdue)
  return codes
}

/** Empty where the client ended before it wrote one. */
function readLog(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function resultOf(flow: Flow, client: Instrument, servers: readonly Endpoint[], code: number | string, log: string): InstrumentResult {
  const { stdout, stderr } = client.output()
  try {
    if (flow.workload.kind === 'ping-pong') return parseSockperf(stdout)
    return parseOpenLoop(stdout, servers.map(({ instrument }) => instrument.output().stdout).join(''), log)
  } catch (error) {
    throw new MeasurementError(
      `${client.argv[0]} ended with ${code}: ${(error as Error).message}${stderr.trim() === '' ? '' : ` (${stderr.trim()})`}`,
    )
  }
}

function sketchOf({ workload }: Flow, log: string): string {
  const sketch = new LatencySketch()
  for (const ns of workload.kind === 'open-loop' ? parseOpenLoopLog(log) : parseFullLog(log)) sketch.record(ns)
  return sketch.encode()
}
