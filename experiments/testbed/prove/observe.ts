/** Builds a scenario, sends its messages, and writes down what the kernel shows of them; nothing is judged here. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { serversOf } from '../../../models/topology/backends.js'
import type { Layout } from '../../../models/topology/layout.js'
import { isUnix, type Scenario } from '../../../models/topology/scenario.js'
import { type BuiltLayout, buildLayout } from '../build.js'
import { command, hasProgram } from '../command.js'
import { type Counters, countedBetween, readCounters } from '../counters.js'
import { TIMELINE } from '../instruments/sockperf.js'
import { type Endpoint, type Joined, joinedFlows, sleepUntil } from '../looks.js'
import { type RunningMeasurement, startMeasurement } from '../measurement.js'
import { familyOf, type Instrument, isConnected, listeningPorts, switchesOf, waitFor } from '../process.js'
import type { TestbedRun } from '../run.js'
import { bytesReceivedBy } from '../sockets.js'
import { unixSocketsOf } from '../unix-sockets.js'
import { countHooks, type HookCounts } from './hooks.js'
import { isSend, recordedCalls } from './packets.js'
import { countPrograms, readTallies, type Tallies } from './tallies.js'
import { parseTrace, type TraceEvent } from './trace-event.js'
import { openTrace, type TraceInstance, type WantedEvent } from './tracefs.js'

export interface Observation {
  /** The connection's first packets; no system calls are recorded yet. */
  readonly first: readonly TraceEvent[]
  readonly steady: readonly TraceEvent[]
  /** Whether the trace's buffer was full before it was stopped: what is recorded ends earlier then, and is whole until there. */
  readonly full: boolean
  /** Threads of each process. */
  readonly tasks: Readonly<Record<string, ReadonlySet<number>>>
  /** Clients that ended before they had sent their messages, with what they said: nothing got through. */
  readonly ended: Readonly<Record<string, string>>
  /** Processes that run in another namespace than the layout says. */
  readonly misplaced: readonly string[]
  /** `Seccomp_filters` of each process (proc(5)). */
  readonly seccompFilters: Readonly<Record<string, number>>
  /** Control group of each process that decides its share of a core, `/` where it is in none (/proc/PID/cgroup). */
  readonly controlGroups: Readonly<Record<string, string>>
  readonly counted: Counters
  /** Bytes that each proxy's sockets had received. */
  readonly proxyBytes: Readonly<Record<string, number>>
  /** Of flows over Unix-domain sockets. */
  readonly joined: Joined
  /** Bridges that devices are ports of, by `namespace device` (kernel names), as the kernel has them. */
  readonly masters: Readonly<Record<string, string | null>>
  readonly tallies: Tallies
  /** Ports that the flows' servers and relays listen on. */
  readonly ports: ReadonlySet<number>
  /** The server of each flow that has a connection: of a service, one of its backends. */
  readonly answering: Readonly<Record<string, string>>
  /** Of each namespace that holds a bridge or forwards; null where nft is missing. */
  readonly hooks: Readonly<Record<string, HookCounts>> | null
}

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** What cases that are under way at once do one after the other; between it they sleep. */
export interface Turns {
  /** Building, and taking down. */
  readonly building: InTurn
  /** Connecting, and traffic: a trace holds nobody else's packets. */
  readonly tracing: InTurn
}

export interface ObserveOptions {
  /** Default: nobody else is under way. */
  readonly turns?: Turns
  /** What is done to the built topology before the traffic: tests wire it another way. */
  readonly rewire?: (built: BuiltLayout) => Promise<void>
}

/** Of the trace, on each core, KiB. */
const BUFFER_KIB = { first: 4096, steady: 1536 } as const
/** A client counts its sleep from a moment after its connection, ms. */
const LATE_MS = 100
/** The longest that clients may take to connect, and then to send their messages, ms. */
const LONGEST_CONNECT_MS = 3000
const LONGEST_TRAFFIC_MS = 6000
/** After its connection a client sleeps so long, ms. */
const SLEEP_MS = (TIMELINE.trafficS - TIMELINE.connectS) * 1000
/** Switches of the client that show that messages pass: a message's worth is one or two. */
const ENOUGH_SWITCHES = 60
/** Messages of each client that a full trace must hold, or it is taken once more; and how often at most. */
const ENOUGH_MESSAGES = 10
const MOST_TRACES = 8

