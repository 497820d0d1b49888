/** One replication of a scenario: built, run, and read back into plain data. */

import { quantile } from '../sim/index.js'
import { type BuiltWorld, buildWorld } from './engine/build.js'
import { runWorld } from './engine/run.js'
import { NONE, world } from './engine/world.js'
import { processorTimeNs } from './processor-time.js'
import type { Profile } from './profiles/profile.js'
import { lawsOfRun, requireLaws, watchLaws } from './run-laws.js'
import type { FlowResult, ReplicationOptions, ReplicationResult, StageCost, StepResult } from './simulation.js'
import { coefficientNames, stages } from './stages/index.js'
import { metricOf, type Scenario, startOf, type Workload } from './topology/scenario.js'
import { CONNECTION_STEPS } from './workloads/connect.js'
import { simulateStarts } from './workloads/start.js'
import { throughputBps } from './workloads/stream.js'

/** A message needs a few dozen events even through a relay with a small buffer; a run beyond this doesn't end. */
const EVENTS_PER_MESSAGE = 10_000
/** Share of the time from which on a quota that keeps processes aside is what limits them. */
export const LEAST_THROTTLED = 0.01

/**
 * Simulates one replication. Deterministic: the same arguments give the same bytes on any engine.
 * @throws RangeError where the scenario can't be laid out or the profile lacks a coefficient; Error where the model gets stuck,
 * or where the run breaks a law that every run obeys (run-laws.ts)
 */
export function simulateReplication(scenario: Scenario, profile: Profile, options: ReplicationOptions): ReplicationResult {
  if (startOf(scenario) !== undefined) return simulateStarts(scenario, profile, options)
  const built = buildWorld(scenario, profile, options)
  watchLaws(built, options)
  runWorld(EVENTS_PER_MESSAGE * (options.messages + options.warmUpMessages))
  const names = Object.keys(scenario.flows)
  const counts = countCoefficients(built)
  const charges = counts.reduce((sum, count) => sum + count)
  const laws = lawsOfRun(built, names, processorTimeNs(stageCostsOf(counts, world.cost, 1)), charges)
  requireLaws(laws)
  const durationNs = Math.max(...world.coreTimeNs.subarray(0, world.cores)) - world.countedFromNs
  const flows = names.map((flow, row): FlowResult => {
    const done = world.flowDone[row]!
    const tasks = built.flowTasks[row]!
    const perMessage = (column: Float64Array): number => tasks.reduce((sum, task) => sum + column[task]!, 0) / done
    const share = 1 / names.length
    const stageCosts = stageCostsOf(counts, world.cost, done / share)
    stageCosts.push({ stage: 'interruption', costNs: (world.interruptedNs * share) / done })
    return {
      flow,
      messages: options.messages,
      metric: metricOf(scenario.flows[flow]!.workload),
      latencyNs: world.flowLatencyNs[row]!,
      throughputBps: world.flowReadBytes[row]! > 0 ? throughputBps(row) : null,
      stages: stageCosts,
      stalledThere: world.flowStalledThere[row]! / options.messages,
      stalledBack: world.flowStalledBack[row]! / options.messages,
      voluntarySwitchesPerMessage: perMessage(world.taskVoluntary),
      involuntarySwitchesPerMessage: perMessage(world.taskInvoluntary),
      acknowledgementsPerMessage: world.flowPureAcks[row]! / done,
      coefficientCounts: Object.fromEntries(
        coefficientNames.map((name, i): [string, number] => [name, (counts[i]! * share) / done]).filter(([, count]) => count > 0),
      ),
      dropped: world.flowDropped[row]!,
      limits: limitOf(built, row, scenario.flows[flow]!.workload, options.messages, durationNs),
      ...(world.flowConnects[row] === 1 && { steps: stepsOf(built, done) }),
    }
  })
  const coreUtilization = Object.fromEntries(built.cores.map((core, row) => [core, world.coreBusyNs[row]! / durationNs]))
  return { flows, durationNs, coreUtilization, events: world.events, laws }
}

/** Charges of the end hosts, and those of the packets that crossed each burst. */
function countCoefficients(built: BuiltWorld): Float64Array {
  return withBursts(built, world.count, world.burstPackets, world.burstSuperPackets, world.burstBytes)
}

function withBursts(
  { routes }: BuiltWorld,
  charged: Float64Array,
  burstPackets: Float64Array,
  burstSuperPackets: Float64Array,
  burstBytes: Float64Array,
): Float64Array {
  const counts = Float64Array.from(charged)
  routes.forEach((route, row) => {
    route.bursts.forEach((burst, i) => {
      const packets = burstPackets[world.routeFirstBurst[row]! + i]!
      const superPackets = burstSuperPackets[world.routeFirstBurst[row]! + i]!
      const bytes = burstBytes[world.routeFirstBurst[row]! + i]!
      for (let c = 0; c < counts.length; c++)
        counts[c]! += burst.perPacket[c]! * packets + burst.perSuperPacket[c]! * superPackets + burst.perByte[c]! * bytes
    })
  })
  return counts
}

