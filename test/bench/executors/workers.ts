/**
 * How much faster two workers are than one thread on the same experiment, each run in a process of its own, start of the workers included. Efficiency is
 * the time of one over twice the time of two, round by round: 1 would be perfect. Two processes side by side, of one thread each, show what
 * the machine itself lacks of two cores. All give the same bytes, or the benchmark fails.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from '../measure-processes.js'
import type { Timed } from './child.js'

const ROUNDS = 5
const WORKERS = 2
const place = (path: string) => new URL(path, import.meta.url)
const flags = ['--no-warnings', '--import', place('../../../register.mjs').href]

export interface WorkersCase {
  readonly name: string
  /** Wall time, s: median over the rounds, the shortest and the longest. */
  readonly seconds: number
  readonly min: number
  readonly max: number
  /** Processor time of all threads, s: the median. */
  readonly cpuSeconds: number
  readonly efficiency: number
  readonly efficiencyMin: number
  readonly efficiencyMax: number
}

async function timed(workers: number, replications: number): Promise<Timed> {
  const child = fileURLToPath(place('./child.ts'))
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, child, String(workers), String(replications)])
  return JSON.parse(stdout) as Timed
}

/** Both at once: the longer time, and the mean of what each took of the processor. */
async function sideBySide(replications: number): Promise<Timed> {
  const both = await Promise.all([timed(1, replications), timed(1, replications)])
  return {
    seconds: Math.max(...both.map(({ seconds }) => seconds)),
    cpuSeconds: (both[0].cpuSeconds + both[1].cpuSeconds) / 2,
    rows: both[0].rows,
  }
}

/** @param seconds that one thread is to be kept busy: replications are added until it is */
export async function measureWorkers(seconds = 8, rounds = ROUNDS): Promise<WorkersCase[]> {
  const replications = Math.ceil((4 * seconds) / (await timed(1, 4)).seconds)
  const runs: { one: Timed; two: Timed; both: Timed }[] = []
  // Interleaved, so that whatever disturbs the machine meets all of them.
  for (let round = 0; round < rounds; round++)
    runs.push({ one: await timed(1, replications), two: await timed(WORKERS, replications), both: await sideBySide(replications) })
  if (new Set(runs.flatMap(({ one, two, both }) => [one.rows, two.rows, both.rows])).size !== 1)
    throw new Error(`one thread and ${WORKERS} workers gave different bytes`)
  const caseOf = (name: string, which: 'one' | 'two' | 'both', threads: number): WorkersCase => {
    const times = runs.map((run) => run[which].seconds)
    const efficiencies = runs.map((run) => run.one.seconds / (threads * run[which].seconds))
    return {
      name,
      seconds: median(times),
      min: Math.min(...times),
      max: Math.max(...times),
      cpuSeconds: median(runs.map((run) => run[which].cpuSeconds)),
      efficiency: median(efficiencies),
      efficiencyMin: Math.min(...efficiencies),
      efficiencyMax: Math.max(...efficiencies),
    }
  }
  return [caseOf('one thread', 'one', 1), caseOf(`${WORKERS} workers`, 'two', WORKERS), caseOf('two such processes at once', 'both', 1)]
}

export function workersTable(cases: readonly WorkersCase[]): string {
  const rows = cases.map((one) =>
    [
      one.name.padEnd(28),
      ...[one.seconds, one.min, one.max, one.cpuSeconds].map((time) => time.toFixed(2).padStart(8)),
      ...[one.efficiency, one.efficiencyMin, one.efficiencyMax].map((share) => share.toFixed(3).padStart(12)),
    ].join(''),
  )
  return [
    `${''.padEnd(28)}       s     min     max     cpu  efficiency         min         max`,
    ...rows,
    'Equal bytes in every run.',
  ].join('\n')
}
