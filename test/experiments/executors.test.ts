import { expect, test } from 'vitest'
import { piscinaExecutor } from '../../experiments/executors/piscina.js'
import { point, profile } from './sample.js'

const simulator = new URL('./fake-simulator.ts', import.meta.url)

test('a pool carries its tasks out in the order in which it was given them', async () => {
  const executor = await piscinaExecutor({ profile, simulator, workers: 1 })
  try {
    const given = Array.from({ length: 12 }, (_, replication) => replication)
    const finished: number[] = []
    const { scenario } = point(64)
    await Promise.all(
      given.map(async (replication) => {
        await executor.run({ scenario, options: { seed: 1, replication, messages: 10, warmUpMessages: 1 } })
        finished.push(replication)
      }),
    )
    expect(finished).toEqual(given)
  } finally {
    await executor.close()
  }
})
