import { defineConfig } from 'vitest/config'
import { testbedWanted } from './test/testbed/guard.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: testbedWanted ? [] : ['test/testbed/**'],
    // The testbed builds devices in the kernel, one campaign at a time: files run one after the other, two at most elsewhere.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/testbed/notice.ts', './test/closing-line.ts'],
  },
})
