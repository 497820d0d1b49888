import { Bench } from 'tinybench'

/** Something to time: `batch` does `eventsPerBatch` events. */
export interface Subject {
  readonly name: string
  readonly eventsPerBatch: number
  readonly batch: () => void
}

/** Events per second: the median over the runs, with the slowest and fastest. */
export interface Case {
  readonly name: string
  readonly eventsPerSecond: number
  readonly min: number
  readonly max: number
}

const RUNS = 7
const WARM_UP_RUNS = 3

/** Times the subjects in interleaved runs, one batch each in turn, so that whatever disturbs the machine meets all of them. */
export async function measureInterleaved(subjects: readonly Subject[]): Promise<Case[]> {
  const rates = subjects.map((): number[] => [])
  for (let run = 0; run < WARM_UP_RUNS + RUNS; run++) {
    const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true })
    for (const { name, batch } of subjects) bench.add(name, batch)
    await bench.run()
    bench.tasks.forEach((task, i) => {
      const { result } = task
      if (!('latency' in result)) throw new Error(`${task.name}: ${'error' in result ? String(result.error) : result.state}`)
      if (run >= WARM_UP_RUNS) rates[i]!.push((subjects[i]!.eventsPerBatch / result.latency.mean) * 1000)
    })
  }
  return subjects.map(({ name }, i) => {
    const sorted = rates[i]!.sort((a, b) => a - b)
    return { name, eventsPerSecond: sorted[(RUNS - 1) / 2]!, min: sorted[0]!, max: sorted.at(-1)! }
  })
}
