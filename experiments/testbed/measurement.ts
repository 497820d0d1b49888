/** One measurement: fresh processes in a built layout, every flow of the scenario at once, counters around the traffic. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serversOf } from '../../models/topology/backends.js'
import { addressOnOwn } from '../../models/topology/legs.js'
import { type Flow, isUnix, type Scenario } from '../../models/topology/scenario.js'
import type { BuiltLayout } from './build.js'
import { makeQuotaGroups, makeStarterGroup } from './control-groups.js'
import { type Counters, countedBetween, readCounters } from './counters.js'
import { publishedPort } from './engines/published-ports.js'
import { clientCommand, type EndCall, readResult, serverCommand, sketchOf } from './flow-instruments.js'
import { compileInstrument } from './instruments/compile.js'
import { STREAM_TIMELINE } from './instruments/iperf3.js'
import { chainConfiguration, type SocksRelay, throughChain } from './instruments/proxychains.js'
import type { Place } from './instruments/relay-call.js'
import { relayCall } from './instruments/relays.js'
import type { InstrumentResult } from './instruments/result.js'
import { TIMELINE } from './instruments/sockperf.js'
import { startClientArguments } from './instruments/start-up.js'
import { type Endpoint, lookAtQuotas, lookAtRelays, lookAtTraffic, lookAtUnixSockets } from './looks.js'
import { dialledAddress } from './path.js'
import { coresOf, type Instrument, isBound, type Placement, policyOf, startInstrument, startPlaced, waitFor } from './process.js'
import { type Proof, prove, proveStarts } from './proof.js'
import type { TestbedRun } from './run.js'
import { type Look, type Switches, switchesAtRate, switchesPerMessage } from './switches.js'
import { unixSocketName, unixSocketsOf } from './unix-sockets.js'

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
  /** Share of the traffic's time that processes with a CPU quota stood aside; absent where nobody has one. */
  readonly throttled?: Readonly<Record<string, number>>
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

/** What every process of a measurement is started with. */
interface Site {
  readonly run: TestbedRun
  readonly built: BuiltLayout
  readonly scenario: Scenario
  /** Folders of the control groups of those that have a quota. */
  readonly groups: Readonly<Record<string, string>>
  /** Where instruments write their logs and read their configurations. */
  readonly logs: string
}

interface Started {
  readonly clients: Endpoint[]
  readonly relays: Endpoint[]
  readonly servers: Endpoint[]
}

/** Where a flow's client sends its messages, and the chain of SOCKS5 relays that it is sent through. */
interface Dialled {
  readonly port: number
  readonly place: Place
  readonly chain: readonly SocksRelay[]
}

