/**
 * Single messages of a replication, step by step: which process spends which stage on which core, and who waits meanwhile. The same run as
 * `simulateReplication` makes it (a test holds both to equal latencies), with a trace of what the cores did (engine/trace.ts).
 */
import { type BuiltWorld, buildWorld } from './engine/build.js'
import { runWorld } from './engine/run.js'
import { type Burst, traceWorld } from './engine/trace.js'
import { RUNNABLE, RUNNING, world } from './engine/world.js'
import type { Profile } from './profiles/profile.js'
import type { ReplicationOptions } from './simulation.js'
import { type CostLaw, type Per, stages } from './stages/index.js'
import { instrumentClient } from './stages/instrument.js'
import type { Context } from './topology/explanation.js'
import type { Scenario } from './topology/scenario.js'

/** Where a stage's time is spent; `interrupt` is what interrupted a burst (tick, timers, hypervisor). */
export type TraceContext = Context | 'interrupt'

/** A stretch of processor time that one stage takes for a message; several charges of one burst stand in the order in which it makes them. */
export interface TraceStep {
  readonly stage: string
  readonly context: TraceContext
  readonly direction: 'there' | 'back'
  /** The process that pays, and `m1/1`, the core. */
  readonly process: string
  readonly core: string
  /** From the client's send call on, ns. */
  readonly startNs: number
  readonly endNs: number
}

/** What a process does while another one has the core or the message: `ready` waits for the core, `asleep` for something to come. */
export interface TraceWait {
  readonly process: string
  readonly state: 'ready' | 'asleep'
  readonly startNs: number
  readonly endNs: number
}

export interface TracedMessage {
  readonly latencyNs: number
  readonly steps: readonly TraceStep[]
  readonly waits: readonly TraceWait[]
}

export interface FlowTrace {
  readonly flow: string
  /** Client first, then the relays, then the server, each with its core. */
  readonly processes: readonly { readonly name: string; readonly core: string }[]
  /** Counted messages in order, warm-up left out. */
  readonly messages: readonly TracedMessage[]
}

const EVENTS_PER_MESSAGE = 10_000

/**
 * Traces a flow that has the world to itself.
 * @throws RangeError for a scenario of several flows, whose bursts serve messages of both, or one that can't be laid out
 */
export function traceMessages(scenario: Scenario, profile: Profile, options: ReplicationOptions): FlowTrace {
  const [flow, ...others] = Object.keys(scenario.flows)
  if (flow === undefined || others.length > 0) throw new RangeError(`a trace follows one flow, got ${others.length + (flow ? 1 : 0)}`)
  const built = buildWorld(scenario, profile, options)
  const trace = traceWorld()
  runWorld(EVENTS_PER_MESSAGE * (options.messages + options.warmUpMessages))
  const legs = built.legs[0]!
  const ends = [legs[0]!.near, ...legs.map((leg) => leg.far)]
  const tasks = built.flowTasks[0]!
  // Tasks stand as server, relays from the client's side on, client.
  const taskOf = (place: number): number => (place === 0 ? tasks.at(-1)! : place === ends.length - 1 ? tasks[0]! : tasks[place]!)
  const processes = ends.map((end, place) => ({
    name: end.process.name,
    core: `${end.process.machine}/${end.process.core}`,
    task: taskOf(place),
  }))
  const byMessage: Piece[][] = []
  for (const piece of piecesOf(built, trace.bursts, processes)) {
    byMessage[piece.message] ??= []
    byMessage[piece.message]!.push(piece)
  }
  return {
    flow,
    processes: processes.map(({ name, core }) => ({ name, core })),
    messages: Array.from({ length: options.messages }, (_, i) =>
      messageOf(byMessage[options.warmUpMessages + i] ?? [], trace.bursts, processes, world.flowLatencyNs[0]![i]!),
    ),
  }
}

interface TracedProcess {
  readonly name: string
  readonly task: number
}

/** A step on the clock of the whole run, with the number of the message that it serves. */
interface Piece extends TraceStep {
  readonly message: number
}

/** The order in which one burst makes its charges: what begins a run on the core, then a receive call, the program, a send call, softirq. */
const receiveSide: readonly string[] = [
  'context.switch',
  'idle.exit',
  'tcp.acknowledge',
  'unix.receive',
  'socket.receive',
  'proxy.relay',
  'proxy.relay.dante',
  'proxy.relay.haproxy',
  'proxy.relay.nginx',
  'proxy.relay.socat',
  'instrument.server',
  'instrument.server.own',
]
const softirqEnd: readonly string[] = ['tcp.receive', 'udp.receive', 'socket.wakeup']

function rankOf(law: CostLaw, per: Per): number {
  if (law.stage === 'context.switch' && per === 'perSleepNs') return 400
  if (law.stage === 'tcp.receive' && per === 'perCallNs') return 2
  const first = receiveSide.indexOf(law.stage)
  if (first >= 0) return first + (first > 1 ? 2 : 0)
  if (law.stage === instrumentClient.stage) return CLIENT_RANK
  const last = softirqEnd.indexOf(law.stage)
  return last >= 0 ? 300 + last : 200 + stages.indexOf(law)
}

