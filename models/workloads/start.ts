/**
 * Containers that are started at one moment: processes on cores, and one mutex for the whole kernel, as a mechanism. Each start is its steps in order
 * (start-steps.ts). A core runs whoever came first until it is done, sleeps, or has used up its turn while another waits. The rtnl mutex is
 * the kernel's (kernel/locking/mutex.c): who finds it held spins, and keeps its core, as long as the holder runs (mutex_spin_on_owner()), else it
 * sleeps; whoever spins takes a mutex that is let go, and where nobody does the one that has slept longest is woken and tries again.
 * What concurrent starts take is the outcome of this alone.
 *
 * Left out: pernet_ops_rwsem, which starts only share; the handoff to a sleeper that has tried in vain (MUTEX_FLAG_HANDOFF); interruptions.
 */
import { createStream, EventQueue, exp, normal, upperBound, utilizationLaw } from '../../sim/index.js'
import { declareModel, run } from '../../sim/run-loop.js'
import { coefficientValues } from '../engine/build.js'
import type { Profile } from '../profiles/profile.js'
import { requireLaws } from '../run-laws.js'
import type { FlowResult, ReplicationOptions, ReplicationResult, RunLaw } from '../simulation.js'
import { coefficientIndex } from '../stages/index.js'
import { coreWait, lockWait, timerExpire } from '../stages/start.js'
import { type Scenario, type Start, startOf } from '../topology/scenario.js'
import { chargesOfStart, type StartCharge } from './start-steps.js'

const NOBODY = -1
/** Addresses the draws of the steps' spread among all others of a replication. */
const SPREAD = 0
/** Kinds of event: the process of a core ends a step, or its turn; one that has left its core wakes. */
const CORE_IS_DUE = 0
const START_WAKES = 1
/** Far above what any start takes. */
const EVENTS_PER_START = 1000

interface Starting {
  readonly core: number
  /** What each step takes, ns. */
  readonly takesNs: readonly number[]
  /** The step that it is at, and what is left of it. */
  step: number
  leftNs: number
  /** On its core, with work or in want of the mutex; off it, in want of the mutex or for as long as its step takes. */
  state: 'works' | 'spins' | 'sleeps' | 'away'
  /** When it asked for the mutex that it has not got yet, ns; null: it waits for none. */
  askedNs: number | null
  lockWaitNs: number
  endNs: number
}

interface Core {
  running: number
  readonly queue: number[]
  /** Since when the running one does what it does, and when its turn ends, ns. */
  sinceNs: number
  turnEndsNs: number
  busyNs: number
  /** Of that, by whoever spins for the mutex. */
  spunNs: number
  /** Counted up where what was due no longer is. */
  generation: number
}

interface Mutex {
  holder: number
  sinceNs: number
  heldNs: number
  readonly sleepers: number[]
  /** Has been woken, and has not tried yet. */
  woken: number
}

interface World {
  readonly queue: EventQueue
  readonly steps: readonly RoundStep[]
  readonly quantumNs: number
  readonly cores: readonly Core[]
  readonly starts: readonly Starting[]
  readonly rtnl: Mutex
  left: number
}

const model = declareModel<World>('starts', [
  { kind: CORE_IS_DUE, name: 'core is due', handle: coreIsDue },
  { kind: START_WAKES, name: 'start wakes', handle: endStep },
])

export interface RoundStep {
  /** It holds the mutex. */
  readonly isLocked: boolean
  /** It passes without a core. */
  readonly isAway: boolean
}

/** What one round of starts is made of. */
export interface Round {
  readonly cores: number
  /** Longest turn of a core's process while another waits, ns. */
  readonly quantumNs: number
  readonly steps: readonly RoundStep[]
  /** Core and durations of the steps, in whole ns, of each start. */
  readonly starts: readonly { readonly core: number; readonly takesNs: readonly number[] }[]
}

export interface RoundOutcome {
  /** When each start was done, and how long it had waited for the mutex, ns. */
  readonly starts: readonly { readonly endNs: number; readonly lockWaitNs: number }[]
  readonly heldNs: number
  readonly busyNs: readonly number[]
  /** Of that, spinning for the mutex. */
  readonly spunNs: readonly number[]
}