/** @throws CommandError, MeasurementError */
export async function observe(
  run: TestbedRun,
  scenario: Scenario,
  layout: Layout,
  { rewire, turns = { building: atOnce, tracing: atOnce } }: ObserveOptions = {},
): Promise<Observation> {
  const undo: (() => Promise<void> | void)[] = []
  try {
    const built = await turns.building(async () => {
      const made = await buildLayout(run, scenario, layout)
      undo.push(() => made.remove())
      await rewire?.(made)
      return made
    })
    const connected = await turns.tracing(() => connect(run, scenario, built, undo))
    await sleepOut(connected)
    return await turns.tracing(() => exchange(connected))
  } finally {
    await turns.building(async () => {
      for (const step of undo.reverse()) await step()
    })
  }
}

const atOnce: InTurn = (work) => work()

interface Connected {
  readonly run: TestbedRun
  readonly scenario: Scenario
  readonly built: BuiltLayout
  readonly before: Counters
  readonly running: RunningMeasurement
  /** Threads before the connection: dante's process that connects ends with it. */
  readonly early: Readonly<Record<string, ReadonlySet<number>>>
  readonly connectedMs: number
  readonly firstTrace: TraceInstance
  readonly steadyTrace: TraceInstance
}

/** Starts the processes, and traces the connection. @param undo what takes away what is started here is added to it */
async function connect(run: TestbedRun, scenario: Scenario, built: BuiltLayout, undo: (() => Promise<void> | void)[]): Promise<Connected> {
  const before = await readCounters(built)
  const firstTrace = await openTrace(run, 'first', BUFFER_KIB.first)
  undo.push(() => firstTrace.close())
  const steadyTrace = await openTrace(run, 'steady', BUFFER_KIB.steady)
  undo.push(() => steadyTrace.close())
  firstTrace.record([...packetEvents.filter(({ event }) => !event.startsWith('power/')), ...connectEvents])
  countPrograms(run.journal, built.layout)
  const running = await startMeasurement(run, built, scenario, { seconds: 60, keepLogs: false })
  undo.push(() => running.stop())
  const early = tasksOf(running.endpoints)
  await waitForConnections(running.endpoints, scenario)
  firstTrace.pause()
  return { run, scenario, built, before, running, early, connectedMs: performance.now(), firstTrace, steadyTrace }
}

/** Stopped well before its traffic, a client sends at once when it goes on: its sleep ends by the clock (nanosleep(2) after SIGCONT). */
async function sleepOut({ running, connectedMs }: Connected): Promise<void> {
  await sleepUntil(connectedMs + SLEEP_MS / 2)
  for (const client of clientsOf(running.endpoints)) signal(client, 'SIGSTOP')
  await sleepUntil(connectedMs + SLEEP_MS + LATE_MS)
}

/** Lets the clients send, and traces that. */
async function exchange({ run, built, scenario, before, running, early, firstTrace, steadyTrace }: Connected): Promise<Observation> {
  const late = tasksOf(running.endpoints)
  const tasks = Object.fromEntries(Object.entries(late).map(([name, threads]) => [name, new Set([...(early[name] ?? []), ...threads])]))
  steadyTrace.record([...packetEvents, ...eventsOf([...new Set(Object.values(late).flatMap((all) => [...all]))])])
  for (const client of clientsOf(running.endpoints)) signal(client, 'SIGCONT')
  await traffic(running.endpoints)
  steadyTrace.pause()
  // Somebody else's packets may have filled it before messages of ours had passed.
  for (
    let again = 0;
    again < MOST_TRACES && steadyTrace.fullCores().size > 0 && !holdsMessages(steadyTrace, running.endpoints, tasks);
    again++
  ) {
    steadyTrace.again()
    await traffic(running.endpoints)
    steadyTrace.pause()
  }
  const ended = Object.fromEntries(
    clientsOf(running.endpoints)
      .filter((client) => !client.isRunning())
      .map((client) => [client.argv[0]!, lastWords(client)]),
  )
  const answering = Object.fromEntries(Object.keys(scenario.flows).map((flow) => [flow, answeringFor(running.endpoints, scenario, flow)]))
  const hooks = await hooksOf(run, built)
  for (const client of clientsOf(running.endpoints)) signal(client, 'SIGSTOP')
  const proxyBytes: Record<string, number> = {}
  const misplaced: string[] = []
  const seccompFilters: Record<string, number> = {}
  const controlGroups: Record<string, string> = {}
  for (const { name, instrument } of running.endpoints) {
    const { namespace, role } = built.layout.processes.find((process) => process.name === name)!
    if (role === 'proxy') proxyBytes[name] = await bytesReceivedBy(built.kernelName(namespace), familyOf(instrument.pid))
    if (namespaceOf(instrument.pid) !== statSync(`/run/netns/${built.kernelName(namespace)}`).ino) misplaced.push(name)
    seccompFilters[name] = filtersOf(instrument.pid)
    controlGroups[name] = controlGroupOf(instrument.pid)
  }
  const joined = await joinedFlows(built, scenario, running.endpoints)
  const masters = await mastersOf(built)
  const tallies = await readTallies(built)
  const ports = new Set(running.endpoints.flatMap(({ instrument }) => listeningPorts(instrument.pid)))
  for (const client of clientsOf(running.endpoints)) signal(client, 'SIGKILL')
  await running.stop()
  const counted = countedBetween(before, await readCounters(built))
  const [first, steady] = [recordedBy(firstTrace), recordedBy(steadyTrace)]
  const full = firstTrace.fullCores().size + steadyTrace.fullCores().size > 0
  return {
    first,
    steady,
    full,
    tasks,
    ended,
    misplaced,
    seccompFilters,
    controlGroups,
    counted,
    proxyBytes,
    joined,
    masters,
    tallies,
    ports,
    answering,
    hooks,
  }
}

