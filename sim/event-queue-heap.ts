/**
 * A 4-ary heap of events for when a bucket bursts: many events have nearly one time, and only comparing sorts them out. It holds their
 * times and where their records are; ranks are looked at only where two times are equal. A hole moves instead of swaps
 * (the idea of mourner/flatqueue).
 */
import { RANK } from './event-queue-records.js'

export class EventHeap {
  size = 0
  times = new Float64Array(64)
  records = new Int32Array(64)

  /** @param doubles the records' doubles, in which `record` is filled */
  push(record: number, doubles: Float64Array): void {
    if (this.size === this.times.length) this.grow()
    const { times, records } = this
    const time = doubles[record << 2]!
    const rank = doubles[(record << 2) | RANK]!
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && doubles[(records[parent]! << 2) | RANK]! < rank)) break
      times[hole] = parentTime
      records[hole] = records[parent]!
      hole = parent
    }
    times[hole] = time
    records[hole] = record
  }

  /** Takes the first event out; there must be one. @returns its record */
  pop(doubles: Float64Array): number {
    const { times, records } = this
    const popped = records[0]!
    const last = --this.size
    const time = times[last]!
    const record = records[last]!
    const rank = doubles[(record << 2) | RANK]!
    let hole = 0
    for (let child = 1; child < last; child = 4 * hole + 1) {
      const first = this.firstOf(child, Math.min(child + 4, last), doubles)
      const firstTime = times[first]!
      if (time < firstTime || (time === firstTime && rank < doubles[(records[first]! << 2) | RANK]!)) break
      times[hole] = firstTime
      records[hole] = records[first]!
      hole = first
    }
    times[hole] = time
    records[hole] = record
    return popped
  }

  private firstOf(from: number, to: number, doubles: Float64Array): number {
    const { times, records } = this
    let first = from
    for (let other = from + 1; other < to; other++) {
      if (times[other]! > times[first]!) continue
      if (times[other]! < times[first]! || doubles[(records[other]! << 2) | RANK]! < doubles[(records[first]! << 2) | RANK]!) first = other
    }
    return first
  }

  private grow(): void {
    const { times, records } = this
    this.times = new Float64Array(2 * times.length)
    this.times.set(times)
    this.records = new Int32Array(2 * records.length)
    this.records.set(records)
  }
}
