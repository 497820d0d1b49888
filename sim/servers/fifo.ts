/**
 * First come, first served, by one or more equal servers. Whoever comes while all are busy waits in a ring that grows by doubling.
 * The completion is an event of the kind given, with the customer's row; its handler calls `complete`.
 */
import type { EventQueue } from '../event-queue.js'
import { NOBODY } from './nobody.js'

export class FifoServer {
  /** Customers in service, and waiting. */
  busy = 0
  waiting = 0
  private head = 0
  private rows = new Int32Array(16)
  private servicesNs = new Float64Array(16)

  /** @param kind of the event that ends a service */
  constructor(
    private readonly queue: EventQueue,
    private readonly kind: number,
    readonly servers = 1,
  ) {}

  /** A customer comes who needs this much service, ns. @returns whether it starts at once */
  offer(row: number, serviceNs: number): boolean {
    if (this.busy < this.servers) {
      this.busy++
      this.queue.push(this.queue.timeNs + serviceNs, 0, this.kind, row)
      return true
    }
    if (this.waiting === this.rows.length) this.grow()
    const place = (this.head + this.waiting++) & (this.rows.length - 1)
    this.rows[place] = row
    this.servicesNs[place] = serviceNs
    return false
  }

  /** A service has ended: the next one starts. @returns its row, or NOBODY */
  complete(): number {
    if (this.waiting === 0) {
      this.busy--
      return NOBODY
    }
    const place = this.head
    this.head = (place + 1) & (this.rows.length - 1)
    this.waiting--
    const row = this.rows[place]!
    this.queue.push(this.queue.timeNs + this.servicesNs[place]!, 0, this.kind, row)
    return row
  }

  private grow(): void {
    const { rows, servicesNs, head } = this
    const length = rows.length
    this.rows = new Int32Array(2 * length)
    this.servicesNs = new Float64Array(2 * length)
    for (let i = 0; i < length; i++) {
      this.rows[i] = rows[(head + i) & (length - 1)]!
      this.servicesNs[i] = servicesNs[(head + i) & (length - 1)]!
    }
    this.head = 0
  }
}
