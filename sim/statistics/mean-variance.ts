import { requireValues, type Sample } from './sample.js'

/**
 * Mean and variance of a sequence, updated value by value without a sum of squares
 * (Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4(3), 1962).
 */
export class MeanVariance {
  count = 0
  mean = 0
  private squares = 0

  add(value: number): void {
    const before = value - this.mean
    this.mean += before / ++this.count
    this.squares += before * (value - this.mean)
  }

  /** Forgets every value, as at the end of a warm-up. */
  clear(): void {
    this.count = 0
    this.mean = 0
    this.squares = 0
  }

  /** Takes in another sequence (Chan, Golub and LeVeque, The American Statistician 37(3), 1983, equation 2.1). */
  merge(other: MeanVariance): void {
    if (other.count === 0) return
    const count = this.count + other.count
    const difference = other.mean - this.mean
    this.squares += other.squares + (difference * difference * this.count * other.count) / count
    this.mean += (difference * other.count) / count
    this.count = count
  }

  /** Unbiased variance; NaN below two values. */
  get variance(): number {
    return this.count < 2 ? Number.NaN : this.squares / (this.count - 1)
  }

  get standardDeviation(): number {
    return Math.sqrt(this.variance)
  }
}

/** @throws RangeError for an empty sample */
export function meanVariance(values: Sample): MeanVariance {
  requireValues('mean and variance', values, 1)
  const moments = new MeanVariance()
  for (let i = 0; i < values.length; i++) moments.add(values[i]!)
  return moments
}

/** @throws RangeError for an empty sample */
export function mean(values: Sample): number {
  return meanVariance(values).mean
}