/** Every start from the moment at which all begin. */
export function startRound({ cores, quantumNs, steps, starts }: Round): RoundOutcome {
  const world: World = {
    queue: new EventQueue(),
    steps,
    quantumNs,
    cores: Array.from({ length: cores }, () => ({
      running: NOBODY,
      queue: [],
      sinceNs: 0,
      turnEndsNs: 0,
      busyNs: 0,
      spunNs: 0,
      generation: 0,
    })),
    starts: starts.map((one) => ({ ...one, step: 0, leftNs: one.takesNs[0]!, state: 'works', askedNs: null, lockWaitNs: 0, endNs: 0 })),
    rtnl: { holder: NOBODY, sinceNs: 0, heldNs: 0, sleepers: [], woken: NOBODY },
    left: starts.length,
  }
  starts.forEach(({ core }, start) => {
    world.cores[core]!.queue.push(start)
  })
  for (let core = 0; core < cores; core++) dispatch(world, core)
  run(model, world, { until: ({ left }) => left === 0, eventBudget: EVENTS_PER_START * starts.length })
  return {
    starts: world.starts,
    heldNs: world.rtnl.heldNs,
    busyNs: world.cores.map(({ busyNs }) => busyNs),
    spunNs: world.cores.map(({ spunNs }) => spunNs),
  }
}

function dispatch(world: World, row: number): void {
  const core = world.cores[row]!
  if (core.running !== NOBODY || core.queue.length === 0) return
  core.running = core.queue.shift()!
  core.turnEndsNs = world.queue.timeNs + world.quantumNs
  goOn(world, core.running)
}

/** A start has its core: it goes on with its step, once it has the mutex that the step needs. */
function goOn(world: World, row: number): void {
  const { rtnl, queue } = world
  const start = world.starts[row]!
  const core = world.cores[start.core]!
  core.sinceNs = queue.timeNs
  if (rtnl.woken === row) rtnl.woken = NOBODY
  if (world.steps[start.step]!.isAway) {
    // Its state first: whoever gets the core next looks at it.
    goAway(world, row)
    leave(world, start.core)
  } else if (!asksInVain(world, row)) {
    start.state = 'works'
    due(world, start.core, Math.min(queue.timeNs + start.leftNs, core.turnEndsNs))
  } else if (isRunning(world, rtnl.holder)) spin(world, row)
  else sleep(world, row)
}

/** A step without a core: whoever does it (a kernel thread) waits for the mutex asleep. */
function goAway(world: World, row: number): void {
  const start = world.starts[row]!
  if (asksInVain(world, row)) {
    start.state = 'sleeps'
    world.rtnl.sleepers.push(row)
  } else {
    start.state = 'away'
    world.queue.push(world.queue.timeNs + start.leftNs, 0, START_WAKES, row)
  }
}

/** True where the step needs a mutex that somebody else holds; else it has it now. */
function asksInVain(world: World, row: number): boolean {
  const { rtnl, queue } = world
  const start = world.starts[row]!
  if (!world.steps[start.step]!.isLocked || rtnl.holder === row) return false
  start.askedNs ??= queue.timeNs
  if (rtnl.holder !== NOBODY) return true
  start.lockWaitNs += queue.timeNs - start.askedNs
  start.askedNs = null
  rtnl.holder = row
  rtnl.sinceNs = queue.timeNs
  return false
}

function isRunning(world: World, row: number): boolean {
  return world.cores[world.starts[row]!.core]!.running === row
}

function spin(world: World, row: number): void {
  const start = world.starts[row]!
  start.state = 'spins'
  due(world, start.core, world.cores[start.core]!.turnEndsNs)
}

/** Waits for the mutex without its core. */
function sleep(world: World, row: number): void {
  const start = world.starts[row]!
  start.state = 'sleeps'
  world.rtnl.sleepers.push(row)
  leave(world, start.core)
}

function letGo(world: World): void {
  const { rtnl, queue } = world
  rtnl.heldNs += queue.timeNs - rtnl.sinceNs
  rtnl.holder = NOBODY
  const spinner = spinners(world)[0]
  if (spinner !== undefined) {
    spend(world, world.starts[spinner]!.core)
    goOn(world, spinner)
    return
  }
  if (rtnl.woken !== NOBODY || rtnl.sleepers.length === 0) return
  const next = rtnl.sleepers.shift()!
  if (world.steps[world.starts[next]!.step]!.isAway) goAway(world, next)
  else {
    rtnl.woken = next
    enqueue(world, next)
  }
}

function enqueue(world: World, row: number): void {
  const { core } = world.starts[row]!
  world.cores[core]!.queue.push(row)
  dispatch(world, core)
}

function spinners(world: World): number[] {
  return world.cores.flatMap(({ running }) => (running !== NOBODY && world.starts[running]!.state === 'spins' ? [running] : []))
}

function due(world: World, row: number, atNs: number): void {
  const core = world.cores[row]!
  core.generation++
  world.queue.push(atNs, 0, CORE_IS_DUE, row, core.generation)
}

function spend(world: World, row: number): void {
  const core = world.cores[row]!
  const passedNs = world.queue.timeNs - core.sinceNs
  core.busyNs += passedNs
  if (world.starts[core.running]!.state === 'spins') core.spunNs += passedNs
  core.sinceNs = world.queue.timeNs
}