/** Whether every client has sent a few messages in what was recorded. */
function holdsMessages(
  trace: TraceInstance,
  endpoints: readonly Endpoint[],
  tasks: Readonly<Record<string, ReadonlySet<number>>>,
): boolean {
  const events = recordedBy(trace)
  const clients = new Set(clientsOf(endpoints))
  return endpoints
    .filter(({ instrument }) => clients.has(instrument))
    .every(({ name }) => events.filter((event) => isSend(event) && tasks[name]?.has(event.task)).length >= ENOUGH_MESSAGES)
}

/** Up to where the first core's buffer was full: from there on events of that core are missing between those of the others. */
function recordedBy(trace: TraceInstance): TraceEvent[] {
  const events = parseTrace(trace.read())
  const ends = [...trace.fullCores()].map((core) => events.findLastIndex((event) => event.core === core) + 1)
  return events.slice(0, Math.min(events.length, ...ends))
}

/** What packets do, wherever it happens: a softirq may run in anybody. */
const packetEvents: readonly WantedEvent[] = [
  'net/net_dev_queue',
  'net/net_dev_start_xmit',
  'net/netif_receive_skb',
  'tcp/tcp_probe',
  'sock/sk_data_ready',
  'fib/fib_table_lookup',
  'neigh/neigh_create',
  'bridge/br_fdb_update',
  'bridge/fdb_delete',
  'power/cpu_idle',
].map((event) => ({ event }))

const connectEvents: readonly WantedEvent[] = ['enter', 'exit'].map((way) => ({ event: `syscalls/sys_${way}_connect` }))

/** What these threads do, and what is done with them. */
function eventsOf(threads: readonly number[]): WantedEvent[] {
  const any = (...fields: string[]): string => threads.flatMap((thread) => fields.map((field) => `${field} == ${thread}`)).join(' || ')
  return [
    { event: 'sched/sched_waking', filter: any('pid') },
    { event: 'sched/sched_switch', filter: any('next_pid') },
    ...recordedCalls.flatMap((call) =>
      ['enter', 'exit'].map((way) => ({ event: `syscalls/sys_${way}_${call}`, filter: any('common_pid') })),
    ),
  ]
}