/** What ranks at most as the client's own work belongs to the message that ends in a burst, what follows to the next one. */
const CLIENT_RANK = 100

interface Place {
  readonly law: CostLaw
  readonly rank: number
  readonly context: Context
}

const places: readonly Place[] = stages.flatMap((law) =>
  law.per.map((per): Place => {
    const inCall = per === 'perCallNs' && law.context === 'softirq'
    return { law, rank: rankOf(law, per), context: inCall ? 'system call' : law.context }
  }),
)

function piecesOf({ routes, cores }: BuiltWorld, bursts: readonly Burst[], processes: readonly TracedProcess[]): Piece[] {
  const compiled = routes.flatMap((route) => route.bursts)
  const names = new Map(processes.map(({ task, name }) => [task, name]))
  const pieces: Piece[] = []
  let done = 0
  let replying = false
  for (const burst of bursts) {
    const costs = new Float64Array(places.length)
    for (const { coefficient, times } of burst.charges)
      if (places[coefficient]!.law.keepsCore !== false) costs[coefficient]! += times * world.cost[coefficient]!
    for (const { burst: row, packets, superPackets, bytes } of burst.crossings) {
      const { perPacket, perSuperPacket, perByte } = compiled[row]!
      for (let c = 0; c < costs.length; c++)
        costs[c]! += (perPacket[c]! * packets + perSuperPacket[c]! * superPackets + perByte[c]! * bytes) * world.cost[c]!
    }
    const charged = places.flatMap((place, c) => (costs[c]! > 0 ? [{ ...place, ns: costs[c]! }] : [])).sort((a, b) => a.rank - b.rank)
    const total = charged.reduce((sum, { ns }) => sum + ns, 0)
    const process = names.get(burst.task) ?? ''
    const core = cores[burst.core]!
    // What the spread of durations adds or takes belongs to all stages alike; interruptions follow, wherever in the burst they fell.
    const stretch = total === 0 ? 0 : (burst.endNs - burst.startNs - burst.interruptedNs) / total
    const ends = burst.done[0]! > done
    const begunReply = burst.replying[0]! && !replying
    let at = burst.startNs
    for (const { law, rank, context, ns } of charged) {
      const isNext = ends && rank > CLIENT_RANK
      const isBack = ends ? !isNext : begunReply ? rank > CLIENT_RANK : replying
      const message = done + (isNext ? 1 : 0)
      const endNs = at + ns * stretch
      append(pieces, { message, stage: law.stage, context, direction: isBack ? 'back' : 'there', process, core, startNs: at, endNs })
      at = endNs
    }
    done = burst.done[0]!
    replying = burst.replying[0]!
    if (burst.interruptedNs > 0)
      pieces.push({
        message: done,
        stage: 'interruption',
        context: 'interrupt',
        direction: replying ? 'back' : 'there',
        process,
        core,
        startNs: at,
        endNs: burst.endNs,
      })
  }
  return pieces
}

/** Charges of one stage in a row are one step. */
function append(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1)
  const goesOn =
    last !== undefined &&
    last.endNs === piece.startNs &&
    last.message === piece.message &&
    last.stage === piece.stage &&
    last.context === piece.context &&
    last.process === piece.process &&
    last.direction === piece.direction
  if (goesOn) pieces[pieces.length - 1] = { ...last, endNs: piece.endNs }
  else pieces.push(piece)
}

function messageOf(own: readonly Piece[], bursts: readonly Burst[], processes: readonly TracedProcess[], latencyNs: number): TracedMessage {
  // The client's own work ends the message before, except for the very first one.
  const first = own.find((piece) => piece.stage !== instrumentClient.stage)
  const startNs = first?.startNs ?? 0
  const steps = own.filter((piece) => piece.startNs >= startNs)
  const endNs = Math.max(startNs, ...steps.filter((piece) => piece.stage !== instrumentClient.stage).map((piece) => piece.endNs))
  return {
    latencyNs,
    steps: steps.map(({ message: _, ...step }) => ({ ...step, startNs: step.startNs - startNs, endNs: step.endNs - startNs })),
    waits: processes.flatMap((process) => waitsOf(bursts, process, startNs, endNs)),
  }
}

/** Stretches in which a process does not run, by the state that it has while others do. */
function waitsOf(bursts: readonly Burst[], { name, task }: TracedProcess, startNs: number, endNs: number): TraceWait[] {
  const waits: TraceWait[] = []
  let from = startNs
  for (const burst of bursts) {
    if (burst.endNs <= startNs) continue
    if (burst.startNs >= endNs) break
    const to = Math.min(endNs, burst.endNs)
    if (burst.task !== task && to > from) {
      const known = burst.taskStates[task]!
      const state = known === RUNNABLE || known === RUNNING ? 'ready' : 'asleep'
      const last = waits.at(-1)
      if (last && last.state === state && last.endNs === from - startNs) waits[waits.length - 1] = { ...last, endNs: to - startNs }
      else waits.push({ process: name, state, startNs: from - startNs, endNs: to - startNs })
    }
    from = Math.max(from, to)
  }
  return waits
}
