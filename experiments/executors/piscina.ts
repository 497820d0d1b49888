/**
 * Replications on a pool of worker threads.
 *
 * What two of them bring (`npm run -s bench -- workers --seconds 30`, 2-core VM, Node 20.20; efficiency is the time of one thread over twice
 * theirs): 0.82 (0.81 to 0.83, 4 rounds) for a run that takes one thread 10 s, 0.92 (one round) for one of 31 s. So two workers take 0.51 of the
 * time of one, and a second more, whatever the run's length: one core idles while the simulator is bundled and the workers start (0.25 s); each
 * worker is slow until it has compiled the simulator for itself, and then compiles on a core that has work, while a run in one thread has its
 * compiler (0.7 s of processor time) on the other core. Tried, and no processor time saved: a rehearsal of every point with 3 to 60 messages before
 * the first task (so that less is deoptimized later), and four times the interrupt budget (370 compilations in place of 620).
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
