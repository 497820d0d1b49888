/** Every element that forwards, translates or redirects, on the live kernel: its packets cross what was resolved, and nothing else. */
import { beforeAll, describe, expect, test } from 'vitest'
import { buildLayout } from '../../experiments/testbed/build.js'
import { command } from '../../experiments/testbed/command.js'
import type { Measurement } from '../../experiments/testbed/measurement.js'
import { beginRun } from '../../experiments/testbed/run.js'
import { measureSeries } from '../../experiments/testbed/series.js'
import { layOut } from '../../models/topology/layout.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { elementScenarios } from './elements.js'
import { requireTestbed } from './guard.js'

beforeAll(requireTestbed)

/** One measurement of a second; `meddle` changes what was built before the traffic. */
async function measured(
  scenario: Scenario,
  meddle: (kernelName: (namespace: string) => string) => Promise<unknown> = async () => null,
): Promise<Measurement> {
  const run = await beginRun({ waitSeconds: 120 })
  try {
    const built = await buildLayout(run, scenario, layOut(scenario))
    expect(built.unsettled).toEqual({})
    await meddle(built.kernelName)
    let found: Measurement | undefined
    await measureSeries(run, built, [{ scenario, seconds: 1, keepLogs: false }], (_, outcome) => {
      if ('reason' in outcome) throw new Error(outcome.reason)
      found = outcome.measurement
    })
    return found!
  } finally {
    await run.end()
  }
}

describe('packets cross the devices of the path, and no others', () => {
  for (const [name, scenario] of elementScenarios()) {
    test(name, { timeout: 150_000 }, async () => {
      const { proof } = (await measured(scenario)).flows['ping']!
      expect(proof.objections).toEqual([])
      expect(proof.verdict).toBe('proven')
    })
  }
})

test('packets that take another way than the experiment says are not taken for its own', { timeout: 150_000 }, async () => {
  const redirect = elementScenarios().get('redirect')!
  const { proof } = (
    await measured(redirect, async (kernelName) => {
      const host = kernelName('host.h1')
      // Without the program on the client's pair its packets go up into the host, which hands them to a bridge.
      for (const end of ['veth.client.net', 'veth.server.net']) await command(['tc', '-n', host, 'qdisc', 'delete', 'dev', end, 'clsact'])
      await command(['ip', '-n', host, 'link', 'add', 'br0', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0'])
      await command(['ip', '-n', host, 'link', 'set', 'br0', 'up'])
      for (const end of ['veth.client.net', 'veth.server.net']) await command(['ip', '-n', host, 'link', 'set', end, 'master', 'br0'])
    })
  ).flows['ping']!
  expect(proof.verdict).toBe('refuted')
  expect(proof.objections.join()).toMatch(/veth\.(client|server)\.net is received on only, and counted \d+ packets the other way/)
})
