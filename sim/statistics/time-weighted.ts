/**
 * The average over time of a number that stays as it is between events, such as customers in a queue or busy servers: each value counts as
 * long as it lasts (Law, "Simulation Modeling and Analysis", 5th edition, section 1.4.1). Nothing is allocated per change.
 */
export class TimeWeighted {
  /** The number as it is now, and the smallest and largest since the start. */
  // Each field begins as a number: one that is declared without a value begins as undefined, and V8 boxes every number put there later.
  value = 0
  min = 0
  max = 0
  /** Where the average starts, ns, and how far the area is added up. */
  startNs = 0
  private upToNs = 0
  private area = 0

  constructor(nowNs = 0, value = 0) {
    this.startNs = nowNs
    this.upToNs = nowNs
    this.value = value
    this.min = value
    this.max = value
  }

  /** @throws RangeError for a time before the last change */
  set(nowNs: number, value: number): void {
    if (!(nowNs >= this.upToNs)) throw backwards(nowNs, this.upToNs)
    this.area += this.value * (nowNs - this.upToNs)
    this.upToNs = nowNs
    this.value = value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
  }

  /** The number changes by so much: +1 for an arrival, -1 for a departure. */
  change(nowNs: number, by: number): void {
    this.set(nowNs, this.value + by)
  }

  /** Integral of the number over time since the start. */
  areaNs(nowNs: number): number {
    if (!(nowNs >= this.upToNs)) throw backwards(nowNs, this.upToNs)
    return this.area + this.value * (nowNs - this.upToNs)
  }

  /** NaN while no time has passed. */
  mean(nowNs: number): number {
    return this.areaNs(nowNs) / (nowNs - this.startNs)
  }

  /** Forgets what was, as at the end of a warm-up; the number stays as it is. */
  restart(nowNs: number): void {
    this.set(nowNs, this.value)
    this.area = 0
    this.startNs = nowNs
    this.min = this.value
    this.max = this.value
  }
}

function backwards(nowNs: number, upToNs: number): RangeError {
  return new RangeError(`time-weighted average: it can't be ${nowNs} ns, the last change was at ${upToNs} ns`)
}
