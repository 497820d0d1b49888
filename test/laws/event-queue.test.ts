import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../sim/event-queue.js'

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

describe('the event queue', () => {
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
