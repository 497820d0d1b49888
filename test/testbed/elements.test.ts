/** Every element that forwards, translates or redirects, on the live kernel: its packets cross what was resolved, and nothing else. */
import { beforeAll, describe, expect, test } from 'vitest'
import { command } from '../../experiments/testbed/command.js'
import { elementScenarios } from './elements.js'
import { requireTestbed } from './guard.js'
import { measureOnce } from './measure-once.js'

beforeAll(requireTestbed)

describe('packets cross the devices of the path, and no others', () => {
  for (const [name, scenario] of elementScenarios()) {
    test(name, { timeout: 150_000 }, async () => {
      const { proof } = (await measureOnce(scenario)).flows['ping']!
      expect(proof.objections).toEqual([])
      expect(proof.verdict).toBe('proven')
    })
  }
})

test('packets that take another way than the experiment says are not taken for its own', { timeout: 150_000 }, async () => {
  const redirect = elementScenarios().get('redirect')!
  const { proof } = (
    await measureOnce(redirect, async ({ kernelName }) => {
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
