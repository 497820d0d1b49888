/**
 * Replications on worker threads, of Node's own: a pool from a library (piscina 5) starts its workers when their code is known, and gives those that
 * hold a second task no way to tell, when one dies, which of the two it died of.
 *
 * What two of them bring (`npm run -s bench -- workers`, 2-core VM, Node 20.20, 5 rounds; efficiency is the time of one thread over twice theirs):
 * 0.78 (0.76 to 0.81) for a run that takes one thread 5.9 s, 0.85 (0.83 to 0.86) for one of 10.5 s. Two processes of one thread each, side by side,
 * reach 0.90 and 0.93 there: a run in one thread has its compiler and collector (0.4 to 0.65 s) on the core that is idle, and no core is idle here.
 * The rest is a second on two cores whatever the run's length, and no waiting: each worker compiles the simulator for itself (0.35 s), runs it
 * uncompiled until then (0.2 s) and starts (0.04 s). V8 shares compiled code between no two threads. Tried, and no processor time saved: a rehearsal of
 * every point with 3 to 60 messages, interrupt budgets of 0.3 to 4 times V8's, no on-stack replacement, smaller inlining (cheaper to compile, 6 % slower to
 * run), a minified bundle, a collector without threads, a larger young generation. Sparkplug at once, and feedback from the first call, save 0.1 s, and
 * would have to be set for the whole process after it has started.
 */
import { Worker } from 'node:worker_threads'
import type { ReplicationRecord } from '../replication-record.js'
import { bundled } from './bundle.js'
import type { Executor, ExecutorOptions, Task } from './executor.js'

/** The first message to a worker; tasks follow. */
export interface WorkerSetup {
  readonly profile: ExecutorOptions['profile']
  /** Modules that it imports: what it does (worker.ts), and the simulator. */
  readonly worker: string
  readonly simulator: string
}

/** What came of a task, or what the simulation threw; a worker answers in the order in which it was handed its tasks. */
export type Answer = { readonly record: ReplicationRecord } | { readonly error: unknown }

interface Job {
  readonly task: Task
  readonly resolve: (record: ReplicationRecord) => void
  readonly reject: (reason: unknown) => void
}

interface Thread {
  readonly worker: Worker
  /** What it was handed and has not answered: the first is under way. */
  readonly held: Job[]
  loaded: boolean
}

const fromSources = import.meta.url.endsWith('.ts')
const workerModule = new URL(fromSources ? './worker.ts' : './worker.js', import.meta.url)

/** @throws Error where the simulator can't be bundled */
export async function threadsExecutor({ profile, simulator, workers, signal }: ExecutorOptions): Promise<Executor> {
  const threads = new Set<Thread>()
  const waiting: Job[] = []
  let setup: WorkerSetup | undefined
  let lastDeath = new Error('none was asked for')

  /** In the order given. A thread holds the next task beside its own, so that it never waits for this one; the last few go to whoever is free. */
  const handOut = () => {
    if (signal?.aborted)
      for (const job of [...waiting.splice(0), ...[...threads].flatMap(({ held }) => held.slice(1))]) job.reject(signal.reason)
    if (threads.size === 0)
      for (const job of waiting.splice(0)) job.reject(new Error(`no worker starts: ${lastDeath.message}`, { cause: lastDeath }))
    for (const thread of threads) if (thread.held.length === 0 && waiting.length > 0) hand(thread, waiting.shift()!)
    for (const thread of threads) if (thread.held.length === 1 && waiting.length >= threads.size) hand(thread, waiting.shift()!)
  }

  const hand = (thread: Thread, job: Job) => {
    thread.held.push(job)
    thread.worker.postMessage(job.task)
  }

  const start = () => {
    const worker = new Worker(new URL('./thread.mjs', import.meta.url), { execArgv: [] })
    const thread: Thread = { worker, held: [], loaded: false }
    threads.add(thread)
    worker.on('message', (message: 'loaded' | Answer) => {
      if (message === 'loaded') {
        thread.loaded = true
        return
      }
      const job = thread.held.shift()!
      if ('record' in message) job.resolve(message.record)
      else job.reject(message.error)
      handOut()
    })
    worker.on('error', (error) => lose(thread, error))
    worker.on('exit', (code) => lose(thread, new Error(`worker exited with code: ${code}`)))
    if (setup) worker.postMessage(setup)
  }

  /** What was under way fails; what it only held goes to another. A worker that can't load its modules is not replaced: the next would fare no better. */
  const lose = (thread: Thread, reason: Error) => {
    if (!threads.delete(thread)) return
    lastDeath = reason
    if (thread.loaded) {
      thread.held.shift()?.reject(reason)
      start()
    }
    waiting.unshift(...thread.held)
    handOut()
  }

  const close = async () => {
    signal?.removeEventListener('abort', handOut)
    const all = [...threads]
    threads.clear()
    await Promise.all(all.map(({ worker }) => worker.terminate()))
  }

  signal?.addEventListener('abort', handOut)
  // They start while the modules are bundled.
  for (let i = 0; i < workers; i++) start()
  try {
    const [simulatorCode, workerCode] = await Promise.all([bundled(simulator), fromSources ? bundled(workerModule) : workerModule.href])
    setup = { profile, simulator: simulatorCode, worker: workerCode }
  } catch (error) {
    await close()
    throw error
  }
  for (const { worker } of threads) worker.postMessage(setup)

  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject })
        handOut()
      }),
    close,
  }
}
