/**
 * One loop runs every model. A model is declared once: its kinds of events, each with a name and a handler. The world is the model's own
 * tables; it holds the queue, whose `timeNs` is the clock. A handler changes the world and pushes events, and returns nothing.
 *
 *     const ARRIVAL = 0, DEPARTURE = 1
 *     const model = declareModel<World>('M/M/1', [
 *       { kind: ARRIVAL, name: 'arrival', handle: arrive },
 *       { kind: DEPARTURE, name: 'departure', handle: depart },
 *     ])
 *     run(model, world, { untilNs: 1e9, eventBudget: 1e8 })
 *
 * Calling `run` again goes on from where it stopped; `step` handles one event; `runInSlices` stops every so many events, so that a page
 * stays responsive and progress can be shown. README.md has a whole simulator.
 *
 * What the loop costs over one written by hand for its model: README.md, beside this file.
 */
import type { EventQueue } from './event-queue.js'
import { handlerFailed, neverEnds, noEventsPending, undeclaredKind, wrongCount, wrongDeclaration, wrongHorizon } from './messages.js'

export interface HasQueue {
  readonly queue: EventQueue
}

/** Handles one event: `generation` is the one that the event was pushed with (a cancelled timer's differs from its row's). */
export type Handler<World> = (world: World, row: number, generation: number) => void

export interface EventKind<World> {
  /** Whole number, counted from 0 without gaps. */
  readonly kind: number
  readonly name: string
  readonly handle: Handler<World>
}

export interface Model<World extends HasQueue> {
  readonly name: string
  /** Names by kind. */
  readonly kindNames: readonly string[]
  readonly handlers: readonly Handler<World>[]
}

export interface RunOptions<World> {
  /** Handle the events up to and including this time, ns; the clock ends here unless a condition ends the run first. */
  readonly untilNs?: number
  /** Asked after every event; true ends the run. */
  readonly until?: (world: World) => boolean
  /** More events than this are taken for a run that never ends, and throw. */
  readonly eventBudget?: number
  /** Stop after this many events, to be called again. */
  readonly mostEvents?: number
}

export interface SliceOptions<World> extends Omit<RunOptions<World>, 'mostEvents'> {
  /** Events between two stops: some 10^5 keep a page responsive. */
  readonly sliceEvents: number
}

/** How far a run in slices has come. */
export interface Progress {
  readonly timeNs: number
  /** Events handled since the run's beginning. */
  readonly events: number
}

export interface RunOutcome {
  readonly ended: 'condition' | 'time' | 'no events' | 'most events'
  /** Events handled by this call, in all and by kind. */
  readonly events: number
  readonly eventsByKind: Float64Array
}

/** @throws RangeError unless the kinds are 0, 1, 2, ... with different names. */
export function declareModel<World extends HasQueue>(name: string, kinds: readonly EventKind<World>[]): Model<World> {
  const kindNames: string[] = []
  const handlers: Handler<World>[] = []
  for (const { kind, name: kindName, handle } of kinds) {
    if (!Number.isInteger(kind) || kind < 0 || kind >= kinds.length) throw wrongDeclaration(name, kindName, `kind ${kind} leaves a gap`)
    if (handlers[kind]) throw wrongDeclaration(name, kindName, `kind ${kind} is ${kindNames[kind]} already`)
    if (kindNames.includes(kindName)) throw wrongDeclaration(name, kindName, 'the name is taken')
    kindNames[kind] = kindName
    handlers[kind] = handle
  }
  return { name, kindNames, handlers }
}

/**
 * Runs a model until a time, a condition, or the last event.
 * @throws Error when a handler fails (its `cause` is what the handler threw), naming kind, time and row; when the budget is spent,
 * naming the busiest kinds; when nothing was pending at all.
 */
