/**
 * Replications on a pool of worker threads.
 *
 * What two of them bring (`npm run -s bench -- workers`, 2-core VM, Node 20.20; efficiency is the time of one thread over twice theirs): 0.76 (0.74 to
 * 0.79) for a run that takes one thread 7 s, 0.81 for one of 16 s. Two processes of one thread, side by side, reach 0.88 to 0.93: so much the machine
 * lacks of two cores. The rest is that each worker compiles the simulator anew (a second of processor time), while a run in one thread has its
 * compiler on the other core.
 */
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
    // The order is the runner’s, longest first: without this, each task that finds no worker free goes behind all others.
    stricterFIFO: true,
    execArgv: [],
    workerData: { ...setup, worker: workerCode },
  })
  // The pool replaces a worker that dies, but none that dies as it starts: without any left, what still waits would wait for ever.
  let giveUp: (reason: Error) => void = () => undefined
  const noWorkers = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  noWorkers.catch(() => undefined)
  const died = (error: Error) => {
    if (pool.threads.length === 0) giveUp(new Error(`no worker starts: ${error.message}`, { cause: error }))
  }
  pool.on('error', died)
  return {
    async run(task) {
      try {
        return await Promise.race([pool.run(task, { signal: signal ?? null }), noWorkers])
      } catch (error) {
        died(error as Error)
        throw error
      }
    },
    close: () => pool.destroy(),
  }
}
