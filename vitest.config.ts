import { defineConfig } from 'vitest/config'
import { testbedWanted } from './test/testbed/guard.js'

const apart = 'test/testbed/**'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/testbed/notice.ts', './test/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'everywhere', include: ['test/**/*.test.ts'], exclude: [apart], maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      // The testbed changes the machine's settings and times processes on its cores: one file at a time, and nothing beside it.
      ...(testbedWanted
        ? [
            {
              extends: true as const,
              test: { name: 'testbed', include: [`${apart}/*.test.ts`], exclude: [], maxWorkers: 1, sequence: { groupOrder: 1 } },
            },
          ]
        : []),
    ],
  },
})
