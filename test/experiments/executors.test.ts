import { expect, test } from 'vitest'
import { threadsExecutor } from '../../experiments/executors/threads.js'
import { dying, slow } from './fake-simulator.js'
import { point, profile } from './sample.js'

const simulator = new URL('./fake-simulator.ts', import.meta.url)
/** Replication 1 of a scenario on the core `dying` ends its worker. */
const task = (replication: number, core?: number) => ({
  scenario: point(64, core).scenario,
  options: { seed: 1, replication, messages: 10, warmUpMessages: 1 },
})

test('threads carry their tasks out in the order in which they were given them', async () => {
  const executor = await threadsExecutor({ profile, simulator, workers: 1 })
  try {
    const given = Array.from({ length: 12 }, (_, replication) => replication)
    const finished: number[] = []
    await Promise.all(
      given.map(async (replication) => {
        await executor.run(task(replication))
        finished.push(replication)
      }),
    )
    expect(finished).toEqual(given)
  } finally {
    await executor.close()
  }
})

test.each([1, 2])(
  'tasks that end their worker fail alone: the next, which it held already, goes to another (%i workers)',
  async (workers) => {
    const executor = await threadsExecutor({ profile, simulator, workers })
    try {
      // Each of them ends the first worker that it meets, before that has finished anything.
      const deadly = Array.from({ length: 3 }, () => executor.run(task(1, dying)))
      const others = Array.from({ length: 9 }, (_, replication) => executor.run(task(replication)))
      const outcomes = await Promise.allSettled([...deadly, ...others])
      expect(outcomes.map(({ status }) => status)).toEqual([...deadly.map(() => 'rejected'), ...others.map(() => 'fulfilled')])
      for (const outcome of outcomes.slice(0, 3)) expect(outcome).toMatchObject({ reason: { message: 'worker exited with code: 7' } })
    } finally {
      await executor.close()
    }
  },
)

test('an interruption waits for what is under way, and begins nothing that a worker or the queue held', async () => {
  const controller = new AbortController()
  const executor = await threadsExecutor({ profile, simulator, workers: 1, signal: controller.signal })
  try {
    const tasks = Promise.allSettled(Array.from({ length: 5 }, (_, replication) => executor.run(task(replication, slow))))
    controller.abort(new Error('stop here'))
    const outcomes = await tasks
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled' })
    for (const outcome of outcomes.slice(1)) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'stop here' } })
    await expect(executor.run(task(5))).rejects.toThrow('stop here')
  } finally {
    await executor.close()
  }
})
