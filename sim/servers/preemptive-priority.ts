/**
 * One server that always works for the most urgent customer: whoever comes with a smaller class number takes the server at once, and who was
 * interrupted goes on later where it was (preemptive resume); within a class, first come, first served. An interruption makes the event that
 * would have ended the service stale: `complete` says so.
 */
import { EventQueue } from '../event-queue.js'
import { NOBODY } from './nobody.js'

export class PreemptivePriorityServer {
  /** Customer in service, its class, and when it will be done, ns. */
  private row = NOBODY
  private of = 0
  private doneNs = 0
  private generation = 0
  /** Who waits, ordered by class, then by arrival: an interrupted customer stands where it stood. Its times are those orders, not times. */
  private readonly waiting = new EventQueue()
  private leftNs = new Float64Array(16)
  private order = 0
  private rowOrder = new Float64Array(16)

  /** @param kind of the event that ends a service */
  constructor(
    private readonly queue: EventQueue,
    private readonly kind: number,
  ) {}

  /** Customers waiting, the interrupted ones included. */
  get waitingCount(): number {
    return this.waiting.size
  }

  /** Row in service, or NOBODY. */
  get serving(): number {
    return this.row
  }

  /** Service that a customer who is inside has yet to get, ns. */
  remainingNs(row: number): number {
    return row === this.row ? this.doneNs - this.queue.timeNs : this.leftNs[row]!
  }

  /** @param of class, a whole number from 0 (the most urgent) to 511 */
  offer(row: number, of: number, serviceNs: number): void {
    while (row >= this.leftNs.length) this.grow()
    this.leftNs[row] = serviceNs
    this.rowOrder[row] = this.order++
    if (this.row === NOBODY) this.start(row, of)
    else if (of < this.of) {
      this.leftNs[this.row] = this.doneNs - this.queue.timeNs
      this.wait(this.row, this.of)
      this.start(row, of)
    } else this.wait(row, of)
  }

  /** Called by the handler of the event; true when the customer's service has ended, false when the event was stale. */
  complete(generation: number): boolean {
    if (generation !== this.generation) return false
    this.row = NOBODY
    if (this.waiting.pop()) {
      const { row, generation: of } = this.waiting
      this.start(row, of)
    }
    return true
  }

  private start(row: number, of: number): void {
    this.row = row
    this.of = of
    this.doneNs = this.queue.timeNs + this.leftNs[row]!
    this.generation = (this.generation + 1) | 0
    this.queue.push(this.doneNs, 0, this.kind, row, this.generation)
  }

  /** The queue's order (time, priority, sequence) at a standing clock is class, then arrival. */
  private wait(row: number, of: number): void {
    this.waiting.pushInPlace(this.rowOrder[row]!, 0, of - 256, 0, row, of)
  }

  private grow(): void {
    const left = new Float64Array(2 * this.leftNs.length)
    left.set(this.leftNs)
    this.leftNs = left
    const order = new Float64Array(2 * this.rowOrder.length)
    order.set(this.rowOrder)
    this.rowOrder = order
  }
}
