/** One process of the benchmark of workers: `child WORKERS REPLICATIONS` simulates the experiment, and prints its wall time and what it came to. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { simulate } from '../../../experiments/library.js'
import { parseExperiment } from '../../../experiments/schema/index.js'
import { rowsToCsv } from '../../../experiments/store/index.js'

export interface Timed {
  readonly seconds: number
  /** Processor time of all threads, s. */
  readonly cpuSeconds: number
  /** Hash of the rows. */
  readonly rows: string
}

const file = fileURLToPath(new URL('../../../experiments/network-models.yaml', import.meta.url))
const parsed = parseExperiment(readFileSync(file, 'utf8'), file)
if ('errors' in parsed) throw new Error('the experiment that ships does not parse')
const [workers = 1, replications = 2] = process.argv.slice(2).map(Number)
const stop = { replications, atMost: replications, messages: 10_000, halfWidth: null }
const start = performance.now()
const before = process.cpuUsage()
const { rows, failures } = await simulate({ ...parsed.experiment, stop }, { workers })
const { user, system } = process.cpuUsage(before)
const seconds = (performance.now() - start) / 1000
if (failures.length > 0) throw new Error(failures[0]!.reason)
const timed: Timed = { seconds, cpuSeconds: (user + system) / 1e6, rows: createHash('sha256').update(rowsToCsv(rows)).digest('hex') }
console.log(JSON.stringify(timed))
