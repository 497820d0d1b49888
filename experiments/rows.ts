/**
 * The row: one schema for what was simulated, measured or published, so that a validation is a join.
 * FORMATS names the columns; this module is their only definition. It runs in a browser as it is.
 */

/** FORMATS' metrics, and `call-duration`: what one system call of a calibration probe takes, ns. */
export type Metric = 'latency' | 'response-time' | 'throughput' | 'rate' | 'cpu-per-message' | 'start-up' | 'call-duration'

/** What a message takes: half of its round trip, or (open loop) the time from when it was to be sent; or what a container's start takes. A flow has one of them. */
export function isMessageTime(metric: Metric): boolean {
  return metric === 'latency' || metric === 'response-time' || metric === 'start-up'
}

/** What is better when it is more; a time is when it is less. */
export function isMoreBetter(metric: Metric | null): boolean {
  return metric === 'throughput' || metric === 'rate'
}

/** The statistic of one step of a start or a connection: `p50 of namespace`. */
export function medianOfStep(step: string): string {
  return `p50 of ${step}`
}

/** The same of what the step's processes had a core for. */
export function medianOnCore(step: string): string {
  return `${medianOfStep(step)} on a core`
}

export type Source = 'simulated' | 'measured' | 'published'
export type Role = 'fit' | 'held-out' | 'none'

export interface Row {
  readonly rowId: string
  /** `run`: one run or replication; `point`: the aggregate over them. */
  readonly level: 'run' | 'point'
  readonly experiment: string
  /** JSON of the swept keys with their values in base units, keys sorted. */
  readonly point: string
  readonly flow: string
  readonly model: string
  readonly source: Source
  readonly role: Role
  readonly metric: Metric
  /** `p50`, `p90`, `p99`, `p99.9`, `mean`, `min`, `max`, ... */
  readonly statistic: string
  readonly unit: string
  readonly value: number
  /** Half of the interval's width, in `unit`; null where a level knows none (a single run). */
  readonly halfWidth: number | null
  readonly halfWidthKind: 'total' | 'chance' | 'repeats' | null
  readonly confidence: number | null
  /** Messages that the statistic is taken over. */
  readonly messages: number
  /** Runs or replications that the value is taken over. */
  readonly runs: number
  readonly seed: number | null
  readonly replication: number | null
  readonly profileHash: string | null
  readonly modelHash: string | null
  readonly campaign: string | null
  readonly block: number | null
  readonly repeat: number | null
  /** Latency histogram, log-linear, as text (`sim/statistics` encodes and decodes it); null where none was kept. */
  readonly sketch: string | null
  /** JSON: counters before and after that prove the path (measured), or null. */
  readonly proof: string | null
  /** What limits this point (core, window, buffer, timer, ...), in words; null where nothing was found. */
  readonly limits: string | null
  /** `inside`, or why the point lies outside the region of trust. */
  readonly trust: string | null
  /** JSON: what FORMATS lists for the environment. */
  readonly environment: string | null
}
