/**
 * One server that gives everybody in turn a quantum: whoever needs more goes to the end of the line, whoever is done leaves at once and the
 * next one starts. An event of the kind given ends each turn; its handler calls `turnEnds`.
 */
import type { EventQueue } from '../event-queue.js'

export class RoundRobinServer {
  /** Customers inside, the one in service included: a ring that starts at `head`, where the one in service stands. */
  size = 0
  private head = 0
  private rows = new Int32Array(16)
  private leftNs = new Float64Array(16)

  /** @param kind of the event that ends a turn @param quantumNs the longest turn */
  constructor(
    private readonly queue: EventQueue,
    private readonly kind: number,
    readonly quantumNs: number,
  ) {
    if (!(quantumNs > 0)) throw new RangeError(`round robin: the quantum must be more than 0 ns, got ${quantumNs}`)
  }

  offer(row: number, serviceNs: number): void {
    this.append(row, serviceNs)
    if (this.size === 1) this.startTurn()
  }

  /** Called by the handler of the event; true when the event's customer is done. */
  turnEnds(): boolean {
    const place = this.head
    const leftNs = this.leftNs[place]! - this.quantumNs
    const row = this.rows[place]!
    this.head = (place + 1) & (this.rows.length - 1)
    this.size--
    if (leftNs > 0) this.append(row, leftNs)
    if (this.size > 0) this.startTurn()
    return leftNs <= 0
  }

  private startTurn(): void {
    const leftNs = this.leftNs[this.head]!
    const turnNs = Math.min(leftNs, this.quantumNs)
    this.queue.push(this.queue.timeNs + turnNs, 0, this.kind, this.rows[this.head]!)
  }

  private append(row: number, leftNs: number): void {
    if (this.size === this.rows.length) this.grow()
    const place = (this.head + this.size++) & (this.rows.length - 1)
    this.rows[place] = row
    this.leftNs[place] = leftNs
  }

  private grow(): void {
    const { rows, leftNs, head } = this
    const length = rows.length
    this.rows = new Int32Array(2 * length)
    this.leftNs = new Float64Array(2 * length)
    for (let i = 0; i < length; i++) {
      this.rows[i] = rows[(head + i) & (length - 1)]!
      this.leftNs[i] = leftNs[(head + i) & (length - 1)]!
    }
    this.head = 0
  }
}
