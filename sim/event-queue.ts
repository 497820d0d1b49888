/**
 * The future event list: what is due next in a short sorted list, what is due soon in a ring of buckets, and what is far away in blocks of
 * wide buckets. A queue of up to 24 events is the list alone; buckets appear when it grows, and their width follows the times that are
 * pending (event-queue-layout.ts). When a bucket bursts (many events of nearly one time) a 4-ary heap takes the list's place, so that no
 * pattern costs more than O(log n); a bucket costs O(1).
 *
 * The order is total: (time, priority, sequence), so that events of equal time and priority leave in the order in which they came.
 * Nothing is allocated per event: `pop` fills public fields, arrays grow by doubling. A time is a double, exact for whole nanoseconds
 * up to 2^53 (104 days).
 *
 * Why this one: the hold model, one pop and one push of an exponential delay, draw included. ns, medians of 7 interleaved processes with the
 * fastest and slowest, Node 20.20 on a 2-core VM (`npm run -s bench -- kernel`). The 4-ary heap in flat arrays is the queue that was here
 * before, measured apart, when the machine was slower by half; flatqueue 3.1 carries one number, checks nothing and keeps no order of equal
 * times; C: gcc -O3 -march=native, nothing checked.
 *
 *     pending       this queue          4-ary heap   flatqueue   C heap   C buckets   ns-3 3.37, its fastest
 *         100       47 ( 46 to  48)         162          63        43        24          131
 *      10,000       51 ( 51 to  53)         256          90        81        30          193
 *   1,000,000       91 ( 89 to  94)        1010         419       345        42          480
 *
 * So a heap is never the best beyond a few events, in C neither. A list of 24 events costs at worst what flatqueue does (20 pending: 62 and 57); buckets
 * from 12 events on would save 10 ns there, and cost 8 % more where timers lie far behind what is due (M/M/4 with patience).
 */
import { FarEvents } from './event-queue-far.js'
import { EventHeap } from './event-queue-heap.js'
import { layOutBuckets, PER_BUCKET } from './event-queue-layout.js'
import { copyRecord, type EventColumns, emptyColumns, GENERATION, KIND, NEXT, RANK, ROW, readRecord } from './event-queue-records.js'
import { refusedAdvance, refusedPriority, refusedTime } from './messages.js'

/** Events that one queue can take in its life, 1.7e13: days of the fastest loop. */
const SEQUENCES = 2 ** 44
const LOWEST_PRIORITY = -256
const HIGHEST_PRIORITY = 255
/** Largest exact whole number of nanoseconds in a double: 104 days. */
const LATEST_NS = Number.MAX_SAFE_INTEGER

/** Places of the list (the header says why so many). Its times are the first doubles of the buffer, */
const LIST = 24
/** its records the words after them, */
const LISTED = 2 * LIST
/** and the events' own records follow from here. */
const FIRST_RECORD = (LISTED + LIST) / 8
/** Fewer events than this go back into the list. */
const FEWEST_IN_BUCKETS = LIST / 2

export class EventQueue {
  /** Time of the event popped last, ns; the clock of a simulation. Nothing may be scheduled before it. */
  timeNs = 0
  /** Kind, row and generation of the event popped last. */
  kind = 0
  row = 0
  generation = 0

  /** Events in the list, and elsewhere. */
  private listed = 0
  private elsewhere = 0
  private sequence = 0
  /** The list and the records (event-queue-records.ts), and the first record that is free. */
  private doubles: Float64Array
  private words: Int32Array
  private free = 0
  /** Events before this time go into the list, */
  private listEndNs = Number.POSITIVE_INFINITY
  /** or into the heap when a bucket has burst; before the next one into buckets, else far away. */
  private bucketEndNs = Number.POSITIVE_INFINITY
  private bucketsEndNs = Number.POSITIVE_INFINITY
  /** A ring of buckets: each the first record of a list. A single one stands for none. */
  private heads = new Int32Array(1)
  private inBuckets = 0
  private widthNs = Number.POSITIVE_INFINITY
  /** Buckets per ns, and half turns of the ring per ns: powers of two. */
  private perNs = 0
  private halfTurnsPerNs = 0
  private readonly heap = new EventHeap()
  private far: FarEvents | null = null
  /** Buckets passed, and events found in them, since the layout was last looked at. */
  private passed = 0
  private found = 0
  /** Sizes that ask for a new layout. */
  private sizeLeast = 0
  private sizeMost = Number.POSITIVE_INFINITY

  constructor(capacity = 64) {
    if (!(capacity >= 1 && capacity <= 2 ** 26)) throw new RangeError(`event queue: capacity must be 1 to 2^26 events, got ${capacity}`)
    const buffer = new ArrayBuffer(32 * (FIRST_RECORD + Math.ceil(capacity)))
    this.doubles = new Float64Array(buffer)
    this.words = new Int32Array(buffer)
    this.linkFree(FIRST_RECORD)
  }

