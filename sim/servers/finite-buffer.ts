/** A buffer with room for so much (packets, or bytes): what doesn't fit is lost and counted (drop tail). It holds sizes only: who stands where is its user's. */
export class FiniteBuffer {
  /** Filled now, and the most that ever was. */
  filled = 0
  peak = 0
  /** What came in and what was lost, in number and in size. */
  taken = 0
  takenSize = 0
  lost = 0
  lostSize = 0

  constructor(readonly capacity: number) {
    if (!(capacity >= 0)) throw new RangeError(`buffer: the capacity must be 0 or more, got ${capacity}`)
  }

  /** False when it doesn't fit. */
  enter(size = 1): boolean {
    if (this.filled + size > this.capacity) {
      this.lost++
      this.lostSize += size
      return false
    }
    this.filled += size
    this.taken++
    this.takenSize += size
    if (this.filled > this.peak) this.peak = this.filled
    return true
  }

  /** @throws RangeError when more leaves than is there */
  leave(size = 1): void {
    if (!(size <= this.filled)) throw new RangeError(`buffer: ${size} can't leave, ${this.filled} are there`)
    this.filled -= size
  }
}
