import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../sim/event-queue.js'
import { exponential } from '../../sim/random/exponential.js'
import { createStream, type RandomStream } from '../../sim/random/stream.js'
import { declareModel, run } from '../../sim/run-loop.js'
import { restoreSnapshot, takeSnapshot } from '../../sim/snapshot.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { MeanVariance } from '../../sim/statistics/mean-variance.js'
import { Timers } from '../../sim/timers.js'

const HOLD = 0
const TIMEOUT = 1

interface World {
  readonly queue: EventQueue
  readonly timers: Timers
  readonly delays: RandomStream
  readonly gaps: MeanVariance
  readonly sketch: LatencySketch
  readonly log: number[]
  readonly label: { text: string }
  lastNs: number
}

const model = declareModel<World>('hold', [
  {
    kind: HOLD,
    name: 'hold',
    handle: (w, row) => {
      w.gaps.add(w.queue.timeNs - w.lastNs)
      w.sketch.record(w.queue.timeNs - w.lastNs)
      w.lastNs = w.queue.timeNs
      w.log.push(row)
      w.timers.set(row, w.queue.timeNs + 3000)
      w.queue.push(w.queue.timeNs + Math.floor(exponential(w.delays, 1000)), 0, HOLD, row)
    },
  },
  {
    kind: TIMEOUT,
    name: 'timeout',
    handle: (w, row, generation) => {
      if (w.timers.fires(row, generation)) w.log.push(-row)
    },
  },
])

function createWorld(pending: number, seed: number): World {
  const queue = new EventQueue()
  for (let row = 0; row < pending; row++) queue.push(row, 0, HOLD, row)
  return {
    queue,
    timers: new Timers(queue, TIMEOUT, pending),
    delays: createStream(seed, 0, 0),
    gaps: new MeanVariance(),
    sketch: new LatencySketch(),
    log: [],
    label: { text: 'as created' },
    lastNs: 0,
  }
}

/** Everything that a run leaves, as text. */
function outcome({ queue, gaps, sketch, log, delays, lastNs }: World): string {
  return JSON.stringify([queue.timeNs, queue.size, queue.peekTimeNs(), gaps, sketch.encode(), log, delays.uint32(), lastNs])
}

describe('a snapshot', () => {
  it.each([5, 200, 5000])('of %i pending events goes on to the same bytes, in the same world and in a new one', (pending) => {
    const world = createWorld(pending, 4)
    run(model, world, { mostEvents: 3000 })
    const snapshot = takeSnapshot(world)
    run(model, world, { mostEvents: 20_000 })
    const uninterrupted = outcome(world)
    restoreSnapshot(world, snapshot)
    run(model, world, { mostEvents: 20_000 })
    expect(outcome(world)).toBe(uninterrupted)
    const other = createWorld(pending, 5)
    restoreSnapshot(other, structuredClone(snapshot))
    run(model, other, { mostEvents: 20_000 })
    expect(outcome(other)).toBe(uninterrupted)
  })

  it('keeps what the world shares shared, and its objects themselves', () => {
    const world = createWorld(3, 4)
    const { queue, gaps, label } = world
    const snapshot = takeSnapshot(world)
    label.text = 'changed'
    run(model, world, { mostEvents: 50 })
    restoreSnapshot(world, snapshot)
    expect(world.queue).toBe(queue)
    expect(world.gaps).toBe(gaps)
    expect([world.label.text, queue.timeNs, gaps.count, world.log]).toEqual(['as created', 0, 0, []])
    // The timers still push into the world's own queue.
    world.timers.set(0, 7)
    expect(queue.size).toBe(4)
  })

  it('does not change when the world goes on', () => {
    const world = createWorld(50, 4)
    const snapshot = takeSnapshot(world)
    const before = JSON.stringify(snapshot.objects) + snapshot.buffers.map((buffer) => new Uint8Array(buffer).join()).join()
    run(model, world, { mostEvents: 500 })
    expect(JSON.stringify(snapshot.objects) + snapshot.buffers.map((buffer) => new Uint8Array(buffer).join()).join()).toBe(before)
  })

  it('refuses what it would lose, naming the place', () => {
    expect(() => takeSnapshot({ flows: { byName: new Map() } })).toThrow(
      "snapshot: can't copy world.flows.byName, a Map; a world holds numbers, texts, typed arrays, arrays and objects of these",
    )
  })

  it('refuses a world of other types than it was taken of', () => {
    const snapshot = takeSnapshot({ gaps: new MeanVariance() })
    expect(() => restoreSnapshot({ gaps: new LatencySketch() }, snapshot)).toThrow(
      'snapshot: world.gaps was a MeanVariance, and is a LatencySketch',
    )
    expect(() => restoreSnapshot({}, snapshot)).toThrow('snapshot: world.gaps was a MeanVariance, and is a undefined')
  })
})