function leave(world: World, row: number): void {
  const core = world.cores[row]!
  core.running = NOBODY
  core.generation++
  dispatch(world, row)
}

function coreIsDue(world: World, row: number, generation: number): void {
  const core = world.cores[row]!
  if (generation !== core.generation) return
  const running = core.running
  const start = world.starts[running]!
  if (start.state === 'works') start.leftNs -= world.queue.timeNs - core.sinceNs
  spend(world, row)
  if (start.state === 'works' && start.leftNs <= 0) endStep(world, running)
  else if (core.queue.length > 0) endTurn(world, running)
  else {
    core.turnEndsNs = world.queue.timeNs + world.quantumNs
    if (start.state === 'spins') spin(world, running)
    else goOn(world, running)
  }
}

/** Whoever spins sleeps now; and so does whoever spins for the mutex that the one put aside holds. */
function endTurn(world: World, row: number): void {
  const start = world.starts[row]!
  if (start.state === 'spins') {
    sleep(world, row)
    return
  }
  world.cores[start.core]!.queue.push(row)
  leave(world, start.core)
  if (world.rtnl.holder !== row || isRunning(world, row)) return
  for (const spinner of spinners(world)) {
    spend(world, world.starts[spinner]!.core)
    sleep(world, spinner)
  }
}

function endStep(world: World, row: number): void {
  const start = world.starts[row]!
  const { isAway } = world.steps[start.step]!
  start.step++
  if (world.rtnl.holder === row) letGo(world)
  if (start.step < start.takesNs.length) {
    start.leftNs = start.takesNs[start.step]!
    if (!isAway) goOn(world, row)
    else if (world.steps[start.step]!.isAway) goAway(world, row)
    else enqueue(world, row)
    return
  }
  start.endNs = world.queue.timeNs
  world.left--
  if (!isAway) leave(world, start.core)
}

/**
 * One replication: rounds of starts until as many as asked for are counted.
 * @throws RangeError where the profile lacks a step's coefficient
 */
export function simulateStarts(
  scenario: Scenario,
  profile: Profile,
  { seed, replication, messages }: ReplicationOptions,
): ReplicationResult {
  const flow = startOf(scenario)!
  const { atOnce } = flow.workload
  const charges = chargesOfStart(scenario)
  const costs = priceStart(charges, profile)
  const placed = coresOfStarts(scenario, flow.from, flow.workload)
  const stream = createStream(seed, replication, SPREAD)
  const rounds = Math.ceil(messages / atOnce)
  const latencyNs = new Float64Array(messages)
  const sum = { counted: 0, durationNs: 0, heldNs: 0, lockWaitNs: 0, startNs: 0, givenNs: 0, lockedNs: 0 }
  const busyNs = new Float64Array(placed.cores)
  const spunNs = new Float64Array(placed.cores)
  for (let round = 0; round < rounds; round++) {
    const outcome = startRound({
      cores: placed.cores,
      quantumNs: quantumOf(profile),
      steps: charges,
      starts: placed.of.map((core, start) => {
        // Only the first on a core finds it asleep.
        const wakes = placed.sleeps && placed.of.indexOf(core) === start
        // Whole nanoseconds: sums of them are exact, and a step ends when it is due.
        const takesNs = costs.map((ns, i) =>
          charges[i]!.law === timerExpire && !wakes ? 0 : Math.round(ns * exp(profile.burstSigma * normal(stream))),
        )
        takesNs.forEach((ns, i) => {
          if (!charges[i]!.isAway) sum.givenNs += ns
          if (charges[i]!.isLocked) sum.lockedNs += ns
        })
        return { core, takesNs }
      }),
    })
    for (const { endNs, lockWaitNs } of outcome.starts) {
      sum.startNs += endNs
      sum.lockWaitNs += lockWaitNs
      if (sum.counted < messages) latencyNs[sum.counted++] = endNs
    }
    sum.durationNs += Math.max(...outcome.starts.map(({ endNs }) => endNs))
    sum.heldNs += outcome.heldNs
    outcome.busyNs.forEach((ns, core) => {
      busyNs[core]! += ns
      spunNs[core]! += outcome.spunNs[core]!
    })
  }
  const started = rounds * atOnce
  const own = charges.map((charge, i) => ({ charge, costNs: costs[i]! * (charge.law === timerExpire ? placed.wakeups / atOnce : 1) }))
  const ownNs = own.reduce((total, { costNs }) => total + costNs, 0)
  const meanNs = sum.startNs / started
  const lockWaitNs = sum.lockWaitNs / started
  const machine = scenario.hosts[scenario.containers[flow.from]!.host]!.machine
  const utilization = Object.fromEntries(Array.from(busyNs, (ns, core): [string, number] => [`${machine}/${core}`, ns / sum.durationNs]))
  const result: FlowResult = {
    flow: flow.name,
    messages,
    metric: 'start-up',
    latencyNs,
    stages: [
      ...stagesOf(own),
      { stage: lockWait, costNs: lockWaitNs },
      { stage: coreWait, costNs: Math.max(0, meanNs - ownNs - lockWaitNs) },
    ].filter(({ costNs }) => costNs > 0),
    stalledThere: 0,
    stalledBack: 0,
    voluntarySwitchesPerMessage: 0,
    involuntarySwitchesPerMessage: 0,
    acknowledgementsPerMessage: 0,
    coefficientCounts: derivatives(own, ownNs > 0 ? meanNs / ownNs : 1),
    dropped: 0,
    limits:
      atOnce === 1
        ? null
        : limitOf(
            sum.heldNs / sum.durationNs,
            machine,
            [...busyNs].map((ns, row) => (ns - spunNs[row]!) / sum.durationNs),
          ),
  }
  const [busy, spun] = [busyNs, spunNs].map((column) => column.reduce((total, ns) => total + ns, 0)) as [number, number]
  const additions = started * charges.length
  // Whoever is put aside keeps the mutex: it may be held for longer than its holders work.
  const laws: RunLaw[] = [
    {
      ...utilizationLaw(busy, sum.givenNs + spun, additions),
      of: 'all cores',
      sides: ['time that they were busy, ns', 'steps and spinning, ns'],
    },
    { ...upperBound(sum.lockedNs, sum.heldNs, 0), of: 'the rtnl mutex', sides: ['steps under it, ns', 'time that it was held, ns'] },
    { ...upperBound(sum.heldNs, sum.durationNs, 0), of: 'the rtnl mutex', sides: ['time that it was held, ns', 'all the time, ns'] },
  ]
  requireLaws(laws)
  return { flows: [result], durationNs: sum.durationNs, coreUtilization: utilization, events: additions, laws }
}