  /** Events pending. */
  get size(): number {
    return this.listed + this.elsewhere
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
    this.doubles[this.free << 2] = timeNs
    this.place(priority, kind, row, generation)
  }

  /** Removes the first event and fills `timeNs`, `kind`, `row` and `generation`; false when none is pending (the fields stay). */
  pop(): boolean {
    if (this.listed === 0 && !this.refill()) return false
    const { doubles, words } = this
    const record = this.listed === 0 ? this.popHeap() : words[LISTED + --this.listed]!
    this.timeNs = doubles[record << 2]!
    this.kind = words[(record << 3) | KIND]!
    this.row = words[(record << 3) | ROW]!
    this.generation = words[(record << 3) | GENERATION]!
    words[(record << 3) | NEXT] = this.free
    this.free = record
    return true
  }

  /** Time of the first event, ns; Infinity when none is pending. */
  peekTimeNs(): number {
    if (this.listed === 0 && !this.refill()) return Number.POSITIVE_INFINITY
    return this.listed === 0 ? this.heap.times[0]! : this.doubles[this.listed - 1]!
  }

  /** Row of the first event; there must be one. */
  peekRow(): number {
    if (this.listed === 0) this.refill()
    return this.words[((this.listed === 0 ? this.heap.records[0]! : this.words[LISTED + this.listed - 1]!) << 3) | ROW]!
  }

  /** Sets the clock forward to a time before which no event is due. */
  advanceTo(timeNs: number): void {
    if (!(timeNs >= this.timeNs && timeNs <= this.peekTimeNs())) throw refusedAdvance(timeNs, this.timeNs, this.peekTimeNs())
    this.timeNs = timeNs
  }

  /** Forgets every event and sets the clock back to 0. */
  clear(): void {
    this.forget()
    this.timeNs = 0
    this.kind = 0
    this.row = 0
    this.generation = 0
    this.sequence = 0
  }

  /** The place in the order that an event pushed now would get; `pushInPlace` takes it later. */
  takeSequence(): number {
    return this.sequence++
  }

  /** Schedules an event that stands, among equal times and priorities, where the sequence says. */
  pushInPlace(sequence: number, timeNs: number, priority: number, kind: number, row: number, generation = 0): void {
    const next = this.sequence
    this.sequence = sequence
    this.push(timeNs, priority, kind, row, generation)
    this.sequence = next
  }

  /**
   * Puts the first free record, whose time is written, where it belongs. `push` is short, so that it is inlined wherever it is called, and
   * no argument of this is a fraction: a fraction that is passed in a call is boxed, which is garbage and a third of the time. This is too long
   * to be inlined (460 bytes of byte code), on purpose: it would use up what a caller may inline.
   */
  private place(priority: number, kind: number, row: number, generation: number): void {
    if (!(priority >= LOWEST_PRIORITY && priority <= HIGHEST_PRIORITY))
      throw refusedPriority(priority, LOWEST_PRIORITY, HIGHEST_PRIORITY, kind, row)
    const record = this.takeFree()
    const { doubles, words } = this
    const rank = priority * SEQUENCES + this.sequence++
    doubles[(record << 2) | RANK] = rank
    // `| 0` is what the array does anyway; said here, V8 needn't go by a double.
    words[(record << 3) | KIND] = kind | 0
    words[(record << 3) | ROW] = row | 0
    words[(record << 3) | GENERATION] = generation | 0
    const timeNs = doubles[record << 2]!
    let hole = this.listed
    if (timeNs < this.listEndNs && hole < LIST) {
      this.listed = hole + 1
      if (hole === 1 && doubles[0]! !== timeNs) {
        // Which of two comes first is a coin toss, which no processor guesses: placed without a branch.
        const other = doubles[0]!
        const otherRecord = words[LISTED]!
        const at = +(other > timeNs)
        doubles[at] = timeNs
        words[LISTED + at] = record
        doubles[at ^ 1] = other
        words[LISTED + (at ^ 1)] = otherRecord
        return
      }
      while (hole > 0) {
        const other = doubles[hole - 1]!
        if (other > timeNs || (other === timeNs && doubles[(words[LISTED + hole - 1]! << 2) | RANK]! > rank)) break
        doubles[hole] = other
        words[LISTED + hole] = words[LISTED + hole - 1]!
        hole--
      }
      doubles[hole] = timeNs
      words[LISTED + hole] = record
    } else if (timeNs >= this.bucketEndNs && timeNs < this.bucketsEndNs) {
      // As putBucket does it.
      const { heads } = this
      const bucket = ((timeNs * this.perNs) | 0) & (heads.length - 1)
      words[(record << 3) | NEXT] = heads[bucket]!
      heads[bucket] = record
      this.inBuckets++
      this.elsewhere++
    } else this.putElsewhere(record)
  }

