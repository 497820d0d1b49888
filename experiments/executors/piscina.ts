/**
 * Replications on a pool of worker threads.
 *
 * What two of them bring (`npm run -s bench -- workers --seconds 10`, 2-core VM, Node 20.20; efficiency is the time of one thread over twice theirs, and
 * beside it that of two processes of one thread each, which is what the machine has to give):
 *
 *     one thread   two workers   efficiency              two processes   processor time, one and two (3 rounds each)
 *          5.4 s         3.5 s   0.75 (0.73 to 0.77)     0.89            5.9 and 6.8 s
 *          9.8 s         6.2 s   0.78 (0.77 to 0.84)     0.88            10.6 and 12.1 s
 *
 * With the compiler on a thread of its own, in turn: 3.6 s in place of 3.4 (3 rounds), 6.9 s in place of 6.7 (4 rounds).
 *
 * Both cores work nearly all of the time; what is lost is processor time, whatever the run's length. A second isolate starts (0.1 s, with the bundle's
 * 0.15 s before) and compiles the simulator for itself: 1 s of the optimizing compiler, which for a run in one thread works on the other core, and here
 * takes a core from work. On a thread of its own it also leaves the isolate in slow code for as long as it waits for a core: so no isolate has one, where
 * all cores have workers. An earlier version reached 0.92 on a run of 31 s. Tried, and nothing saved: a rehearsal of every point with 3 to 60 messages before the first
 * task (so that less is deoptimized later); V8's flags for sooner baseline code, sooner feedback, half, twice and four times the interrupt budget, less
 * inlining, no on-stack replacement, no loop peeling, maglev, a larger young generation, a collector without helpers (two or three rounds each, no
 * further from the run without than its own rounds from each other); threads of our own that start while the simulator is bundled and hold
 * the next task (5 %, for 120 lines).
 */
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
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
  // V8 reads it where an isolate begins: this thread, which has begun, keeps its own way.
  if (workers >= availableParallelism()) setFlagsFromString('--no-concurrent-recompilation')
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