/** @throws MeasurementError when a program doesn't start or doesn't listen */
export async function startMeasurement(
  run: TestbedRun,
  built: BuiltLayout,
  scenario: Scenario,
  options: { readonly seconds: number; readonly keepLogs: boolean },
): Promise<RunningMeasurement> {
  const started: Started = { clients: [], relays: [], servers: [] }
  const all = (): Endpoint[] => [...started.clients, ...started.relays, ...started.servers]
  const stop = async (): Promise<void> => {
    for (const { instrument } of all()) await instrument.stop()
  }
  const logs = join(run.folder, 'logs')
  mkdirSync(logs, { recursive: true })
  try {
    const site: Site = { run, built, scenario, groups: await makeQuotaGroups(run.journal, scenario), logs }
    const dialled = new Map<string, Dialled>()
    for (const [name, flow] of Object.entries(scenario.flows)) {
      const port = portOf(scenario, flow)
      await startServers(site, name, flow, port, started.servers)
      dialled.set(name, await startRelays(site, name, flow, port, started.relays))
    }
    for (const [name, flow] of Object.entries(scenario.flows))
      started.clients.push(await startClient(site, name, flow, dialled.get(name)!, options.seconds))
    const startedMs = performance.now()
    return {
      startedMs,
      endpoints: all(),
      stop,
      async finish(before) {
        try {
          return await finish(site, started, dialled, { ...options, startedMs, before }, stop)
        } finally {
          await stop()
        }
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startServers(site: Site, name: string, flow: Flow, port: number, servers: Endpoint[]): Promise<void> {
  const { run, built, scenario, logs } = site
  for (const server of serversOf(scenario, flow)) {
    const address = isUnix(flow.transport) ? '' : ownAddress(built, server, flow)
    // Where an engine's containers see it.
    const folder = flow.workload.kind === 'start' ? logs : run.folder
    const argv = await serverCommand(folder, flow, callOf(site, name, server, { address, port }))
    const instrument = await startPlaced(run, argv, placementOf(site, server))
    servers.push({ name: server, instrument, flow: name })
    await (isUnix(flow.transport) ? standsInVolume(instrument, name) : listens(instrument, flow.transport, port))
  }
}

async function startRelays(site: Site, name: string, flow: Flow, port: number, relays: Endpoint[]): Promise<Dialled> {
  const { run, built, scenario, logs } = site
  if (isUnix(flow.transport)) return { port, place: { address: '', port }, chain: [] }
  const relaying = relaysOf(built, scenario, flow, { address: dialledAddress(built.layout, flow), port })
  for (const { via, listens: place, target } of relaying.relays) {
    const proxy = scenario.proxies[via]!
    const file = join(logs, `${name}.${via}.${place.port}.conf`)
    const { argv, configuration } = relayCall(proxy.program, { ...proxy, listens: place, target, file })
    if (configuration !== undefined) writeFileSync(file, configuration)
    const relay = await startPlaced(run, argv, placementOf(site, via))
    relays.push({ name: via, instrument: relay, flow: name })
    await listens(relay, 'tcp', place.port)
  }
  if (relaying.chain.length > 0) writeFileSync(chainFile(site, name), chainConfiguration(relaying.chain))
  return { port, place: relaying.dialled, chain: relaying.chain }
}

async function startClient(site: Site, name: string, flow: Flow, dialled: Dialled, seconds: number): Promise<Endpoint> {
  if (flow.workload.kind === 'start') return startStarter(site, name, flow, dialled, seconds)
  const { run } = site
  const { place, chain } = dialled
  const call = { ...callOf(site, name, flow.from, place), seconds, logPath: logFile(site, name, dialled), relays: chain }
  const direct = await clientCommand(run.folder, flow, call)
  // Fairway's own instrument speaks SOCKS5 itself, and times it.
  const argv = chain.length > 0 && flow.workload.kind !== 'connect' ? throughChain(chainFile(site, name), direct) : direct
  return { name: flow.from, instrument: await startPlaced(run, argv, placementOf(site, flow.from)), flow: name }
}

/**
 * Whoever starts containers lives where a container runtime does: in the namespace that plays the host; Podman goes there itself, from a place that
 * sees the control groups.
 */
async function startStarter(site: Site, name: string, flow: Flow, dialled: Dialled, seconds: number): Promise<Endpoint> {
  const { run, built, scenario, logs } = site
  // Its processor time is told by a group alone: nobody else's starts pay for being in one.
  const counted = scenario.engine === 'podman' ? makeStarterGroup(run.journal) : null
  const starter = { run, built, program: await compileInstrument(logs, 'start-up'), folder: logs, usageFile: counted?.usageFile ?? '' }
  const argv = startClientArguments(starter, scenario, flow, { ...dialled.place, seconds, logPath: logFile(site, name, dialled) })
  const { core, policy } = placementOf(site, flow.from)
  const { host } = scenario.containers[flow.from]!
  const place = counted === null ? { namespace: built.kernelName(`host.${host}`) } : { namespace: null, group: counted.folder }
  return { name: flow.from, instrument: startInstrument(run, argv, { core, policy, ...place }), flow: name }
}

const hasStreams = ({ flows }: Scenario): boolean => Object.values(flows).some(({ workload }) => workload.kind === 'stream')

const chainFile = ({ logs }: Site, flow: string): string => join(logs, `${flow}.chain`)
const logFile = ({ logs }: Site, flow: string, { port }: Dialled): string => join(logs, `${flow}.${port}.csv`)

interface Finishing {
  readonly seconds: number
  readonly keepLogs: boolean
  readonly startedMs: number
  readonly before: Counters
}

/** @throws MeasurementError */
async function finish(
  site: Site,
  { clients, relays, servers }: Started,
  dialled: ReadonlyMap<string, Dialled>,
  { seconds, keepLogs, startedMs, before }: Finishing,
  stop: () => Promise<void>,
): Promise<{ readonly measurement: Measurement; readonly after: Counters }> {
  const { built, scenario, groups } = site
  const all = [...clients, ...relays, ...servers]
  const [looks, throttled] = await Promise.all([
    lookAtTraffic(all, clients, startedMs, seconds, hasStreams(scenario) ? STREAM_TIMELINE : TIMELINE),
    lookAtQuotas(groups, startedMs, seconds),
  ])
  const placed = Object.fromEntries(all.map((each) => [each.name, placedAs(each.instrument, placementOf(site, each.name), each.name)]))
  // Sockets that serve one connection each are gone: of those the counters speak (proof.ts).
  const lasting = relays.filter(({ flow }) => scenario.flows[flow]!.workload.kind !== 'connect')
  const [received, joined] = [
    await lookAtRelays(built, lasting, clients, startedMs, seconds),
    await lookAtUnixSockets(built, scenario, [...clients, ...servers], startedMs, seconds),
  ]
  const codes = await endOf(clients, startedMs, seconds)
  const after = await readCounters(built)
  await stop()
  const counted = countedBetween(before, after)
  const flows: Record<string, FlowMeasurement> = {}
  const logs: Record<string, string> = {}
  clients.forEach((client, index) => {
    const flow = scenario.flows[client.flow]!
    const logPath = logFile(site, client.flow, dialled.get(client.flow)!)
    const log = readLog(logPath)
    const ownServers = servers.filter((each) => each.flow === client.flow)
    const result = resultOf(flow, client.instrument, ownServers, codes[index]!, log)
    if (received === null) throw new MeasurementError('the client had ended before its relays said what they had received')
    rmSync(logPath, { force: true })
    if (keepLogs) logs[client.flow] = log
    flows[client.flow] = {
      output: client.instrument.output().stdout,
      result,
      sketch: sketchOf(flow, client.instrument.output().stdout, log),
      proof:
        flow.workload.kind === 'start'
          ? proveStarts(built.layout, flow, counted, result.total.received)
          : prove(built.layout, flow, counted, result.total.received, received, joined[client.flow]),
    }
  })
  const switches = Object.fromEntries(
    all.map((each) => {
      const { total } = flows[each.flow]!.result
      // Its packets are those of namespaces that are gone.
      if (scenario.flows[each.flow]!.workload.kind === 'start') return [each.name, null]
      if (isUnix(scenario.flows[each.flow]!.transport) || scenario.flows[each.flow]!.workload.kind === 'stream')
        return [each.name, switchesAtRate(looks, each.name, total.received / (1000 * total.seconds))]
      const { namespace } = built.layout.processes.find((process) => process.name === scenario.flows[each.flow]!.from)!
      const packets = counted.protocols[namespace]?.['Ip.OutRequests'] ?? 0
      return [each.name, switchesPerMessage(looks, each.name, each.flow, packets / total.received)]
    }),
  )
  const commands = Object.fromEntries(all.map((each) => [each.name, each.instrument.argv]))
  const quotas = Object.keys(groups).length > 0 && { throttled }
  return { after, measurement: { seconds, flows, counted, looks, switches, commands, placed, ...quotas, logs } }
}

interface Relaying {
  readonly relays: readonly { readonly via: string; readonly listens: Place; readonly target: Place }[]
  /** The SOCKS5 relays that the client is sent through, and what it dials behind them: the server, or a relay that stands for it. */
  readonly chain: readonly SocksRelay[]
  readonly dialled: Place
}

/** From the server's side on: a relay at layer 4 stands for what is behind it, one that speaks SOCKS5 is told where to connect. */
function relaysOf(built: BuiltLayout, scenario: Scenario, flow: Flow, server: Place): Relaying {
  const relays: Relaying['relays'][number][] = []
  let chain: SocksRelay[] = []
  let dialled = server
  for (const via of [...flow.via].reverse()) {
    const listens = { address: ownAddress(built, via, flow), port: nextPort() }
    const [behind = dialled, ...further] = chain
    relays.push({ via, listens, target: behind })
    const proxy = scenario.proxies[via]!
    if (proxy.kind === 'socks5') chain = [{ ...listens, authenticates: proxy.authenticates === true }, ...chain]
    else if (chain.length === 0) dialled = listens
    else chain = [{ ...listens, authenticates: chain[0]!.authenticates }, ...further]
  }
  return { relays, chain, dialled }
}

/** How an end of a flow is called: over a Unix-domain socket, by where its container mounts the volume. */
function callOf({ built, scenario }: Site, name: string, end: string, place: Place): EndCall {
  const { volume } = scenario.flows[name]!
  const { congestionControl } = scenario.tcp
  const call = { ...place, noDelay: scenario.containers[end]!.noDelay, congestionControl, largestBytes: largestOf(scenario) }
  return volume === undefined ? call : { ...call, unix: { folder: built.volumes.mountedIn(end, volume), name: unixSocketName(name) } }
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

function placementOf({ built, scenario, groups }: Site, name: string): Placement {
  const process = built.layout.processes.find((candidate) => candidate.name === name)
  const policy = (scenario.containers[name] ?? scenario.proxies[name])?.policy
  if (process === undefined || policy === undefined) throw new MeasurementError(`the layout has no process ${name}`)
  const container = built.containers[name]
  const group = groups[name]
  return {
    namespace: built.kernelName(process.namespace),
    core: process.core,
    policy,
    ...(container !== undefined && { container }),
    ...(group !== undefined && { group }),
  }
}

function listens(instrument: Instrument, transport: 'tcp' | 'udp', port: number): Promise<void> {
  return waits(instrument, `${transport} port ${port}`, () => isBound(instrument.pid, transport, port))
}

function standsInVolume(instrument: Instrument, flow: string): Promise<void> {
  const name = unixSocketName(flow)
  return waits(instrument, name, () => unixSocketsOf(instrument.pid).some(({ path }) => path === name))
}

async function waits(instrument: Instrument, place: string, isThere: () => boolean): Promise<void> {
  const bound = await waitFor(() => !instrument.isRunning() || isThere(), 3000)
  if (bound && instrument.isRunning()) return
  const { stdout, stderr } = instrument.output()
  throw new MeasurementError(`${instrument.argv.join(' ')} doesn't listen on ${place}: ${(stderr + stdout).trim() || 'it said nothing'}`)
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
    const printed = servers.map(({ instrument }) => instrument.output().stdout)
    return readResult(flow, stdout, printed, log)
  } catch (error) {
    throw new MeasurementError(
      `${client.argv[0]} ended with ${code}: ${(error as Error).message}${stderr.trim() === '' ? '' : ` (${stderr.trim()})`}`,
    )
  }
}