  /** Puts a filled record anywhere but in the list. */
  private putElsewhere(record: number): void {
    const timeNs = this.doubles[record << 2]!
    if (timeNs < this.bucketEndNs) this.putHeap(record)
    else if (timeNs < this.bucketsEndNs) this.putBucket(record)
    else this.putFar(record)
  }

  private putBucket(record: number): void {
    const { heads } = this
    // Only the low bits of the bucket's number matter, so it may pass 2^31.
    const bucket = ((this.doubles[record << 2]! * this.perNs) | 0) & (heads.length - 1)
    this.words[(record << 3) | NEXT] = heads[bucket]!
    heads[bucket] = record
    this.inBuckets++
    this.elsewhere++
  }

  private putFar(record: number): void {
    const { doubles, words } = this
    this.far!.put((doubles[record << 2]! * this.halfTurnsPerNs) | 0, doubles, words, record)
    this.elsewhere++
    words[(record << 3) | NEXT] = this.free
    this.free = record
  }

  /** The list is full: it becomes the heap, until the heap is empty; or, the first time, buckets are laid out. */
  private putHeap(record: number): void {
    const { heap, doubles, words } = this
    if (heap.size === 0) {
      for (let place = this.listed - 1; place >= 0; place--) heap.push(words[LISTED + place]!, doubles)
      this.elsewhere += this.listed
      this.listed = 0
      this.listEndNs = Number.NEGATIVE_INFINITY
    }
    heap.push(record, doubles)
    this.elsewhere++
    if (this.heads.length === 1) this.layOut(0)
  }

  /** As `push` does it, where a call more doesn't matter. */
  private putListed(record: number): void {
    const { doubles, words } = this
    const time = doubles[record << 2]!
    let hole = this.listed++
    while (hole > 0) {
      const other = doubles[hole - 1]!
      if (other > time || (other === time && doubles[(words[LISTED + hole - 1]! << 2) | RANK]! > doubles[(record << 2) | RANK]!)) break
      doubles[hole] = other
      words[LISTED + hole] = words[LISTED + hole - 1]!
      hole--
    }
    doubles[hole] = time
    words[LISTED + hole] = record
  }

  private popHeap(): number {
    const record = this.heap.pop(this.doubles)
    this.elsewhere--
    if (this.heap.size === 0) this.listEndNs = this.bucketEndNs
    return record
  }

  /** Sees to it that the list or the heap holds the first event; false when none is pending. */
  private refill(): boolean {
    if (this.heap.size > 0) return true
    if (this.elsewhere === 0) return false
    if (this.found + this.passed / 4 > this.elsewhere + LIST) this.review()
    else if (this.elsewhere > this.sizeMost || this.elsewhere < this.sizeLeast) this.layOut(0)
    if (this.listed === 0 && this.heap.size === 0) this.openBucket()
    return true
  }

  /** Goes on to the next bucket that holds an event, and sorts it into the list. */
  private openBucket(): void {
    const { heads, widthNs } = this
    const mask = heads.length - 1
    let endNs = this.bucketEndNs
    let bucket = ((endNs * this.perNs) | 0) & mask
    let passed = 0
    while (heads[bucket] === 0 || (bucket & (mask >> 1)) === 0) {
      if ((bucket & (mask >> 1)) === 0) {
        if (passed > 4 * heads.length && this.inBuckets === 0) {
          this.layOut(0)
          return
        }
        this.bucketsEndNs = endNs + heads.length * widthNs
        this.bringNear()
        if (heads[bucket] !== 0) break
      }
      endNs += widthNs
      passed++
      bucket = (bucket + 1) & mask
    }
    this.bucketEndNs = endNs + widthNs
    this.listEndNs = this.bucketEndNs
    this.passed += passed + 1
    this.sortBucket(bucket)
  }

  private sortBucket(bucket: number): void {
    const { heads, words } = this
    let record = heads[bucket]!
    heads[bucket] = 0
    let found = 0
    while (record !== 0) {
      const next = words[(record << 3) | NEXT]!
      this.elsewhere--
      if (this.listed < LIST && this.heap.size === 0) this.putListed(record)
      else this.putHeap(record)
      found++
      record = next
    }
    this.inBuckets -= found
    this.found += found
  }

  /** Puts into buckets what is due in the half turn that `bucketsEndNs` now includes. */
  private bringNear(): void {
    const far = this.far!
    const halfTurn = (this.bucketsEndNs * this.halfTurnsPerNs - 1) | 0
    for (let end = far.open(halfTurn); end !== 0; end = far.giveBack(end)) {
      for (let from = far.startOf(end); from < end; from++) {
        const record = this.takeFree()
        const { doubles, words } = this
        copyRecord(far.doubles, far.words, from, doubles, words, record)
        this.elsewhere--
        if (doubles[record << 2]! < this.bucketsEndNs) this.putBucket(record)
        else this.putFar(record)
      }
    }
  }

