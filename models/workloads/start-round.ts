/**
 * Containers that are started at one moment: processes on cores, and one mutex for the whole kernel, as a mechanism. Each start is its steps in order
 * (start-steps.ts). A core runs whoever came first until it is done, sleeps, or has used up its turn while another waits. The rtnl mutex is
 * the kernel's (kernel/locking/mutex.c): who finds it held spins, and keeps its core, as long as the holder runs (mutex_spin_on_owner()), else it
 * sleeps; whoever spins takes a mutex that is let go, and where nobody does the one that has slept longest is woken and tries again.
 * What concurrent starts take is the outcome of this alone.
 *
 * Left out: pernet_ops_rwsem, which starts only share; the handoff to a sleeper that has tried in vain (MUTEX_FLAG_HANDOFF); interruptions.
 */
import { EventQueue } from '../../sim/index.js'
import { declareModel, run } from '../../sim/run-loop.js'

const NOBODY = -1
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
