/** Replications one after the other in this thread, which has no worker to start. */
import { setImmediate as turn } from 'node:timers/promises'
import { type ReplicationRecord, recordReplication } from '../replication-record.js'
import { bundled } from './bundle.js'
import type { Executor, ExecutorOptions, SimulateReplication, Task } from './executor.js'

export async function inlineExecutor({ profile, simulator, signal }: ExecutorOptions): Promise<Executor> {
  const { simulateReplication } = (await import(await bundled(simulator))) as { simulateReplication: SimulateReplication }
  let last: Promise<unknown> = Promise.resolve()

  const carryOut = async ({ scenario, options }: Task): Promise<ReplicationRecord> => {
    await turn() // lets progress be drawn and an interruption be heard between two replications
    signal?.throwIfAborted()
    return recordReplication(simulateReplication(scenario, profile, options))
  }

  return {
    run(task) {
      const next = last.then(() => carryOut(task))
      last = next.catch(() => undefined)
      return next
    },
    close: async () => undefined,
  }
}
