import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../sim/event-queue.js'

describe('EventQueue', () => {
  it('pops by time, then priority, then order of arrival', () => {
    const queue = new EventQueue()
    queue.push(20, 0, 1, 0)
    queue.push(10, 1, 2, 0)
    queue.push(10, -1, 3, 0)
    queue.push(10, 1, 4, 0)
    const kinds: number[] = []
    while (queue.pop()) kinds.push(queue.kind)
    expect(kinds).toEqual([3, 2, 4, 1])
  })

  it('fills the fields of the popped event and leaves them when nothing is pending', () => {
    const queue = new EventQueue(1)
    queue.push(5, 2, 7, -3, 11)
    expect(queue.peekTimeNs()).toBe(5)
    expect(queue.pop()).toBe(true)
    expect(queue.pop()).toBe(false)
    expect([queue.timeNs, queue.kind, queue.row, queue.generation, queue.size]).toEqual([5, 7, -3, 11, 0])
    expect(queue.peekTimeNs()).toBe(Number.POSITIVE_INFINITY)
  })

  it('grows beyond its capacity without losing an event', () => {
    const queue = new EventQueue(1)
    for (let row = 999; row >= 0; row--) queue.push(row, 0, 0, row, row)
    for (let row = 0; row < 1000; row++) {
      queue.pop()
      expect([queue.timeNs, queue.row, queue.generation]).toEqual([row, row, row])
    }
  })

  it('refuses a time that is not a number, past, or beyond exact nanoseconds, and names it', () => {
    const queue = new EventQueue()
    queue.push(100, 0, 0, 0)
    queue.pop()
    expect(() => queue.push(Number.NaN, 0, 3, 8)).toThrow(
      new RangeError('event queue: time NaN ns is not a number (kind 3, row 8, now 100 ns)'),
    )
    expect(() => queue.push(99, 0, 3, 8)).toThrow(new RangeError('event queue: time 99 ns lies in the past (kind 3, row 8, now 100 ns)'))
    expect(() => queue.push(-1, 0, 3, 8)).toThrow('time -1 ns lies in the past')
    expect(() => queue.push(2 ** 53, 0, 3, 8)).toThrow('time 9007199254740992 ns is beyond 2^53 ns')
    expect(() => queue.push(Number.POSITIVE_INFINITY, 0, 3, 8)).toThrow('time Infinity ns is beyond 2^53 ns')
    expect(queue.size).toBe(0)
  })

  it('refuses a priority out of range, and a capacity that is none', () => {
    expect(() => new EventQueue().push(0, 256, 1, 2)).toThrow('priority must be -256 to 255, got 256 (kind 1, row 2)')
    expect(() => new EventQueue(0)).toThrow('capacity must be 1 to 2^26 events, got 0')
  })

  it('keeps equal times in order at the extreme priorities', () => {
    const queue = new EventQueue()
    for (const priority of [255, -256, 255, -256]) queue.push(0, priority, priority, queue.size)
    const rows: number[] = []
    while (queue.pop()) rows.push(queue.row)
    expect(rows).toEqual([1, 3, 0, 2])
  })

  it('advances the clock up to the first event and no further', () => {
    const queue = new EventQueue()
    queue.push(50, 0, 0, 0)
    queue.advanceTo(50)
    expect(queue.timeNs).toBe(50)
    expect(() => queue.advanceTo(51)).toThrow("can't advance to 51 ns: it is 50 ns, and the first event is due at 50 ns")
  })

  it('starts again after clear', () => {
    const queue = new EventQueue()
    queue.push(50, 0, 1, 0)
    queue.pop()
    queue.push(60, 0, 2, 0)
    queue.clear()
    expect([queue.size, queue.timeNs, queue.pop()]).toEqual([0, 0, false])
    queue.push(10, 0, 3, 0)
    expect(queue.pop() && queue.kind).toBe(3)
  })
})
