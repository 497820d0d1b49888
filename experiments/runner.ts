/**
 * Simulates an experiment: every (point, replication) is a task of its own, addressed by seed and replication, so that neither the number of
 * workers nor the order in which they finish changes a byte. What a folder already holds is not run again; rows are a function of the
 * experiment, the profile and the model alone, never of the folder's history.
 */
import { availableParallelism } from 'node:os'
import type { Profile } from '../models/profiles/profile.js'
import type { Executor, Task } from './executors/executor.js'
import { inlineExecutor } from './executors/inline.js'
import type { Experiment, Point } from './experiment.js'
import { modelHash } from './model-hash.js'
import type { ReplicationRecord } from './replication-record.js'
import { nowhere, openReplications } from './replications.js'
import type { Row } from './rows.js'
import { replicationId, runIdentity } from './run-id.js'
import { type SimulatedPoint, simulatedRows } from './simulated-rows.js'
import { simulatedStages } from './simulated-stages.js'
import { replicationsWanted } from './stopping-rule.js'
import type { StageRow } from './store/index.js'

export interface Progress {
  readonly done: number
  /** Known so far: a stopping rule may add replications. */
  readonly total: number
  /** Of `done`, those that the folder held already. */
  readonly reused: number
  /** Points whose replications are all finished, of how many. */
  readonly pointsDone: number
  readonly points: number
  /** The point that finished last, for a reader. */
  readonly label: string
}

/** A replication that was not finished: the simulation threw, or its worker died. */
export interface Failure {
  readonly point: string
  readonly replication: number
  readonly reason: string
}

export interface RunOptions {
  /** Result folder, in which finished replications are kept; null keeps none. */
  readonly folder: string | null
  /** Threads; 1 simulates in this one. Default: as many as the machine has processors for us. */
  readonly workers?: number
  readonly onProgress?: (progress: Progress) => void
  /** Aborting ends the run after the replications that are under way; what is finished stays in the folder. */
  readonly signal?: AbortSignal
  /** Module that exports `simulateReplication`; default: `models/simulate`. */
  readonly simulator?: URL
}

export interface RunOutcome {
  /** Every point with its replications, for `compareModels`. */
  readonly points: readonly SimulatedPoint[]
  readonly rows: readonly Row[]
  readonly stages: readonly StageRow[]
  readonly failures: readonly Failure[]
  readonly replications: { readonly simulated: number; readonly reused: number }
  readonly profileHash: string
  readonly modelHash: string
}

/** @throws the signal's reason when it was aborted. A failing replication does not throw: it is listed in `failures`. */
export async function runExperiment(experiment: Experiment, profile: Profile, options: RunOptions): Promise<RunOutcome> {
  const run = runIdentity(experiment, profile, await modelHash())
  const kept = options.folder === null ? nowhere : await openReplications(options.folder)
  const failures: Failure[] = []
  const count = { done: 0, total: 0, reused: 0, pointsDone: 0, points: experiment.points.length }
  const executor = openOnDemand(profile, options)

  const replicate = async (point: Point, replication: number): Promise<ReplicationRecord | null> => {
    const id = replicationId(point, replication, run)
    let record = await kept.find(id)
    if (record) count.reused++
    else {
      try {
        const { seed, messages, warmUpMessages } = run
        record = await executor.run({ scenario: point.scenario, options: { seed, replication, messages, warmUpMessages } })
        await kept.keep(id, record)
      } catch (error) {
        options.signal?.throwIfAborted()
        failures.push({ point: point.id, replication, reason: error instanceof Error ? error.message : String(error) })
      }
    }
    count.done++
    options.onProgress?.({ ...count, label: point.id })
    return record
  }

  /** Its rows are made here, while workers go on with other points. */
  const simulatePoint = async (point: Point) => {
    const records: (ReplicationRecord | null)[] = []
    for (;;) {
      const finished = records.filter((record) => record !== null)
      const wanted = finished.length < records.length ? records.length : replicationsWanted(experiment.stop, finished)
      const missing = wanted - records.length
      if (missing <= 0) {
        count.pointsDone++
        const simulated: SimulatedPoint = { point, records }
        const rows = simulatedRows(experiment, simulated, profile, run)
        return { simulated, rows, stages: simulatedStages(simulated, profile) }
      }
      count.total += missing
      const first = records.length
      records.push(...(await allFinished(Array.from({ length: missing }, (_, i) => replicate(point, first + i)))))
    }
  }

  try {
    const started = new Map(longestFirst(experiment.points).map((point) => [point, simulatePoint(point)]))
    const points = await allFinished(experiment.points.map((point) => started.get(point)!))
    options.signal?.throwIfAborted()
    return {
      points: points.map(({ simulated }) => simulated),
      rows: points.flatMap(({ rows }) => rows),
      stages: points.flatMap(({ stages }) => stages),
      failures: failures.sort((a, b) => (a.point === b.point ? a.replication - b.replication : a.point < b.point ? -1 : 1)),
      replications: { simulated: count.done - count.reused - failures.length, reused: count.reused },
      profileHash: run.profileHash,
      modelHash: run.modelHash,
    }
  } finally {
    await executor.close()
  }
}

/** Points whose messages are long take longest: were they last, one worker would be left alone with one of them. */
function longestFirst(points: readonly Point[]): Point[] {
  const bytes = ({ scenario }: Point) => Object.values(scenario.flows).reduce((sum, { workload }) => sum + workload.messageBytes, 0)
  return [...points].sort((a, b) => bytes(b) - bytes(a))
}

/** As Promise.all, but nothing is under way any more when it throws. */
async function allFinished<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

/** The executor is opened for the first replication that has to be simulated: a folder that holds them all starts no thread. */
function openOnDemand(profile: Profile, options: RunOptions) {
  let opened: Promise<Executor> | undefined
  const open = async (): Promise<Executor> => {
    const workers = options.workers ?? availableParallelism()
    const simulator = options.simulator ?? modelSimulator
    const setup = { profile, simulator, workers, ...(options.signal && { signal: options.signal }) }
    if (workers <= 1) return inlineExecutor(setup)
    const { piscinaExecutor } = await import('./executors/piscina.js')
    return piscinaExecutor(setup)
  }
  return {
    run: async (task: Task) => {
      opened ??= open()
      return (await opened).run(task)
    },
    close: async () => (await opened)?.close(),
  }
}

const modelSimulator = new URL(import.meta.url.endsWith('.ts') ? '../models/simulate.ts' : '../models/simulate.js', import.meta.url)
