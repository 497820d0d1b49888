/**
 * Timers that are mostly cancelled or put off: one a row (a connection, a request), each at most once in the queue. Cancelling leaves the
 * event where it stands; setting the timer again for a later time uses it, and when it leaves the queue it is pushed on to the time that
 * holds then. So a timer that is set and cancelled a million times costs a few stores each, and the queue doesn't fill with the dead.
 *
 *     const patience = new Timers(queue, GIVES_UP, customers)
 *     patience.set(customer, queue.timeNs + 5e9)
 *     patience.cancel(customer)
 *     // in the handler of GIVES_UP, first:
 *     if (!patience.fires(row, generation)) return
 *
 * A timer that fires stands among equal times where `set` put it, however often its event was moved.
 */
import type { EventQueue } from './event-queue.js'
import { refusedTime } from './messages.js'

const UNSET = Number.POSITIVE_INFINITY

export class Timers {
  /** When each row's timer fires, and when its event leaves the queue; Infinity for none. */
  private readonly dueNs: Float64Array
  private readonly pendingNs: Float64Array
  /** Place of the timer among equal times. */
  private readonly sequence: Float64Array
  /** Of the event in the queue: an older event of the row is dead. */
  private readonly generation: Int32Array

  /** @param rows how many timers; @param kind, priority of their events */
  constructor(
    private readonly queue: EventQueue,
    private readonly kind: number,
    rows: number,
    private readonly priority = 0,
  ) {
    this.dueNs = new Float64Array(rows).fill(UNSET)
    this.pendingNs = new Float64Array(rows).fill(UNSET)
    this.sequence = new Float64Array(rows)
    this.generation = new Int32Array(rows)
  }

  /** Sets a row's timer, or moves it. @throws RangeError for a time that the queue refuses */
  set(row: number, timeNs: number): void {
    const { queue } = this
    if (!(timeNs >= queue.timeNs && timeNs <= Number.MAX_SAFE_INTEGER)) throw refusedTime(timeNs, queue.timeNs, this.kind, row)
    this.dueNs[row] = timeNs
    this.sequence[row] = queue.takeSequence()
    // An event at this very time stands at the place of an earlier call: it would fire too early among its equals.
    if (this.pendingNs[row]! >= timeNs) this.push(row)
  }

  /** Nothing happens when the timer isn't set. */
  cancel(row: number): void {
    this.dueNs[row] = UNSET
  }

  /** When the row's timer fires, ns; Infinity when it isn't set. */
  dueAtNs(row: number): number {
    return this.dueNs[row]!
  }

  /** Whether the event that the handler was called with is the timer that fires: false when it was cancelled or put off. */
  fires(row: number, generation: number): boolean {
    if (generation !== this.generation[row]) return false
    this.pendingNs[row] = UNSET
    const dueNs = this.dueNs[row]!
    if (dueNs === UNSET) return false
    // An event that was moved to its time is pushed again at its place; one that stands at its place fires.
    if (dueNs > this.queue.timeNs) {
      this.push(row)
      return false
    }
    this.dueNs[row] = UNSET
    return true
  }

  private push(row: number): void {
    const dueNs = this.dueNs[row]!
    const generation = (this.generation[row]! + 1) | 0
    this.generation[row] = generation
    this.pendingNs[row] = dueNs
    this.queue.pushInPlace(this.sequence[row]!, dueNs, this.priority, this.kind, row, generation)
  }
}
