/** Replications on a pool of worker threads. */
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
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

/** A message crosses dozens of small functions. With V8's own budget for inlining a replication takes about a tenth longer. */
const inliningFlags = ['--max-inlined-bytecode-size=1500', '--max-inlined-bytecode-size-cumulative=4000']

/** @throws Error where the simulator can't be compiled */
export async function piscinaExecutor({ profile, simulator, workers, signal }: ExecutorOptions): Promise<Executor> {
  const [simulatorCode, workerCode] = await Promise.all(fromSources ? [bundled(simulator), bundled(worker)] : [simulator.href, worker.href])
  for (const flag of inliningFlags) setFlagsFromString(flag)
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
    // Constants of other modules become numbers.
    minifySyntax: true,
    write: false,
    // Packages that are CommonJS ask for Node's own modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire('file:///')" },
    logLevel: 'silent',
  })
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`
}
