/** A parsed experiment: every key checked, every default written out, every value in base units. */
import type { Scenario } from '../models/topology/scenario.js'
import type { ExperimentError } from './schema/errors.js'

export interface StopRule {
  readonly replications: number
  /** Messages counted in each replication, after the warm-up. */
  readonly messages: number
  /** Add replications until the chance half-width of `statistic` is at most `relative` of it; null: never add. */
  readonly halfWidth: { readonly relative: number; readonly statistic: string } | null
  readonly atMost: number
}

export type FigureName =
  | 'latency-by-size'
  | 'latency-cdf'
  | 'latency-tail'
  | 'latency-load'
  | 'throughput'
  | 'stage-breakdown'
  | 'stage-waterfall'
  | 'processor-time'
  | 'timeline'
  | 'validation'
  | 'residuals'
  | 'ranks'
  | 'published'
  | 'sensitivity'

/** A swept key's value in base units: what `Row.point` holds. */
export type PointValue = string | number | boolean

/** One point of the sweep, with the scenario that results there. */
export interface Point {
  /** Swept keys, sorted. */
  readonly values: Readonly<Record<string, PointValue>>
  /** `values` as canonical JSON: the row's `point`. */
  readonly id: string
  readonly model: string
  readonly scenario: Scenario
}

/** A default that stands in for a key that the file does not write; `explain` prints each. */
export interface DefaultInForce {
  /** Key of the document, `containers.client.policy`. */
  readonly path: string
  readonly value: string
  readonly meaning: string
  /** Network models in which it is in force; null where that is all of them. */
  readonly models: readonly string[] | null
}

export interface Experiment {
  readonly name: string
  /** The question in the file's opening comment. */
  readonly question: string
  readonly profile: string | null
  readonly seed: number
  readonly stop: StopRule
  readonly baseline: string | null
  readonly report: readonly FigureName[]
  /** Names of the network models, in file order; a file without models has one, called `base`. */
  readonly models: readonly string[]
  /** Every point, in sweep order (first key slowest). */
  readonly points: readonly Point[]
  readonly defaults: readonly DefaultInForce[]
  /** What to look at before trusting the numbers, at its place in the file: no mistakes, but nobody means them. */
  readonly warnings?: readonly ExperimentError[]
}
