import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../sim/event-queue.js'
import { declareModel, run, runInSlices, step } from '../../sim/run-loop.js'

interface World {
  readonly queue: EventQueue
  readonly seen: string[]
}

const TICK = 0
const TOCK = 1

const clock = declareModel<World>('clock', [
  {
    kind: TICK,
    name: 'tick',
    handle: ({ queue, seen }, row) => {
      seen.push(`tick ${row} at ${queue.timeNs}`)
      queue.push(queue.timeNs + 10, 0, TICK, row)
    },
  },
  { kind: TOCK, name: 'tock', handle: ({ queue, seen }, row, generation) => seen.push(`tock ${row}/${generation} at ${queue.timeNs}`) },
])

function ticking(): World {
  const queue = new EventQueue()
  queue.push(0, 0, TICK, 5)
  return { queue, seen: [] }
}

describe('run', () => {
  it('hands each event to the handler of its kind and says how many there were', () => {
    const world = ticking()
    world.queue.push(10, -1, TOCK, 6, 3)
    const outcome = run(clock, world, { untilNs: 20 })
    expect(world.seen).toEqual(['tick 5 at 0', 'tock 6/3 at 10', 'tick 5 at 10', 'tick 5 at 20'])
    expect(outcome).toEqual({ ended: 'time', events: 4, eventsByKind: Float64Array.of(3, 1) })
  })

  it('ends at the time asked for and goes on from there', () => {
    const world = ticking()
    run(clock, world, { untilNs: 15 })
    expect(world.queue.timeNs).toBe(15)
    expect(run(clock, world, { untilNs: 25 }).events).toBe(1)
    expect(() => run(clock, world, { untilNs: 24 })).toThrow("clock: can't run until 24 ns, it is 25 ns already")
  })

  it('ends when the condition holds, right after the event that made it so', () => {
    const world = ticking()
    const outcome = run(clock, world, { until: ({ seen }) => seen.length === 3 })
    expect([outcome.ended, outcome.events, world.queue.timeNs]).toEqual(['condition', 3, 20])
  })

  it('ends when no event is left', () => {
    const queue = new EventQueue()
    queue.push(7, 0, TOCK, 0)
    expect(run(clock, { queue, seen: [] }, { untilNs: 100 }).ended).toBe('no events')
  })

  it('gives up on a run that never ends and names the busiest kinds', () => {
    const world = ticking()
    world.queue.push(1, 0, TOCK, 0)
    expect(() => run(clock, world, { eventBudget: 100 })).toThrow('clock: budget of 100 events spent at 980 ns; busiest: tick 99, tock 1')
  })

  it('stops after as many events as asked for, and goes on', () => {
    const world = ticking()
    expect(run(clock, world, { mostEvents: 2 })).toEqual({ ended: 'most events', events: 2, eventsByKind: Float64Array.of(2, 0) })
    expect(step(clock, world).events).toBe(1)
    expect(world.seen).toEqual(['tick 5 at 0', 'tick 5 at 10', 'tick 5 at 20'])
    expect(() => run(clock, world, { mostEvents: Number.NaN })).toThrow('clock: mostEvents must be a number of events, got NaN')
  })

  it('runs in slices to the same end, and tells how far it is', () => {
    const whole = ticking()
    const outcome = run(clock, whole, { untilNs: 95 })
    const sliced = ticking()
    const slices = runInSlices(clock, sliced, { untilNs: 95, sliceEvents: 4 })
    expect([slices.next().value, slices.next().value]).toEqual([
      { timeNs: 30, events: 4 },
      { timeNs: 70, events: 8 },
    ])
    expect(slices.next()).toEqual({ done: true, value: outcome })
    expect(sliced.seen).toEqual(whole.seen)
  })

  it('counts the budget over all slices', () => {
    const slices = runInSlices(clock, ticking(), { sliceEvents: 40, eventBudget: 100 })
    expect(() => [...slices]).toThrow('clock: budget of 100 events spent at 1190 ns; busiest: tick 120')
  })

  it('ends in slices when what was pending is gone between two of them', () => {
    const world = ticking()
    const slices = runInSlices(clock, world, { sliceEvents: 1 })
    slices.next()
    world.queue.clear()
    expect(slices.next().value).toMatchObject({ ended: 'no events', events: 1 })
  })

  it('refuses to run an empty system', () => {
    expect(() => run(clock, { queue: new EventQueue(), seen: [] })).toThrow('clock: nothing to run: no event is pending at 0 ns')
  })

  it('names event, time and row when a handler fails, and keeps the cause', () => {
    const cause = new Error('no such core')
    const failing = declareModel<World>('engine', [
      {
        kind: 0,
        name: 'wake-up',
        handle: () => {
          throw cause
        },
      },
    ])
    const queue = new EventQueue()
    queue.push(42, 0, 0, 9)
    const failure = captured(() => run(failing, { queue, seen: [] }))
    expect(failure.message).toBe('engine: event "wake-up" at 42 ns, row 9: no such core')
    expect(failure.cause).toBe(cause)
  })

  it('names time and row of an event whose kind was not declared', () => {
    const queue = new EventQueue()
    queue.push(42, 0, 2, 9)
    expect(() => run(clock, { queue, seen: [] })).toThrow('clock: event at 42 ns, row 9, has kind 2, which was not declared')
  })

  it('runs models of more kinds than are called by a constant', () => {
    const kinds = Array.from({ length: 12 }, (_, kind) => ({
      kind,
      name: `kind ${kind}`,
      handle: (w: World) => void w.seen.push(String(kind)),
    }))
    const queue = new EventQueue()
    for (let kind = 11; kind >= 0; kind--) queue.push(kind, 0, kind, 0)
    const world: World = { queue, seen: [] }
    run(declareModel('wide', kinds), world)
    expect(world.seen).toEqual(kinds.map(({ kind }) => String(kind)))
  })
})

describe('declareModel', () => {
  const handle = () => {}

  it('refuses gaps, doubles and shared names', () => {
    expect(() => declareModel('m', [{ kind: 1, name: 'a', handle }])).toThrow('m: event "a": kind 1 leaves a gap')
    expect(() =>
      declareModel(
        'm',
        [0, 0].map((kind, i) => ({ kind, name: `n${i}`, handle })),
      ),
    ).toThrow('m: event "n1": kind 0 is n0 already')
    expect(() =>
      declareModel(
        'm',
        [0, 1].map((kind) => ({ kind, name: 'same', handle })),
      ),
    ).toThrow('m: event "same": the name is taken')
  })
})

function captured(act: () => unknown): Error {
  try {
    act()
  } catch (failure) {
    return failure as Error
  }
  throw new Error('nothing was thrown')
}
