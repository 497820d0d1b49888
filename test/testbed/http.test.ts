/** HTTP on the live kernel: requests are answered on connections that stand, relays are crossed, and nothing is left. Not how long they take. */
import { beforeAll, describe, expect, test } from 'vitest'
import { command } from '../../experiments/testbed/command.js'
import { requireTestbed } from './guard.js'
import { machineState } from './machine-state.js'
import { measureOnce } from './measure-once.js'
import { requestsOf } from './scenarios.js'

beforeAll(requireTestbed)

describe.each([
  ['in a shared namespace', requestsOf('shared'), 0],
  ['through nginx at layer 7', requestsOf('bridge', { kind: 'http', program: 'nginx' }, 16_384), 16_384],
  ['through HAProxy at layer 7', requestsOf('bridge', { kind: 'http', program: 'haproxy' }, 16_384), 16_384],
  ['through HAProxy at layer 4', requestsOf('bridge', { kind: 'tcp', program: 'haproxy' }), 64],
])('requests %s', (_, scenario, relayed) => {
  test('are answered, proven, and leave the machine as it was', async () => {
    const before = await machineState()
    const { flows } = await measureOnce(scenario)
    expect(await machineState()).toEqual(before)
    const { result, proof } = flows['get']!
    expect(proof.objections).toEqual([])
    expect(proof.verdict).toBe('proven')
    expect(result.messages).toBeGreaterThan(0)
    for (const bytes of Object.values(proof.proxyBytesPerMessage)) expect(bytes).toBeGreaterThan(relayed)
  })
})

test('requests that go another way are refuted', async () => {
  const { flows } = await measureOnce(requestsOf('bridge'), async ({ kernelName }) => {
    const [client, server] = [kernelName('container.client'), kernelName('container.server')]
    await command(['ip', '-n', client, 'link', 'add', 'around', 'type', 'veth', 'peer', 'name', 'around', 'netns', server])
    for (const [namespace, own, other] of [
      [client, '10.99.0.1', '10.70.0.1'],
      [server, '10.99.0.2', '10.70.0.2'],
    ] as const) {
      await command(['ip', '-n', namespace, 'address', 'add', `${own}/24`, 'dev', 'around'])
      await command(['ip', '-n', namespace, 'link', 'set', 'around', 'up'])
      await command(['ip', '-n', namespace, 'route', 'add', `${other}/32`, 'dev', 'around'])
    }
  })
  expect(flows['get']!.proof.verdict).toBe('refuted')
})
