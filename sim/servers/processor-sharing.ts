/**
 * Everybody is served at once, each at an equal share. A virtual clock runs at the speed of one share: a customer is done when it has advanced
 * by the customer's service, so the order of leaving is known on arrival and a change of the number inside costs O(log n)
 * (the idea of generalized processor sharing's virtual time: Parekh and Gallager, IEEE/ACM Trans. Networking 1(3), 1993).
 */
import { EventQueue } from '../event-queue.js'

export class ProcessorSharingServer {
  /** Who is inside, by the virtual time at which each is done, ns. */
  private readonly inside = new EventQueue()
  private virtualNs = 0
  /** The virtual times of `inside`, added up. */
  private dueNs = 0
  private upToNs = 0
  private generation = 0

  /** @param kind of the event that ends a service */
  constructor(
    private readonly queue: EventQueue,
    private readonly kind: number,
  ) {}

  /** Customers in service. */
  get size(): number {
    return this.inside.size
  }

  /** Service that all who are inside have yet to get, ns. */
  remainingNs(): number {
    return this.dueNs - this.size * this.virtualNow()
  }

  /** A customer comes who needs this much service, ns, when alone. */
  offer(row: number, serviceNs: number): void {
    this.advance()
    const dueNs = this.virtualNs + serviceNs
    this.dueNs += dueNs
    this.inside.push(dueNs, 0, 0, row)
    this.schedule()
  }

  /** Called by the handler of the event; true when the event's customer has left, false when the event was stale. */
  complete(generation: number): boolean {
    if (generation !== this.generation) return false
    this.advance()
    this.inside.pop()
    // Who leaves leaves now, whatever rounding says.
    this.virtualNs = this.inside.timeNs
    this.dueNs = this.size === 0 ? 0 : this.dueNs - this.virtualNs
    this.schedule()
    return true
  }

  private advance(): void {
    this.virtualNs = this.virtualNow()
    this.upToNs = this.queue.timeNs
  }

  private virtualNow(): number {
    if (this.size === 0) return this.virtualNs
    return Math.min(this.virtualNs + (this.queue.timeNs - this.upToNs) / this.size, this.inside.peekTimeNs())
  }

  private schedule(): void {
    this.generation = (this.generation + 1) | 0
    if (this.inside.size === 0) return
    const remainingNs = (this.inside.peekTimeNs() - this.virtualNs) * this.inside.size
    this.queue.push(this.queue.timeNs + remainingNs, 0, this.kind, this.inside.peekRow(), this.generation)
  }
}