/** Who starts on which core: the i-th on the client's core plus i, modulo the machine's cores. */
function coresOfStarts(scenario: Scenario, from: string, { atOnce }: Start) {
  const { host, core } = scenario.containers[from]!
  const { cores, idle } = scenario.machines[scenario.hosts[host]!.machine]!
  return {
    cores,
    of: Array.from({ length: atOnce }, (_, i) => (core + i) % cores),
    sleeps: idle !== 'never',
    wakeups: idle === 'never' ? 0 : Math.min(atOnce, cores),
  }
}

/**
 * A turn ends at the first tick by which the base slice has been used up (update_deadline(), kernel/sched/fair.c): a whole number of ticks for
 * whoever is given the core at one.
 */
function quantumOf({ kernel: { hz, baseSliceNs } }: Profile): number {
  const tickNs = 1e9 / hz
  return Math.ceil(baseSliceNs / tickNs) * tickNs
}

/** @throws RangeError */
export function priceStart(charges: readonly StartCharge[], profile: Profile): number[] {
  const cost = coefficientValues(profile)
  return charges.map(({ law, per, count }) => {
    const value = cost[coefficientIndex(law, per)]!
    if (Number.isNaN(value)) throw new RangeError(`the profile has no coefficient ${law.stage}.${per}, which this path charges`)
    return count * value
  })
}

interface Own {
  readonly charge: StartCharge
  readonly costNs: number
}

function stagesOf(own: readonly Own[]): { stage: string; costNs: number }[] {
  const names = [...new Set(own.map(({ charge }) => charge.law.stage))]
  return names.map((stage) => ({
    stage,
    costNs: own.reduce((sum, { charge, costNs }) => sum + (charge.law.stage === stage ? costNs : 0), 0),
  }))
}

/** What starts wait for is made of the same steps of other starts: a start's time moves with a coefficient by more than its own charges, in proportion. */
function derivatives(own: readonly Own[], factor: number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { charge } of own) {
    const name = `${charge.law.stage}.${charge.per}`
    counts[name] = (counts[name] ?? 0) + charge.count * factor
  }
  return counts
}

/** The mutex and the core that works most (who spins does not work), what is used more before the other. */
function limitOf(held: number, machine: string, works: readonly number[]): string {
  const core = works.indexOf(Math.max(...works))
  const percent = (share: number): string => `${Math.round(100 * share)} %`
  const both = [
    { share: held, words: `rtnl mutex (held ${percent(held)} of the time)` },
    { share: works[core]!, words: `core ${machine}/${core} (${percent(works[core]!)} busy)` },
  ]
  return both
    .sort((a, b) => b.share - a.share)
    .map(({ words }) => words)
    .join(', then ')
}
