/**
 * An oracle: a system whose truth is known on paper, and the same system on the kernel. It says how far the kernel, its random numbers and
 * its statistics can be trusted, on the machine and engine that run it.
 */
import type { LawCheck } from '../statistics/index.js'

/** Something that theory knows exactly. */
export interface Quantity {
  readonly name: string
  readonly unit: 'ms' | 'customers' | 'share' | 'ratio' | '/s'
  readonly truth: number
}

/** What one replication yields. */
export interface Observation {
  /** One value a quantity, in its unit. */
  readonly values: readonly number[]
  /** Laws that must hold on this very run. */
  readonly laws: readonly LawCheck[]
  readonly events: number
}

export interface Oracle {
  readonly name: string
  /** The system in words: load, discipline, distributions. */
  readonly system: string
  /** Where the truth is written. */
  readonly source: string
  readonly quantities: readonly Quantity[]
  /**
   * @param customers how many count, after a warm-up of a tenth of them
   * @returns the same for the same seed, replication and customers
   */
  readonly replicate: (seed: number, replication: number, customers: number) => Observation
}
