/**
 * A mergeable histogram of latencies in whole nanoseconds, log-linear: exact below 2048 ns, and above it 1024 equal buckets for each
 * power of two, so that a value is known to a part in 1024 (three significant digits) from 1 ns to 2^53 ns.
 * Buckets and quantiles are those of HdrHistogram (Tene) with three digits and unit 1; the merge of two sketches is the sketch of both data.
 */
import { notAProbability, tooFewValues } from '../messages.js'

const HALF = 1024
const FULL = 2 * HALF
const SCHEMA = 'hdr3'

export class LatencySketch {
  /** Values recorded. */
  count = 0
  /** Smallest and largest value recorded, ns, exact; Infinity and 0 when empty. */
  minNs = Number.POSITIVE_INFINITY
  maxNs = 0
  private counts = new Float64Array(FULL)

  /** @param valueNs 0 to 2^53 - 1; a fraction is dropped */
  record(valueNs: number, times = 1): void {
    if (!(valueNs >= 0 && valueNs <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`latency sketch: can't record ${valueNs} ns`)
    const whole = Math.floor(valueNs)
    this.add(bucketOf(whole), times)
    if (whole < this.minNs) this.minNs = whole
    if (whole > this.maxNs) this.maxNs = whole
  }

  /**
   * Records a value and those that were missed while it lasted, an interval apart: for a closed loop that should have sent one each interval and
   * waited instead (HdrHistogram's recordValueWithExpectedInterval). An open loop that counts from the intended send time needs none of it.
   */
  recordCorrected(valueNs: number, intervalNs: number): void {
    if (!(intervalNs > 0)) throw new RangeError(`latency sketch: the interval must be positive, got ${intervalNs} ns`)
    this.record(valueNs)
    for (let missedNs = valueNs - intervalNs; missedNs >= intervalNs; missedNs -= intervalNs) this.record(missedNs)
  }

  merge(other: LatencySketch): void {
    for (let bucket = 0; bucket < other.counts.length; bucket++) if (other.counts[bucket]! > 0) this.add(bucket, other.counts[bucket]!)
    this.minNs = Math.min(this.minNs, other.minNs)
    this.maxNs = Math.max(this.maxNs, other.maxNs)
  }

  /**
   * The largest value of the bucket in which the first p of the values end, as HdrHistogram's getValueAtPercentile.
   * @throws RangeError for an empty sketch
   */
  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw notAProbability('quantile', p)
    if (this.count === 0) throw tooFewValues('quantile of a latency sketch', 1, 0)
    // A product that rounding left just above a whole number must not skip a value.
    const wanted = Math.max(1, Math.ceil(p * this.count * (1 - Number.EPSILON)))
    let seen = 0
    let bucket = 0
    while (bucket < this.counts.length - 1) {
      seen += this.counts[bucket]!
      if (seen >= wanted) break
      bucket++
    }
    return p === 0 ? lowestOf(bucket) : lowestOf(bucket + 1) - 1
  }

  /** Mean, each value taken as the middle of its bucket; NaN when empty. */
  mean(): number {
    let sum = 0
    for (const { lowNs, highNs, count } of this.buckets()) sum += middleOf(lowNs, highNs) * count
    return sum / this.count
  }

  /** Standard deviation of the values recorded (over their count, as HdrHistogram has it), from the same middles; NaN when empty. */
  standardDeviation(): number {
    const mean = this.mean()
    let squares = 0
    for (const { lowNs, highNs, count } of this.buckets()) squares += (middleOf(lowNs, highNs) - mean) ** 2 * count
    return Math.sqrt(squares / this.count)
  }

  /** The buckets that hold anything, ascending: values from `lowNs` to below `highNs`. */
  *buckets(): Generator<{ readonly lowNs: number; readonly highNs: number; readonly count: number }> {
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      const count = this.counts[bucket]!
      if (count > 0) yield { lowNs: lowestOf(bucket), highNs: lowestOf(bucket + 1), count }
    }
  }

  /** One word of text: `hdr3:MIN:MAX:` and, comma-separated, the step from the last filled bucket and (unless 1) its count, in base 36. */
  encode(): string {
    const cells: string[] = []
    let last = 0
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      const count = this.counts[bucket]!
      if (count === 0) continue
      cells.push(count === 1 ? (bucket - last).toString(36) : `${(bucket - last).toString(36)}.${count.toString(36)}`)
      last = bucket
    }
    return this.count === 0 ? `${SCHEMA}:::` : `${SCHEMA}:${this.minNs.toString(36)}:${this.maxNs.toString(36)}:${cells.join(',')}`
  }

  /** @throws RangeError for a text that `encode` can't have made, quoting it */
  static decode(text: string): LatencySketch {
    const sketch = new LatencySketch()
    const [schema, min, max, cells, ...rest] = text.split(':')
    if (schema !== SCHEMA || min === undefined || max === undefined || cells === undefined || rest.length > 0) throw undecodable(text, text)
    if (cells === '') return sketch
    let bucket = 0
    for (const cell of cells.split(',')) {
      const [step, count] = cell.split('.')
      bucket += fromBase36(step!, text)
      if (bucket > bucketOf(Number.MAX_SAFE_INTEGER)) throw undecodable(text, cell)
      sketch.add(bucket, count === undefined ? 1 : fromBase36(count, text))
    }
    sketch.minNs = fromBase36(min, text)
    sketch.maxNs = fromBase36(max, text)
    return sketch
  }

  private add(bucket: number, times: number): void {
    if (bucket >= this.counts.length) {
      const grown = new Float64Array(HALF * Math.ceil((bucket + 1) / HALF))
      grown.set(this.counts)
      this.counts = grown
    }
    this.counts[bucket]! += times
    this.count += times
  }
}

/** Values below 2048 have a bucket of their own; one with its top bit e places higher is divided by 2^e, which leaves 1024 to 2047. */
function bucketOf(wholeNs: number): number {
  if (wholeNs < FULL) return wholeNs
  const topBit = wholeNs < 2 ** 32 ? 31 - Math.clz32(wholeNs) : 63 - Math.clz32(wholeNs / 2 ** 32)
  const e = topBit - 10
  return e * HALF + Math.floor(wholeNs / 2 ** e)
}

function lowestOf(bucket: number): number {
  if (bucket < FULL) return bucket
  const e = Math.floor(bucket / HALF) - 1
  return (bucket - e * HALF) * 2 ** e
}

/** HdrHistogram's median-equivalent value. */
function middleOf(lowNs: number, highNs: number): number {
  return lowNs + Math.floor((highNs - lowNs) / 2)
}

function fromBase36(digits: string, text: string): number {
  const value = /^[0-9a-z]+$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN
  if (!Number.isSafeInteger(value)) throw undecodable(text, digits)
  return value
}

function undecodable(text: string, at: string): RangeError {
  return new RangeError(`latency sketch: can't decode "${at.slice(0, 40)}" in "${text.slice(0, 40)}"`)
}
