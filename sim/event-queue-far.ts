/**
 * Events of the far future, roughly by time: a ring of wide buckets, each a list of blocks in which records lie side by side, so that a
 * million of them are written and read in order, and not each at a place of its own in memory (at 10^6 pending events that is half of the
 * time). A bucket holds what is due in its span in any turn of the ring; what is not due yet when its span comes is placed again.
 */
import { copyRecord, type EventColumns, readRecord } from './event-queue-records.js'

const BUCKETS = 1024
/** Records in a block: 2^6, 2 KiB. */
const BLOCK_BITS = 6
const BLOCK = 1 << BLOCK_BITS

export class FarEvents {
  size = 0
  /** Blocks of records; block 0 is nobody's. */
  doubles = new Float64Array(4 * BLOCK)
  words = new Int32Array(this.doubles.buffer)
  /** Where each bucket's next record goes: 0 in an empty bucket, the end of its last block when that one is full. */
  private readonly ends = new Int32Array(BUCKETS)
  /** The block before this one in its bucket or in the list of free blocks; 0 when there is none. */
  private before = new Int32Array(1)
  private free = 0

  /** Copies an event that is due in this span (a whole number). */
  put(span: number, doubles: Float64Array, words: Int32Array, record: number): void {
    const bucket = span & (BUCKETS - 1)
    let end = this.ends[bucket]!
    if ((end & (BLOCK - 1)) === 0) end = this.startBlock(end)
    this.ends[bucket] = end + 1
    this.size++
    copyRecord(doubles, words, record, this.doubles, this.words, end)
  }

  /** Empties the bucket of this span: the end of its last block, or 0. The caller reads [startOf(end), end), then gives the block back. */
  open(span: number): number {
    const bucket = span & (BUCKETS - 1)
    const end = this.ends[bucket]!
    this.ends[bucket] = 0
    return end
  }

  /** The first record of the block that ends here. */
  startOf(end: number): number {
    return (end - 1) & -BLOCK
  }

  /** Gives back the block that ends here. @returns the end of the one before it, or 0 */
  giveBack(end: number): number {
    const block = (end - 1) >> BLOCK_BITS
    const before = this.before[block]!
    this.size -= end - this.startOf(end)
    this.before[block] = this.free
    this.free = block
    return before === 0 ? 0 : (before + 1) << BLOCK_BITS
  }

  /** Reads every event into the columns from `at` on. */
  readAll(columns: EventColumns, at: number): void {
    let next = at
    for (const bucketEnd of this.ends) {
      for (let end = bucketEnd; end !== 0; end = this.endBefore(end)) {
        for (let record = this.startOf(end); record < end; record++) readRecord(columns, next++, this.doubles, this.words, record)
      }
    }
  }

  private endBefore(end: number): number {
    const before = this.before[(end - 1) >> BLOCK_BITS]!
    return before === 0 ? 0 : (before + 1) << BLOCK_BITS
  }

  /** A free block behind the full one that ends here (0: none). @returns its first record */
  private startBlock(end: number): number {
    if (this.free === 0) this.grow()
    const block = this.free
    this.free = this.before[block]!
    this.before[block] = end === 0 ? 0 : (end - 1) >> BLOCK_BITS
    return block << BLOCK_BITS
  }

  private grow(): void {
    const { words, before } = this
    const blocks = before.length
    this.doubles = new Float64Array(2 * this.doubles.length)
    this.words = new Int32Array(this.doubles.buffer)
    this.words.set(words)
    this.before = new Int32Array(2 * blocks)
    this.before.set(before)
    for (let block = blocks; block < 2 * blocks - 1; block++) this.before[block] = block + 1
    this.free = blocks
  }
}
