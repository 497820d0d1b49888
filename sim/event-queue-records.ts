/**
 * An event's record: 32 bytes, half a cache line, wherever it lies. Two views of one buffer read it: its doubles are its time (first)
 * and its rank, its words the rest.
 */

/** From `record << 2`, among the doubles: priority * 2^44 + sequence, which orders events of one time. */
export const RANK = 1
/** From `record << 3`, among the words. */
export const KIND = 4
export const ROW = 5
export const GENERATION = 6
/** The next record of the list in which this one stands; 0 ends a list. */
export const NEXT = 7

/** Events as columns, in no order: how they are taken out when they are laid out anew or saved. */
export interface EventColumns {
  readonly timesNs: Float64Array
  readonly ranks: Float64Array
  readonly kinds: Int32Array
  readonly rows: Int32Array
  readonly generations: Int32Array
}

export function emptyColumns(size: number): EventColumns {
  return {
    timesNs: new Float64Array(size),
    ranks: new Float64Array(size),
    kinds: new Int32Array(size),
    rows: new Int32Array(size),
    generations: new Int32Array(size),
  }
}

export function readRecord(columns: EventColumns, at: number, doubles: Float64Array, words: Int32Array, record: number): void {
  columns.timesNs[at] = doubles[record << 2]!
  columns.ranks[at] = doubles[(record << 2) | RANK]!
  columns.kinds[at] = words[(record << 3) | KIND]!
  columns.rows[at] = words[(record << 3) | ROW]!
  columns.generations[at] = words[(record << 3) | GENERATION]!
}

/** Copies everything but the link from one buffer to another. */
export function copyRecord(
  fromDoubles: Float64Array,
  fromWords: Int32Array,
  from: number,
  toDoubles: Float64Array,
  toWords: Int32Array,
  to: number,
): void {
  toDoubles[to << 2] = fromDoubles[from << 2]!
  toDoubles[(to << 2) | RANK] = fromDoubles[(from << 2) | RANK]!
  toWords[(to << 3) | KIND] = fromWords[(from << 3) | KIND]!
  toWords[(to << 3) | ROW] = fromWords[(from << 3) | ROW]!
  toWords[(to << 3) | GENERATION] = fromWords[(from << 3) | GENERATION]!
}
