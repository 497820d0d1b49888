/**
 * How much faster two workers are than one thread, on the same experiment, start of the workers included. Efficiency is the time of one over twice
 * the time of two: 1 would be perfect. Both give the same bytes, or the benchmark fails.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { simulate } from '../../experiments/library.js'
import { parseExperiment } from '../../experiments/schema/index.js'
import { rowsToCsv } from '../../experiments/store/index.js'

const RUNS = 3
const WORKERS = 2
const file = fileURLToPath(new URL('../../experiments/network-models.yaml', import.meta.url))

export interface WorkersCase {
  readonly name: string
  /** Wall time, s: the median of the runs, the shortest and the longest. */
  readonly seconds: number
  readonly min: number
  readonly max: number
  readonly efficiency: number
}

/** @param seconds that one thread is to be kept busy: replications are added until it is */
export async function measureWorkers(seconds = 10): Promise<WorkersCase[]> {
  const parsed = parseExperiment(readFileSync(file, 'utf8'), file)
  if ('errors' in parsed) throw new Error('the experiment that ships does not parse')
  const timed = async (replications: number, workers: number) => {
    const stop = { replications, atMost: replications, messages: 10_000, halfWidth: null }
    const start = performance.now()
    const { rows, failures } = await simulate({ ...parsed.experiment, stop }, { workers })
    if (failures.length > 0) throw new Error(failures[0]!.reason)
    return { seconds: (performance.now() - start) / 1000, bytes: rowsToCsv(rows) }
  }
  // What a first call compiles is compiled here.
  await timed(2, WORKERS)
  await timed(2, 1)
  const replications = Math.ceil((4 * seconds) / (await timed(4, 1)).seconds)
  const times: Record<1 | 2, number[]> = { 1: [], 2: [] }
  const bytes = new Set<string>()
  // Interleaved, so that whatever disturbs the machine meets both.
  for (let run = 0; run < RUNS; run++) {
    for (const workers of [1, WORKERS] as const) {
      const found = await timed(replications, workers)
      times[workers].push(found.seconds)
      bytes.add(found.bytes)
    }
  }
  if (bytes.size !== 1) throw new Error(`one thread and ${WORKERS} workers gave different bytes`)
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[(RUNS - 1) / 2]!
  return ([1, WORKERS] as const).map((workers) => ({
    name: workers === 1 ? 'one thread' : `${workers} workers`,
    seconds: median(times[workers]),
    min: Math.min(...times[workers]),
    max: Math.max(...times[workers]),
    efficiency: median(times[1]) / (workers * median(times[workers])),
  }))
}

export function workersTable(cases: readonly WorkersCase[]): string {
  const rows = cases.map(({ name, seconds, min, max, efficiency }) =>
    [name.padEnd(16), ...[seconds, min, max].map((time) => time.toFixed(2).padStart(8)), efficiency.toFixed(3).padStart(12)].join(''),
  )
  return [`${''.padEnd(16)}       s     min     max  efficiency`, ...rows, 'Equal bytes in every run.'].join('\n')
}
