import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../sim/event-queue.js'
import { createStream } from '../../sim/random/stream.js'

interface Pending {
  readonly timeNs: number
  readonly priority: number
  readonly row: number
}

/** The law's own queue: a stable sort of an array. */
function takeFirst(pending: Pending[]): Pending | undefined {
  pending.sort((a, b) => a.timeNs - b.timeNs || a.priority - b.priority || a.row - b.row)
  return pending.shift()
}

const delay = fc.oneof(fc.nat(3), fc.nat(1_000_000), fc.double({ min: 0, max: 100, noNaN: true }))
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ delay, priority: fc.integer({ min: -2, max: 2 }) }) },
  { weight: 2, arbitrary: fc.constant('pop' as const) },
)

/** Delays that pull a queue of buckets about: near and far, many equal, bursts, gaps of many turns of its rings. */
const patterns: Readonly<Record<string, (draw: () => number) => number>> = {
  'all equal': () => 0,
  'three values': (draw) => Math.floor(3 * draw()) * 1000,
  even: (draw) => Math.floor(1e6 * draw()),
  fractions: (draw) => draw(),
  'near or far': (draw) => (draw() < 0.5 ? 10 * draw() : 1e9 * (1 + draw())),
  'rarely very far': (draw) => (draw() < 0.01 ? 1e12 * draw() : draw()),
  bursts: (draw) => Math.floor(4 * draw()) * 1e8 + Math.floor(3 * draw()),
  'heavy tail': (draw) => Math.min(1e13, (1 - draw()) ** -1.5),
  'minutes apart': (draw) => 1e11 * draw(),
}

describe('the event queue', () => {
  it.each(Object.entries(patterns))('keeps the order of thousands of events as it grows and shrinks: %s', (_, delayNs) => {
    const stream = createStream(8, 0, 0)
    const draw = () => stream.uniform()
    const queue = new EventQueue(1)
    const rank = (timeNs: number, priority: number, row: number) => [timeNs, priority, row] as const
    const last = { timeNs: 0, priority: 0, row: -1 }
    const priorities: number[] = []
    let pushed = 0
    let popped = 0
    let mistakes = 0
    for (const [most, share] of [
      [3000, 0.7],
      [3000, 0.5],
      [100, 0.2],
      [3000, 0.6],
      [0, 0],
    ] as const) {
      for (let i = 0; i < 8000 && (share > 0 || queue.size > 0); i++) {
        if (queue.size === 0 || (draw() < share && queue.size < most)) {
          const priority = Math.floor(3 * draw()) - 1
          queue.push(queue.timeNs + delayNs(draw), priority, 0, pushed)
          priorities[pushed++] = priority
          // What is pushed now may come before what left last only by a smaller priority at the same time.
          last.row = -1
          last.priority = -2
        } else {
          const dueNs = queue.peekTimeNs()
          if (!queue.pop() || queue.timeNs !== dueNs) mistakes++
          const now = rank(queue.timeNs, priorities[queue.row]!, queue.row)
          const before = rank(last.timeNs, last.priority, last.row)
          if (!((now[0] - before[0] || now[1] - before[1] || now[2] - before[2]) > 0)) mistakes++
          Object.assign(last, { timeNs: now[0], priority: now[1], row: now[2] })
          popped++
        }
      }
    }
    expect([mistakes, queue.size, popped]).toEqual([0, 0, pushed])
  })

  it('pops what a stable sort by time, priority and sequence would, whatever is pushed in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue(1)
        const pending: Pending[] = []
        let row = 0
        const popAndCompare = () => {
          const expected = takeFirst(pending)
          expect(queue.pop()).toBe(expected !== undefined)
          if (expected)
            expect([queue.timeNs, queue.row, queue.kind, queue.generation]).toEqual([
              expected.timeNs,
              expected.row,
              expected.row % 7,
              expected.row + 1,
            ])
        }
        for (const action of steps) {
          if (action === 'pop') popAndCompare()
          else {
            const timeNs = queue.timeNs + action.delay
            queue.push(timeNs, action.priority, row % 7, row, row + 1)
            pending.push({ timeNs, priority: action.priority, row })
            row++
          }
          expect(queue.size).toBe(pending.length)
        }
        while (pending.length > 0) popAndCompare()
        popAndCompare()
      }),
      { seed: 3, numRuns: 500 },
    )
  })
})
