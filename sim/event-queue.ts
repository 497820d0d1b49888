/**
 * The future event list: a 4-ary heap in flat typed arrays, in the total order (time, priority, sequence), so that events of equal time
 * and priority leave in the order in which they came. Keys and payload move together; a hole moves instead of swaps
 * (the idea of mourner/flatqueue). Nothing is allocated per event: `pop` fills public fields, arrays grow by doubling.
 *
 * A node's key is two doubles: its time, and its rank = priority * 2^44 + sequence, exact in 53 bits.
 *
 * One pop and one push of an exponential delay (hold model), ns, medians of 7 interleaved runs with the fastest and slowest, Node 20.20 on
 * a shared 2-core VM (`npm run -s bench -- kernel`); flatqueue 3.1 carries one number, checks nothing and keeps no order of equal times:
 *
 *     pending      this queue           flatqueue
 *         100      141 (133 to 164)      88 ( 86 to 115)
 *      10,000      208 (199 to 241)     147 (137 to 149)
 *   1,000,000      940 (840 to 952)     827 (730 to 885)
 */
import { refusedAdvance, refusedPriority, refusedTime } from './messages.js'

/** Events that one queue can take in its life, 1.7e13: days of the fastest loop. */
const SEQUENCES = 2 ** 44
const LOWEST_PRIORITY = -256
const HIGHEST_PRIORITY = 255
/** Largest exact whole number of nanoseconds in a double: 104 days. */
const LATEST_NS = Number.MAX_SAFE_INTEGER

export class EventQueue {
  /** Events pending. */
  size = 0
  /** Time of the event popped last, ns; the clock of a simulation. Nothing may be scheduled before it. */
  timeNs = 0
  /** Kind, row and generation of the event popped last. */
  kind = 0
  row = 0
  generation = 0

  private sequence = 0
  private times: Float64Array
  private ranks: Float64Array
  private kinds: Int32Array
  private rows: Int32Array
  private generations: Int32Array

  constructor(capacity = 64) {
    if (!(capacity >= 1 && capacity <= 2 ** 30)) throw new RangeError(`event queue: capacity must be 1 to 2^30 events, got ${capacity}`)
    const length = Math.ceil(capacity)
    this.times = new Float64Array(length)
    this.ranks = new Float64Array(length)
    this.kinds = new Int32Array(length)
    this.rows = new Int32Array(length)
    this.generations = new Int32Array(length)
  }

  /**
   * Schedules an event.
   * @param timeNs absolute time, ns: not before the event popped last
   * @param priority whole number from -256 to 255; the smaller leaves first among equal times
   * @param generation compared by whoever handles the event with its row's generation: a difference means that it was cancelled
   * @throws RangeError for a time that is NaN, past or beyond 2^53 ns, or a priority out of range
   */
  push(timeNs: number, priority: number, kind: number, row: number, generation = 0): void {
    if (!(timeNs >= this.timeNs && timeNs <= LATEST_NS)) throw refusedTime(timeNs, this.timeNs, kind, row)
    if (!(priority >= LOWEST_PRIORITY && priority <= HIGHEST_PRIORITY))
      throw refusedPriority(priority, LOWEST_PRIORITY, HIGHEST_PRIORITY, kind, row)
    if (this.size === this.times.length) this.grow()
    const last = this.size++
    this.times[last] = timeNs
    this.ranks[last] = priority * SEQUENCES + this.sequence++
    this.kinds[last] = kind
    this.rows[last] = row
    this.generations[last] = generation
    if (last > 0) this.moveUp(last)
  }

  /** Removes the first event and fills `timeNs`, `kind`, `row` and `generation`; false when none is pending (the fields stay). */
  pop(): boolean {
    if (this.size === 0) return false
    this.timeNs = this.times[0]!
    this.kind = this.kinds[0]!
    this.row = this.rows[0]!
    this.generation = this.generations[0]!
    if (--this.size > 0) this.moveDown(this.size)
    return true
  }