/** Of each step of a connection its median, and its charges per connection. */
function stepsOf(built: BuiltWorld, connections: number): Record<string, StepResult> {
  const { tookNs, tallies } = world.steps!
  const { bursts, count } = world
  return Object.fromEntries(
    CONNECTION_STEPS.map((step, i) => {
      const tally = tallies[i]!
      const part = (from: number): Float64Array => tally.subarray(count.length + from * bursts, count.length + (from + 1) * bursts)
      const counts = withBursts(built, tally.subarray(0, count.length), part(0), part(1), part(2))
      return [step, { medianNs: quantile(Array.from(tookNs[i]!), 0.5), coefficientCounts: perConnection(counts, connections) }]
    }),
  )
}

function perConnection(counts: Float64Array, connections: number): Record<string, number> {
  return Object.fromEntries(
    coefficientNames.map((name, i): [string, number] => [name, counts[i]! / connections]).filter(([, count]) => count > 0),
  )
}

function stageCostsOf(counts: Float64Array, cost: Float64Array, messages: number): StageCost[] {
  const result: StageCost[] = []
  let index = 0
  for (const law of stages) {
    let costNs = 0
    for (const _ of law.per) {
      costNs += (counts[index]! * cost[index]!) / messages
      index++
    }
    if (costNs > 0) result.push({ stage: law.stage, costNs })
  }
  return result
}

/** Share of the time from which on a core or a link is what binds. */
const BUSY = 0.95

/** What a stream waits for whose cores idle: a link that is busy, else the smaller one of send buffer and window. */
function limitOfWaitingStream(sender: number, durationNs: number): string {
  const socket = world.taskSocket[sender]!
  const route = world.socketRoute[socket]!
  for (let i = 0; i < world.routeBursts[route]!; i++) {
    const burst = world.routeFirstBurst[route]! + i
    // What was handed to it: some of that may still queue.
    const share = Math.min(1, (world.burstBytes[burst]! * world.wireByteNs[burst]!) / durationNs)
    if (share > BUSY) return `link (${Math.round(100 * share)} % busy)`
  }
  return world.socketSendBufferBytes[socket]! < world.socketLargestWindowBytes[socket]! ? 'send buffer' : 'receive window'
}

/** A flow whose load is given has a resource that binds first, however little it is used; one that waits for its own replies has none but a full one. */
function limitOf(
  { cores, groups, flowTasks }: BuiltWorld,
  flow: number,
  workload: Workload,
  messages: number,
  durationNs: number,
): string | null {
  const stalled = Math.max(world.flowStalledThere[flow]!, world.flowStalledBack[flow]!) / messages
  if (stalled > 0.5) return 'delayed-acknowledgement timer'
  // Where a quota keeps processes aside for much of the time, it binds, and no core does.
  const [throttled] = flowTasks[flow]!.map((task) => world.taskQuota[task]!)
    .filter((group) => group !== NONE && world.groupThrottledNs[group]! > LEAST_THROTTLED * durationNs)
    .map((group) => ({ name: groups[group]!, share: world.groupThrottledNs[group]! / durationNs }))
    .sort((a, b) => b.share - a.share)
  if (throttled !== undefined) return quotaInWords(throttled)
  // A process that spins uses its core for nothing: what it does beside is what could run out.
  const used = cores
    .map((name, core) => ({ name, share: (world.coreBusyNs[core]! - world.coreSpunNs[core]!) / durationNs }))
    .sort((a, b) => b.share - a.share)
  if (workload.kind === 'stream' && used[0]!.share < BUSY)
    return `${limitOfWaitingStream(flowTasks[flow]!.at(-1)!, durationNs)}, then ${coreInWords(used[0]!)}`
  if (workload.kind === 'ping-pong' || workload.kind === 'connect' || workload.kind === 'http')
    return used[0]!.share > BUSY ? coreInWords(used[0]!) : null
  return resourcesInWords(used)
}

export interface UsedResource {
  /** `m1/1`. */
  readonly name: string
  readonly share: number
}

/** `core m1/1 (81 % busy), then core m1/0 (40 % busy)`: what binds first, and the next one. */
export function resourcesInWords(used: readonly UsedResource[]): string {
  return [...used]
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(coreInWords)
    .join(', then ')
}

/** `quota of server (throttled 48 % of the time)`. */
export function quotaInWords({ name, share }: UsedResource): string {
  return `quota of ${name} (throttled ${Math.round(100 * share)} % of the time)`
}

function coreInWords({ name, share }: UsedResource): string {
  return `core ${name} (${Math.round(100 * share)} % busy)`
}
