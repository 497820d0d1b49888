import type { Reporter } from 'vitest/node'
import { testbedCommand, testbedWanted } from './guard.js'

/** Says, at the end of a run that left the testbed's tests out, that it did, and what runs them. */
export default class TestbedNotice implements Reporter {
  onTestRunEnd(): void {
    if (!testbedWanted) console.log(`The testbed's tests were left out: they need root and a Linux kernel. To run them: ${testbedCommand}`)
  }
}