  /** Time of the first event, ns; Infinity when none is pending. */
  peekTimeNs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.times[0]!
  }

  /** Sets the clock forward to a time before which no event is due. */
  advanceTo(timeNs: number): void {
    if (!(timeNs >= this.timeNs && timeNs <= this.peekTimeNs())) throw refusedAdvance(timeNs, this.timeNs, this.peekTimeNs())
    this.timeNs = timeNs
  }

  /** Forgets every event and sets the clock back to 0; the arrays keep their size. */
  clear(): void {
    this.size = 0
    this.timeNs = 0
    this.kind = 0
    this.row = 0
    this.generation = 0
    this.sequence = 0
  }

  /** Moves the node at `from` up to its place: a hole moves, and the node is written once. */
  private moveUp(from: number): void {
    const { times, ranks, kinds, rows, generations } = this
    const time = times[from]!
    const rank = ranks[from]!
    const kind = kinds[from]!
    const row = rows[from]!
    const generation = generations[from]!
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && ranks[parent]! < rank)) break
      times[hole] = parentTime
      ranks[hole] = ranks[parent]!
      kinds[hole] = kinds[parent]!
      rows[hole] = rows[parent]!
      generations[hole] = generations[parent]!
      hole = parent
    }
    if (hole === from) return
    times[hole] = time
    ranks[hole] = rank
    kinds[hole] = kind
    rows[hole] = row
    generations[hole] = generation
  }

  /** Moves the node at `last`, which is beyond the end, down from the root to its place. */
  private moveDown(last: number): void {
    const { times, ranks, kinds, rows, generations } = this
    const time = times[last]!
    const rank = ranks[last]!
    let hole = 0
    for (let child = 1; child < last; child = 4 * hole + 1) {
      const first = child + 3 < last ? firstOfFour(times, ranks, child) : firstOfFewer(times, ranks, child, last)
      const firstTime = times[first]!
      if (time < firstTime || (time === firstTime && rank < ranks[first]!)) break
      times[hole] = firstTime
      ranks[hole] = ranks[first]!
      kinds[hole] = kinds[first]!
      rows[hole] = rows[first]!
      generations[hole] = generations[first]!
      hole = first
    }
    times[hole] = time
    ranks[hole] = rank
    kinds[hole] = kinds[last]!
    rows[hole] = rows[last]!
    generations[hole] = generations[last]!
  }

  private grow(): void {
    const length = 2 * this.times.length
    this.times = extended(this.times, new Float64Array(length))
    this.ranks = extended(this.ranks, new Float64Array(length))
    this.kinds = extended(this.kinds, new Int32Array(length))
    this.rows = extended(this.rows, new Int32Array(length))
    this.generations = extended(this.generations, new Int32Array(length))
  }
}

function extended<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/**
 * The first of four children, as a tournament whose results are numbers: which child wins is a coin toss that no processor predicts, and
 * a wrong guess costs as much as a whole level (measured: a third of the time). Only equal times branch.
 */
function firstOfFour(times: Float64Array, ranks: Float64Array, child: number): number {
  const time0 = times[child]!
  const time1 = times[child + 1]!
  const time2 = times[child + 2]!
  const time3 = times[child + 3]!
  let left = child + Number(time1 < time0)
  if (time1 === time0 && ranks[child + 1]! < ranks[child]!) left = child + 1
  let right = child + 2 + Number(time3 < time2)
  if (time3 === time2 && ranks[child + 3]! < ranks[child + 2]!) right = child + 3
  const leftTime = times[left]!
  const rightTime = times[right]!
  if (leftTime === rightTime) return ranks[left]! < ranks[right]! ? left : right
  return left + Math.imul(right - left, Number(rightTime < leftTime))
}

/** The same for the last node that has children. */
function firstOfFewer(times: Float64Array, ranks: Float64Array, child: number, end: number): number {
  let first = child
  for (let other = child + 1; other < end; other++) {
    if (times[other]! < times[first]! || (times[other] === times[first] && ranks[other]! < ranks[first]!)) first = other
  }
  return first
}
