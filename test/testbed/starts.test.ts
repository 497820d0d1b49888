/** Starts of containers on the live kernel: every step is there, in order, the server has answered each, and nothing is left. Not how long they take. */
import { beforeAll, describe, expect, test } from 'vitest'
import { parseStartLog } from '../../experiments/testbed/instruments/start-up.js'
import { requireTestbed } from './guard.js'
import { machineState } from './machine-state.js'
import { measureOnce } from './measure-once.js'
import { startsOf } from './scenarios.js'

beforeAll(requireTestbed)

describe.each([
  ['netns', undefined, ['namespace', 'device', 'address', 'carrier', 'first-packet']],
  ['cni', 'cni', ['namespace', 'device', 'first-packet']],
  ['podman', 'podman', ['device', 'first-packet']],
] as const)('starts by %s', (_, engine, steps) => {
  test('three at once pass every step, are answered by the server, and leave the machine as it was', async () => {
    const before = await machineState()
    const { flows, logs } = await measureOnce(startsOf(3, engine), undefined, { keepLogs: true })
    expect(await machineState()).toEqual(before)
    const { result, proof } = flows['start']!
    expect(proof.objections).toEqual([])
    expect(proof.verdict).toBe('proven')
    expect(result.messages).toBeGreaterThan(0)
    expect(result.messages % 3).toBe(0)
    expect(result.total.received).toBe(result.messages)
    for (const [step, { passedNs, coreNs }] of Object.entries(result.steps!)) {
      if (step === 'timer') continue
      const isThere = (steps as readonly string[]).includes(step)
      expect([step, passedNs > 0]).toEqual([step, isThere])
      // What Podman's processes have a core for is counted for all that start.
      if (engine !== 'podman') expect(coreNs).toBeLessThanOrEqual(passedNs)
    }
    // Who starts: 0, 1 and 2, as often as one another.
    const order = logs['start']!.split('\n')
      .filter(Boolean)
      .map((line) => Number(line.split(',')[0]))
    expect(order.slice(0, 3).sort()).toEqual([0, 1, 2])
    expect(parseStartLog(logs['start']!)).toHaveLength(result.messages)
  })
})
