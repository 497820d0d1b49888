/** Replications on a pool of worker threads. */
import { fileURLToPath } from 'node:url'
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
const entry = fromSources ? new URL('./checkout-worker.mjs', import.meta.url) : worker

/** @throws Error where the simulator can't be compiled */
export async function piscinaExecutor({ profile, simulator, workers, signal }: ExecutorOptions): Promise<Executor> {
  const [simulatorCode, workerCode] = await Promise.all(fromSources ? [bundled(simulator), bundled(worker)] : [simulator.href, worker.href])
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

/**
 * A module of a checkout, with all that it imports, as plain JavaScript in a `data:` URL. With the TypeScript hooks instead, every worker would
 * compile its imports again, which takes longer than many a replication.
 */
async function bundled(module: URL): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
    // Packages that are CommonJS ask for Node's own modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire('file:///')" },
    logLevel: 'silent',
  })
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`
}
