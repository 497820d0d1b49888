/** Who runs what: each case of the kernel's benchmark, and the programs that do the same work beside it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export type Group = 'fairway' | 'bare' | 'C' | 'ns-3' | 'SimPy' | 'simjs' | 'flatqueue'

export interface Contender {
  /** The work; contenders of one case are compared. */
  readonly case: string
  readonly group: Group
  /** What tells two of one group apart. */
  readonly variant?: string
  readonly command: readonly string[]
  readonly eventsPerRun: number
  /** Events pending, in the hold model. */
  readonly pending?: number
}

export interface Prepared {
  readonly contenders: readonly Contender[]
  /** What was left out, and why. */
  readonly notices: readonly string[]
}

const PENDING = [1e2, 1e4, 1e6]
const RUNS = '5'
const FEW_RUNS = '3'
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const holdCase = (pending: number) => `hold, ${pending} pending`

/** A program as one file of JavaScript in a folder: a process starts at once. */
export async function bundled(path: string, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(path, '.ts')}.cjs`)
  await build({
    entryPoints: [here(path)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    external: ['simjs'],
    logLevel: 'error',
  })
  return outfile
}

/**
 * Compiles what can be compiled into a folder.
 * @param pendings sizes of the hold model
 */
export async function prepareContenders(folder: string, pendings: readonly number[] = PENDING): Promise<Prepared> {
  mkdirSync(folder, { recursive: true })
  const notices: string[] = []
  const child = await bundled('kernel/child.ts', folder)
  const node = (name: string, runs = RUNS) => [process.execPath, child, name, runs]
  const contenders: Contender[] = [
    { case: 'M/M/1, load 0.8', group: 'fairway', command: node('mm1'), eventsPerRun: 2e6 },
    { case: 'M/M/1, load 0.8', group: 'bare', variant: 'loop by hand', command: node('bare'), eventsPerRun: 2e6 },
    { case: 'M/M/1, load 0.8', group: 'simjs', command: node('simjs'), eventsPerRun: 2e5 },
    { case: 'M/M/4 with cancelled timers', group: 'fairway', command: node('mmc'), eventsPerRun: 3e6 },
  ]
  for (const pending of pendings) {
    const hold = { case: holdCase(pending), pending, eventsPerRun: 1e6 }
    contenders.push({ ...hold, group: 'fairway', command: node(`hold:${pending}`) })
    contenders.push({ ...hold, group: 'flatqueue', command: node(`flatqueue:${pending}`, FEW_RUNS) })
  }
  const c = compiled(['gcc', '-O3', '-march=native', '-o', join(folder, 'kernel'), here('reference/kernel.c'), '-lm'], notices, 'C')
  if (c) {
    const run = (name: string) => [join(folder, 'kernel'), name, FEW_RUNS]
    contenders.push({ case: 'M/M/1, load 0.8', group: 'C', command: run('mm1'), eventsPerRun: 2e6 })
    contenders.push({ case: 'M/M/4 with cancelled timers', group: 'C', command: run('mmc'), eventsPerRun: 3e6 })
    for (const pending of pendings)
      for (const variant of ['heap', 'buckets'])
        contenders.push({
          case: holdCase(pending),
          group: 'C',
          variant,
          pending,
          command: run(`hold-${variant}-${pending}`),
          eventsPerRun: 1e6,
        })
  }
  const ns3 = compiled(['g++', '-O3', '-march=native', '-o', join(folder, 'ns3'), here('reference/ns3.cc'), '-lns3-core'], notices, 'ns-3')
  if (ns3) {
    for (const variant of ['Heap', 'Map', 'PriorityQueue', 'Calendar']) {
      const scheduler = `${variant}Scheduler`
      const run = (name: string) => [join(folder, 'ns3'), name, '1']
      contenders.push({ case: 'M/M/1, load 0.8', group: 'ns-3', variant, command: run(`mm1:${scheduler}`), eventsPerRun: 1e6 })
      // Its calendar queue takes 80 us an event at 10^6.
      for (const pending of pendings.filter((size) => variant !== 'Calendar' || size < 1e5))
        contenders.push({
          case: holdCase(pending),
          group: 'ns-3',
          variant,
          pending,
          command: run(`hold:${scheduler}:${pending}`),
          eventsPerRun: 5e5,
        })
    }
  }
  const python = '/usr/bin/python3'
  if (compiled([python, '-c', 'import simpy'], notices, 'SimPy'))
    contenders.push({
      case: 'M/M/1, load 0.8',
      group: 'SimPy',
      command: [python, here('reference/kernel.py'), 'mm1', '1'],
      eventsPerRun: 4e4,
    })
  return { contenders, notices }
}

function compiled([program, ...rest]: string[], notices: string[], group: Group): boolean {
  try {
    execFileSync(program!, rest, { stdio: 'pipe' })
    return true
  } catch (failure) {
    notices.push(`${group} is left out: ${(failure as Error).message.split('\n')[0]}`)
    return false
  }
}
