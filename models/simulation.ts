/** What one replication of a scenario leaves: plain data, the same bytes for the same (scenario, profile, seed, replication). */
import type { LawCheck } from '../sim/index.js'
import type { FlowMetric } from './topology/scenario.js'

export interface ReplicationOptions {
  readonly seed: number
  readonly replication: number
  /** Messages counted after the warm-up. */
  readonly messages: number
  readonly warmUpMessages: number
}

export interface StageCost {
  readonly stage: string
  /** Mean nanoseconds per message (one request with its reply), warm-up included. */
  readonly costNs: number
}

/** One step of a connection's life. */
export interface StepResult {
  readonly medianNs: number
  /** How often each coefficient was charged meanwhile, per connection. */
  readonly coefficientCounts: Readonly<Record<string, number>>
}

export interface FlowResult {
  readonly flow: string
  readonly messages: number
  /** What `latencyNs` holds: half of a round trip; (open loop) the time from the intended send time to the reply's last byte; all of a connection; a container's
   * start; (stream, whose metric is another) the time from the write to the read of its last byte. */
  readonly metric: FlowMetric
  /** That of every counted message in order, ns. */
  readonly latencyNs: Float64Array
  /** Of a stream: payload that the receiver has read, bit/s; null elsewhere. */
  readonly throughputBps: number | null
  /** Processor time per message by stage (a round trip; all cores), sorted as the stages are crossed; several flows share it evenly. */
  readonly stages: readonly StageCost[]
  /** Share of messages that waited for a timer (delayed acknowledgement) in each direction. */
  readonly stalledThere: number
  readonly stalledBack: number
  /** These and the counts below are means over all messages, warm-up included. */
  readonly voluntarySwitchesPerMessage: number
  readonly involuntarySwitchesPerMessage: number
  /** Pure acknowledgements per message, both directions. */
  readonly acknowledgementsPerMessage: number
  /** How often each coefficient of the profile was charged per message: the design row of the calibration. */
  readonly coefficientCounts: Readonly<Record<string, number>>
  /** Datagrams that found a full socket buffer, of all that the flow sent. */
  readonly dropped: number
  /** What limits the flow, in words (`core 1 (100 % busy)`, `delayed-acknowledgement timer`), or null. */
  readonly limits: string | null
  /** Of connections: their steps (workloads/connect.ts). */
  readonly steps?: Readonly<Record<string, StepResult>>
}

/** A law of one run, with what it is a law of: `core m1/1`, `flow ping`. */
export interface RunLaw extends LawCheck {
  readonly of: string
  /** What the two sides are, in words. */
  readonly sides: readonly [string, string]
}

export interface ReplicationResult {
  readonly flows: readonly FlowResult[]
  /** Simulated time, ns, warm-up included. */
  readonly durationNs: number
  /** Share of that time in which each core worked. */
  readonly coreUtilization: Readonly<Record<string, number>>
  readonly events: number
  /** The laws that were checked on this run; all of them hold, or it would have thrown. */
  readonly laws: readonly RunLaw[]
}
