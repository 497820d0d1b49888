import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../sim/event-queue.js'
import { Timers } from '../../sim/timers.js'

const TIMER = 3
const OTHER = 4

/** What leaves the queue, as "row at time"; a timer's event only when it fires. */
function fired(queue: EventQueue, timers: Timers): string[] {
  const seen: string[] = []
  while (queue.pop()) {
    if (queue.kind === OTHER) seen.push(`other at ${queue.timeNs}`)
    else if (timers.fires(queue.row, queue.generation)) seen.push(`${queue.row} at ${queue.timeNs}`)
  }
  return seen
}

describe('Timers', () => {
  it('fire once, at the time set last, whether that is earlier or later', () => {
    const queue = new EventQueue()
    const timers = new Timers(queue, TIMER, 3)
    timers.set(0, 10)
    timers.set(0, 30)
    timers.set(1, 20)
    timers.set(1, 5)
    timers.set(2, 7)
    expect(fired(queue, timers)).toEqual(['1 at 5', '2 at 7', '0 at 30'])
  })

  it('stay silent when cancelled, and can be set again', () => {
    const queue = new EventQueue()
    const timers = new Timers(queue, TIMER, 2)
    timers.set(0, 10)
    timers.cancel(0)
    expect(timers.dueAtNs(0)).toBe(Number.POSITIVE_INFINITY)
    timers.set(1, 10)
    timers.cancel(1)
    timers.set(1, 25)
    expect(timers.dueAtNs(1)).toBe(25)
    expect(fired(queue, timers)).toEqual(['1 at 25'])
    timers.set(0, 40)
    expect(fired(queue, timers)).toEqual(['0 at 40'])
  })

  it('leave one event in the queue however often they are set and cancelled', () => {
    const queue = new EventQueue()
    const timers = new Timers(queue, TIMER, 1)
    for (let i = 1; i <= 1000; i++) {
      timers.set(0, 100 + i)
      timers.cancel(0)
    }
    expect(queue.size).toBe(1)
  })

  it('stand among equal times where they were set, though their event was moved', () => {
    const queue = new EventQueue()
    const timers = new Timers(queue, TIMER, 2)
    timers.set(0, 10)
    queue.push(50, 0, OTHER, 0)
    timers.set(0, 50)
    timers.set(1, 20)
    timers.set(1, 50)
    queue.push(50, 0, OTHER, 0)
    expect(fired(queue, timers)).toEqual(['other at 50', '0 at 50', '1 at 50', 'other at 50'])
  })

  it('move behind what was pushed meanwhile when they are set again for the same time', () => {
    const queue = new EventQueue()
    const timers = new Timers(queue, TIMER, 1)
    timers.set(0, 50)
    queue.push(50, 0, OTHER, 0)
    timers.set(0, 50)
    expect(fired(queue, timers)).toEqual(['other at 50', '0 at 50'])
  })

  it('refuse a time that is past or none, naming row and kind', () => {
    const queue = new EventQueue()
    queue.advanceTo(10)
    const timers = new Timers(queue, TIMER, 2)
    expect(() => timers.set(1, 9)).toThrow('time 9 ns lies in the past (kind 3, row 1, now 10 ns)')
    expect(() => timers.set(1, Number.NaN)).toThrow('is not a number (kind 3, row 1')
  })
})
