/** Replications on a pool of worker threads. From a checkout the workers need the TypeScript hooks; from the build they are plain JavaScript. */
import { Piscina } from 'piscina'
import type { ReplicationRecord } from '../replication-record.js'
import type { Executor, ExecutorOptions, Task } from './executor.js'

/** What a worker is given once, when it starts. */
export interface WorkerSetup {
  readonly profile: ExecutorOptions['profile']
  readonly simulator: string
}

const fromSources = import.meta.url.endsWith('.ts')
const worker = new URL(fromSources ? './worker.ts' : './worker.js', import.meta.url)
const execArgv = fromSources ? ['--no-warnings', '--import', new URL('../../register.mjs', import.meta.url).href] : []

export function piscinaExecutor({ profile, simulator, workers, signal }: ExecutorOptions): Executor {
  const setup: WorkerSetup = { profile, simulator: simulator.href }
  const pool = new Piscina<Task, ReplicationRecord>({
    filename: worker.href,
    minThreads: workers,
    maxThreads: workers,
    execArgv,
    workerData: setup,
  })
  // A worker that dies while it starts is reported here and again by each task that it was given.
  pool.on('error', () => undefined)
  return {
    run: (task) => pool.run(task, { signal: signal ?? null }),
    close: () => pool.destroy(),
  }
}
