/** `idle: never`: a SCHED_IDLE process on each core of the machine, so that no wake-up leaves the idle state. */
import type { Scenario } from '../../models/topology/scenario.js'
import { spinnerArguments } from './instruments/spinner.js'
import { startInstrument } from './process.js'
import type { TestbedRun } from './run.js'

/** @returns what ends the spinners again; they don't start where every machine's idle state is left as found */
export function keepAwake(run: TestbedRun, scenario: Scenario): () => Promise<void> {
  const awake = Object.values(scenario.machines).filter((machine) => machine.idle === 'never')
  const cores = Math.max(0, ...awake.map((machine) => machine.cores))
  const spinners = Array.from({ length: cores }, (_, core) =>
    startInstrument(run, spinnerArguments(), { namespace: null, core, policy: 'idle' }),
  )
  return async () => {
    for (const spinner of spinners) await spinner.stop()
  }
}