export function run<World extends HasQueue>(model: Model<World>, world: World, options: RunOptions<World> = {}): RunOutcome {
  const { queue } = world
  const untilNs = options.untilNs ?? Number.POSITIVE_INFINITY
  if (!(untilNs >= queue.timeNs)) throw wrongHorizon(model.name, untilNs, queue.timeNs)
  if (queue.size === 0) throw noEventsPending(model.name, queue.timeNs)
  const eventsByKind = new Float64Array(model.handlers.length)
  const budget = options.eventBudget ?? Number.POSITIVE_INFINITY
  const mostEvents = options.mostEvents ?? Number.POSITIVE_INFINITY
  if (!(budget >= 0)) throw wrongCount(model.name, 'eventBudget', budget)
  if (!(mostEvents >= 1)) throw wrongCount(model.name, 'mostEvents', mostEvents)
  let ended: RunOutcome['ended']
  try {
    ended = loop(model.handlers, world, untilNs, options.until ?? null, Math.min(budget, mostEvents), eventsByKind)
  } catch (failure) {
    if (model.handlers[queue.kind] === undefined) throw undeclaredKind(model.name, queue)
    throw handlerFailed(model, queue, failure)
  }
  if (ended === 'most events' && budget < mostEvents) throw neverEnds(model, queue.timeNs, budget, eventsByKind)
  return { ended, events: sum(eventsByKind), eventsByKind }
}

/** Handles the next event. @throws Error when none is pending, or as `run` does */
export function step<World extends HasQueue>(model: Model<World>, world: World): RunOutcome {
  return run(model, world, { mostEvents: 1 })
}

/**
 * Runs as `run` does, and stops after every slice: the caller may draw, post a message or wait for the next frame in between.
 *
 *     for (const { timeNs } of runInSlices(model, world, { untilNs: 1e9, sliceEvents: 1e5 })) { show(timeNs); await nextFrame() }
 */
export function* runInSlices<World extends HasQueue>(
  model: Model<World>,
  world: World,
  { sliceEvents, eventBudget = Number.POSITIVE_INFINITY, ...options }: SliceOptions<World>,
): Generator<Progress, RunOutcome> {
  const eventsByKind = new Float64Array(model.handlers.length)
  for (;;) {
    const outcome = run(model, world, { ...options, mostEvents: sliceEvents })
    outcome.eventsByKind.forEach((count, kind) => {
      eventsByKind[kind]! += count
    })
    const events = sum(eventsByKind)
    if (outcome.ended !== 'most events') return { ended: outcome.ended, events, eventsByKind }
    if (events >= eventBudget) throw neverEnds(model, world.queue.timeNs, eventBudget, eventsByKind)
    yield { timeNs: world.queue.timeNs, events }
    // What the caller did between two slices may have left nothing to do.
    if (world.queue.size === 0) return { ended: 'no events', events, eventsByKind }
  }
}

function sum(counts: Float64Array): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

/**
 * Events in one call of `stint`: few enough that the loop is soon compiled as a function with known arguments (V8 knows nothing of those of a
 * loop that it compiles while it runs), and enough that the call costs nothing.
 */
const STINT_EVENTS = 4096

function loop<World extends HasQueue>(
  handlers: readonly Handler<World>[],
  world: World,
  untilNs: number,
  until: ((world: World) => boolean) | null,
  mostEvents: number,
  eventsByKind: Float64Array,
): RunOutcome['ended'] {
  for (let handled = 0; handled < mostEvents; handled += STINT_EVENTS) {
    const ended = stint(handlers, world, untilNs, until, Math.min(mostEvents - handled, STINT_EVENTS), eventsByKind)
    if (ended !== 'most events') return ended
  }
  return world.queue.size > 0 ? 'most events' : 'no events'
}

/**
 * The loop itself. It calls every handler from one place, through the table: a call of its own for each kind would let the compiler inline
 * the first few handlers here, spend what it may inline on them, and box every number that the rest passes on (measured: 24 bytes an event).
 */
function stint<World extends HasQueue>(
  handlers: readonly Handler<World>[],
  world: World,
  untilNs: number,
  until: ((world: World) => boolean) | null,
  mostEvents: number,
  eventsByKind: Float64Array,
): RunOutcome['ended'] {
  const { queue } = world
  const ends = untilNs < Number.POSITIVE_INFINITY
  for (let handled = 0; handled < mostEvents; handled++) {
    if (ends && queue.peekTimeNs() > untilNs) {
      if (queue.size === 0) return 'no events'
      queue.advanceTo(untilNs)
      return 'time'
    }
    if (!queue.pop()) return 'no events'
    const { kind, row, generation } = queue
    eventsByKind[kind]!++
    handlers[kind]!(world, row, generation)
    // biome-ignore lint/complexity/useOptionalChain: its undefined would be joined with the answer, as two objects to be told apart
    if (until !== null && until(world)) return 'condition'
  }
  return 'most events'
}
