/**
 * A link that sends one thing after the other at a rate, and delivers it a delay later: it needs no event of its own, only the time at which it
 * is free again. The event of the kind given is the arrival at the far end.
 */
import type { EventQueue } from '../event-queue.js'

export class RateLimitedLink {
  /** When the last bit of what was sent so far leaves, ns (with its fraction: rounding each one would change the rate). */
  freeNs = 0
  private readonly nsPerByte: number

  /** @param rateBps bits per second @param kind of the event at the far end */
  constructor(
    private readonly queue: EventQueue,
    private readonly kind: number,
    readonly rateBps: number,
    readonly delayNs: number,
  ) {
    if (!(rateBps > 0)) throw new RangeError(`link: the rate must be more than 0 bit/s, got ${rateBps}`)
    this.nsPerByte = 8e9 / rateBps
  }

  /** Time until what is sent now could begin to leave, ns. */
  get waitNs(): number {
    const waitNs = this.freeNs - this.queue.timeNs
    return Math.max(waitNs, 0)
  }

  send(row: number, bytes: number): void {
    const nowNs = this.queue.timeNs
    this.freeNs = Math.max(this.freeNs, nowNs) + bytes * this.nsPerByte
    this.queue.push(Math.round(this.freeNs + this.delayNs), 0, this.kind, row)
  }
}
