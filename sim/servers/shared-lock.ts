/**
 * A lock that one holds alone or many share, granted in the order of asking (so that neither kind starves): who asks for a share waits behind
 * anybody who waits. It has no time of its own: `acquire` says whether the lock is held at once, and a `release` tells, row by row, who holds it now.
 */
export class SharedLock {
  /** Who shares it now; and 1 while somebody holds it alone. */
  shares = 0
  exclusive = 0
  waiting = 0
  private head = 0
  private rows = new Int32Array(16)
  private alone = new Uint8Array(16)

  /** @param granted called with the row of everybody who had to wait and now holds the lock */
  constructor(private readonly granted: (row: number) => void) {}

  /** True when the lock is held at once; false when `granted` will say. */
  acquire(row: number, alone: boolean): boolean {
    if (this.waiting === 0 && this.isFree(alone)) {
      this.hold(alone)
      return true
    }
    if (this.waiting === this.rows.length) this.grow()
    const place = (this.head + this.waiting++) & (this.rows.length - 1)
    this.rows[place] = row
    this.alone[place] = alone ? 1 : 0
    return false
  }

  /** @throws RangeError when the lock isn't held so */
  release(alone: boolean): void {
    if (alone ? this.exclusive === 0 : this.shares === 0) throw new RangeError(`lock: nobody holds it ${alone ? 'alone' : 'with others'}`)
    if (alone) this.exclusive = 0
    else this.shares--
    while (this.waiting > 0 && this.isFree(this.alone[this.head] === 1)) {
      const place = this.head
      this.head = (place + 1) & (this.rows.length - 1)
      this.waiting--
      this.hold(this.alone[place] === 1)
      this.granted(this.rows[place]!)
    }
  }

  private isFree(alone: boolean): boolean {
    return this.exclusive === 0 && (!alone || this.shares === 0)
  }

  private hold(alone: boolean): void {
    if (alone) this.exclusive = 1
    else this.shares++
  }

  private grow(): void {
    const { rows, alone, head } = this
    const length = rows.length
    this.rows = new Int32Array(2 * length)
    this.alone = new Uint8Array(2 * length)
    for (let i = 0; i < length; i++) {
      this.rows[i] = rows[(head + i) & (length - 1)]!
      this.alone[i] = alone[(head + i) & (length - 1)]!
    }
    this.head = 0
  }
}