/** Waits until every TCP flow's client, relays and one server have a connection (over a Unix-domain socket, the client), and a moment more. */
async function waitForConnections(endpoints: readonly Endpoint[], scenario: Scenario): Promise<void> {
  const overUnix = Object.entries(scenario.flows).filter(([, flow]) => isUnix(flow.transport))
  const waiting = Object.entries(scenario.flows).filter(([, flow]) => flow.transport === 'tcp')
  const of = (flow: string, name: string): Endpoint | undefined => endpoints.find((one) => one.flow === flow && one.name === name)
  const isReady = (endpoint: Endpoint | undefined): boolean => endpoint !== undefined && isConnected(endpoint.instrument.pid)
  const isJoined = (endpoint: Endpoint | undefined): boolean =>
    endpoint !== undefined && unixSocketsOf(endpoint.instrument.pid).some(({ isConnected }) => isConnected)
  await waitFor(
    () =>
      overUnix.every(([name, flow]) => isJoined(of(name, flow.from))) &&
      waiting.every(
        ([name, flow]) =>
          [flow.from, ...flow.via].every((process) => isReady(of(name, process))) &&
          serversOf(scenario, scenario.flows[name]!).some((server) => isReady(of(name, server))),
      ),
    LONGEST_CONNECT_MS,
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
}

function lastWords(instrument: Instrument): string {
  const { stdout, stderr } = instrument.output()
  return (stderr + stdout).trim().split('\n').at(-1) ?? ''
}

function signal({ pid }: Instrument, name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}

/** The server that has the flow's connection; of a flow without connections, the one that the experiment names. */
function answeringFor(endpoints: readonly Endpoint[], scenario: Scenario, name: string): string {
  const servers = serversOf(scenario, scenario.flows[name]!)
  const found = servers.find((server) =>
    endpoints.some((one) => one.flow === name && one.name === server && isConnected(one.instrument.pid)),
  )
  return found ?? scenario.flows[name]!.to
}

/** The client of each flow: clients stand first. */
function clientsOf(endpoints: readonly Endpoint[]): Instrument[] {
  return [...new Map([...endpoints].reverse().map((endpoint) => [endpoint.flow, endpoint.instrument])).values()]
}

/** Waits until enough messages have passed: by the switches of the clients, which sleep before the traffic. */
async function traffic(endpoints: readonly Endpoint[]): Promise<void> {
  const clients = clientsOf(endpoints)
  const switches = (): number[] => clients.map(({ pid }) => switchesOf(pid)).map(({ voluntary, involuntary }) => voluntary + involuntary)
  const before = switches()
  for (const deadline = performance.now() + LONGEST_TRAFFIC_MS; performance.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (switches().every((now, index) => now - before[index]! > ENOUGH_SWITCHES)) return
  }
}

/** Threads of each process and of what it has started. */
function tasksOf(endpoints: readonly Endpoint[]): Record<string, Set<number>> {
  return Object.fromEntries(endpoints.map(({ name, instrument }) => [name, new Set(familyOf(instrument.pid).flatMap(threadsOf))]))
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}

function namespaceOf(pid: number): number {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[1])
  } catch {
    return 0
  }
}

function filtersOf(pid: number): number {
  try {
    return Number(/^Seccomp_filters:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Of the hierarchy with the controller `cpu`, else the unified one: `1:cpu:/name`, `0::/name` (cgroups(7)). */
function controlGroupOf(pid: number): string {
  try {
    const groups = [...readFileSync(`/proc/${pid}/cgroup`, 'utf8').matchAll(/^\d+:([^:]*):(.*)$/gm)]
    const own = groups.find(([, controllers]) => controllers?.split(',').includes('cpu')) ?? groups.find(([, none]) => none === '')
    return own?.[2] ?? '/'
  } catch {
    return '/'
  }
}

async function mastersOf(built: BuiltLayout): Promise<Record<string, string | null>> {
  const masters: Record<string, string | null> = {}
  for (const { name } of built.layout.namespaces) {
    const links = JSON.parse(await command(['ip', '-n', built.kernelName(name), '-j', 'link', 'show'])) as {
      readonly ifname: string
      readonly master?: string
    }[]
    for (const { ifname, master } of links) masters[`${name} ${ifname}`] = master ?? null
  }
  return masters
}

/** Counts the hooks of every namespace that holds a bridge, or that forwards. */
async function hooksOf(run: TestbedRun, built: BuiltLayout): Promise<Record<string, HookCounts> | null> {
  if (!(await hasProgram('nft'))) return null
  const passed = built.layout.namespaces.filter(({ name }) => passesPackets(built.layout, name))
  const counts = await Promise.all(passed.map(({ name }) => countHooks(built.kernelName(name), basename(run.folder))))
  return Object.fromEntries(passed.map(({ name }, index) => [name, counts[index]!]))
}

/** A namespace without a process of its own in the middle of a path: more than one device, or a bridge. */
function passesPackets(layout: Layout, namespace: string): boolean {
  return layout.devices.filter((device) => device.namespace === namespace).length > 1
}
