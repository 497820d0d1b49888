/** What a worker thread does: simulates what it is handed and returns the record, never the raw messages. */
import { setPriority } from 'node:os'
import { recordReplication } from '../replication-record.js'
import type { SimulateReplication, Task } from './executor.js'
import type { Answer, WorkerSetup } from './threads.js'

/**
 * Niceness of the thread. The engine's compiler, and the thread that hands out tasks and makes rows, go first: where they wait for a processor, this
 * one runs uncompiled code or runs out of tasks. (Two workers on two cores: 0.2 s less of the processor's time, 4 % of a run that takes one thread 5 s.)
 */
const NICENESS = 5

export async function load({ profile, simulator }: WorkerSetup): Promise<(task: Task) => Answer> {
  // Linux counts niceness by thread; elsewhere it would be the process's.
  if (process.platform === 'linux') setPriority(NICENESS)
  const { simulateReplication } = (await import(simulator)) as { simulateReplication: SimulateReplication }
  return ({ scenario, options }) => {
    try {
      return { record: recordReplication(simulateReplication(scenario, profile, options)) }
    } catch (error) {
      return { error }
    }
  }
}
