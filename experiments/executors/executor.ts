/**
 * An executor carries out replications somewhere: in this thread, on a pool of threads, later on other machines.
 * It decides where and when, never what: a task has its own seed address, so its record is the same wherever it runs.
 */
import type { Profile } from '../../models/profiles/profile.js'
import type { ReplicationOptions, ReplicationResult } from '../../models/simulation.js'
import type { Scenario } from '../../models/topology/scenario.js'
import type { ReplicationRecord } from '../replication-record.js'

/** One replication of one point. */
export interface Task {
  readonly scenario: Scenario
  readonly options: ReplicationOptions
}

/** The signature of `models/`'s simulateReplication; tests and plug-ins hand in another module that exports it. */
export type SimulateReplication = (scenario: Scenario, profile: Profile, options: ReplicationOptions) => ReplicationResult

export interface ExecutorOptions {
  readonly profile: Profile
  /** Module that exports `simulateReplication`. */
  readonly simulator: URL
  readonly workers: number
  readonly signal?: AbortSignal
}

export interface Executor {
  /** @throws what the simulation threw, or an Error that says how the worker died. */
  run(task: Task): Promise<ReplicationRecord>
  close(): Promise<void>
}