  /** Corrects the width when buckets turn out too full or too empty. Asked after so many events that a new layout costs each a constant. */
  private review(): void {
    const perBucket = this.found / this.passed
    if (perBucket > 4 * PER_BUCKET || perBucket < PER_BUCKET / 4) this.layOut((this.widthNs * PER_BUCKET) / perBucket)
    this.found = 0
    this.passed = 0
  }

  /** Lays every event out anew, in buckets of this width or (0) of one that fits the times pending; in none when they are few. */
  private layOut(widthNs: number): void {
    const pending = this.columns()
    const { timesNs } = pending
    this.forget()
    if (timesNs.length > FEWEST_IN_BUCKETS) {
      let firstNs = Number.POSITIVE_INFINITY
      for (const timeNs of timesNs) if (timeNs < firstNs) firstNs = timeNs
      const layout = layOutBuckets(pending, firstNs, widthNs)
      this.far = new FarEvents()
      this.heads = new Int32Array(layout.buckets)
      this.widthNs = layout.widthNs
      this.perNs = 1 / layout.widthNs
      this.halfTurnsPerNs = (2 * this.perNs) / layout.buckets
      this.bucketEndNs = (Math.floor(firstNs * this.perNs) + 1) * layout.widthNs
      this.bucketsEndNs = (Math.floor(firstNs * this.halfTurnsPerNs) + 2) / this.halfTurnsPerNs
      this.listEndNs = this.bucketEndNs
      this.sizeLeast = timesNs.length / 8
      this.sizeMost = 4 * timesNs.length
    }
    for (let at = 0; at < timesNs.length; at++) this.putAgain(pending, at)
  }

  private putAgain(pending: EventColumns, at: number): void {
    const record = this.takeFree()
    const { doubles, words } = this
    doubles[record << 2] = pending.timesNs[at]!
    doubles[(record << 2) | RANK] = pending.ranks[at]!
    words[(record << 3) | KIND] = pending.kinds[at]!
    words[(record << 3) | ROW] = pending.rows[at]!
    words[(record << 3) | GENERATION] = pending.generations[at]!
    if (pending.timesNs[at]! < this.listEndNs && this.listed < LIST) this.putListed(record)
    else this.putElsewhere(record)
  }

  /** Every event pending. */
  private columns(): EventColumns {
    const { doubles, words, heap, heads, far } = this
    const columns = emptyColumns(this.size)
    let at = 0
    for (let place = 0; place < this.listed; place++) readRecord(columns, at++, doubles, words, words[LISTED + place]!)
    for (let place = 0; place < heap.size; place++) readRecord(columns, at++, doubles, words, heap.records[place]!)
    for (const head of heads) {
      for (let record = head; record !== 0; record = words[(record << 3) | NEXT]!) readRecord(columns, at++, doubles, words, record)
    }
    far?.readAll(columns, at)
    return columns
  }

  /** Empties everything; the records are free in the order in which they lie, so that few events stay in few cache lines. */
  private forget(): void {
    this.listed = 0
    this.elsewhere = 0
    this.inBuckets = 0
    this.heap.size = 0
    this.far = null
    this.heads = new Int32Array(1)
    this.listEndNs = Number.POSITIVE_INFINITY
    this.bucketEndNs = Number.POSITIVE_INFINITY
    this.bucketsEndNs = Number.POSITIVE_INFINITY
    this.passed = 0
    this.found = 0
    this.sizeLeast = 0
    this.sizeMost = Number.POSITIVE_INFINITY
    this.linkFree(FIRST_RECORD)
  }

  private linkFree(first: number): void {
    const { words } = this
    const end = words.length >> 3
    for (let record = first; record < end; record++) words[(record << 3) | NEXT] = record + 1 < end ? record + 1 : 0
    this.free = first
  }

  /** There is always a free record: whoever takes the last makes room for more. */
  private takeFree(): number {
    const record = this.free
    const next = this.words[(record << 3) | NEXT]!
    this.free = next === 0 ? this.grow(record) : next
    return record
  }

  /** Doubles the records, and links the new ones behind the last free one. @returns the first of them */
  private grow(lastFree: number): number {
    const { words } = this
    const buffer = new ArrayBuffer(8 * words.length)
    this.doubles = new Float64Array(buffer)
    this.words = new Int32Array(buffer)
    this.words.set(words)
    this.linkFree(words.length >> 3)
    this.words[(lastFree << 3) | NEXT] = this.free
    return this.free
  }
}
