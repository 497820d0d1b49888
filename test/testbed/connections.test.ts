/** Connections on the live kernel: each is opened, answered and closed, crosses the devices that it should, and nothing is left. Not how long they take. */
import { beforeAll, describe, expect, test } from 'vitest'
import { command } from '../../experiments/testbed/command.js'
import { parseConnectLog } from '../../experiments/testbed/instruments/connect.js'
import { requireTestbed } from './guard.js'
import { machineState } from './machine-state.js'
import { measureOnce } from './measure-once.js'
import { connectionsOf } from './scenarios.js'

beforeAll(requireTestbed)

describe.each([
  ['in a shared namespace', connectionsOf('shared')],
  ['over a bridge', connectionsOf('bridge')],
  ['through microsocks', connectionsOf('bridge', { relay: true })],
  ['through microsocks that asks for a password', connectionsOf('bridge', { relay: true, password: true })],
])('connections %s', (_, scenario) => {
  test('pass every step, are answered one by one, are proven, and leave the machine as it was', async () => {
    const before = await machineState()
    const { flows, logs } = await measureOnce(scenario, undefined, { keepLogs: true })
    expect(await machineState()).toEqual(before)
    const { result, proof } = flows['ask']!
    expect(proof.objections).toEqual([])
    expect(proof.verdict).toBe('proven')
    expect(result.messages).toBeGreaterThan(0)
    expect(result.total.received).toBeGreaterThan(result.messages)
    expect(parseConnectLog(logs['ask']!)).toHaveLength(result.messages)
    const { negotiate, ...others } = result.steps!
    for (const [step, { passedNs }] of Object.entries(others)) expect([step, passedNs > 100]).toEqual([step, true])
    expect(negotiate!.passedNs > 1000).toBe(Object.keys(scenario.proxies).length > 0)
  })
})

test('connections that go another way are refuted', async () => {
  // The client finds the server over a pair of its own, beside the bridge.
  const around = measureOnce(connectionsOf('bridge'), async ({ kernelName }) => {
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
  const { flows } = await around
  expect(flows['ask']!.proof.verdict).toBe('refuted')
})
