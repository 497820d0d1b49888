/** Replications on a pool of worker threads. */
import { Piscina } from 'piscina'
import type { ReplicationRecord } from '../replication-record.js'
import { bundled } from './bundle.js'
import type { Executor, ExecutorOptions, Task } from './executor.js'

/** What a worker is given once, when it starts. */
export interface WorkerSetup {
  readonly profile: ExecutorOptions['profile']
  readonly simulator: string
}

const fromSources = import.meta.url.endsWith('.ts')
const worker = new URL(fromSources ? './worker.ts' : './worker.js', import.meta.url)
const entry = fromSources ? new URL('./checkout-worker.mjs', import.meta.url) : worker

/** @throws Error where the simulator can't be bundled */
export async function piscinaExecutor({ profile, simulator, workers, signal }: ExecutorOptions): Promise<Executor> {
  const [simulatorCode, workerCode] = await Promise.all([bundled(simulator), fromSources ? bundled(worker) : worker.href])
  const setup: WorkerSetup = { profile, simulator: simulatorCode }
  const pool = new Piscina<Task, ReplicationRecord>({
    filename: entry.href,
    minThreads: workers,
    maxThreads: workers,
    execArgv: [],
    workerData: { ...setup, worker: workerCode },
  })
  // A worker that dies while it starts is reported here and again by each task that it was given.
  pool.on('error', () => undefined)
  return {
    run: (task) => pool.run(task, { signal: signal ?? null }),
    close: () => pool.destroy(),
  }
}
