/** Requests of HTTP: what each is charged, in how many reads a reply comes, and what layer 7 adds to layer 4. */
import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import { explainScenario } from '../../models/topology/explain.js'
import type { Proxy, Scenario } from '../../models/topology/scenario.js'
import { REQUEST_BYTES, replyBytes } from '../../models/workloads/http.js'
import { inventedProfile } from './fixture-profile.js'
import { type Choice, smallScenario } from './small-scenario.js'

const options = { seed: 1, replication: 0, messages: 60, warmUpMessages: 8 }

function requesting(choice: Choice, relay?: Pick<Proxy, 'kind' | 'program'>): Scenario {
  const scenario = smallScenario({ messageBytes: 64, ...choice, relay: relay !== undefined })
  const flow = scenario.flows.ping!
  const own = { ...relay, bufferBytes: 16_384, noDelay: true }
  return {
    ...scenario,
    proxies: Object.fromEntries(Object.entries(scenario.proxies).map(([name, proxy]) => [name, { ...proxy, ...own }])),
    flows: { ping: { ...flow, workload: { kind: 'http', messageBytes: flow.workload.messageBytes } } },
  }
}

const run = (scenario: Scenario) => simulateReplication(scenario, inventedProfile(), options).flows[0]!

describe('a request', () => {
  it('is timed from its write to the last byte of its reply, and charged to client and server once', () => {
    const { metric, coefficientCounts } = run(requesting({ driver: 'shared' }))
    expect(metric).toBe('response-time')
    expect(coefficientCounts['http.client.perMessageNs']).toBeCloseTo(1, 1)
    expect(coefficientCounts['http.server.perMessageNs']).toBeCloseTo(1, 1)
    expect(coefficientCounts['http.server.perByteNs']).toBeCloseTo(replyBytes(64), -1)
    expect(coefficientCounts['socket.send.perByteNs']).toBeCloseTo(REQUEST_BYTES + replyBytes(64), -1)
    expect(coefficientCounts['instrument.client.perMessageNs']).toBeUndefined()
  })

  it('has a reply that wrk reads by 8 KiB: 16 KiB and its header in three reads', () => {
    const reads = (messageBytes: number) =>
      run(requesting({ driver: 'shared', messageBytes })).coefficientCounts['socket.receive.perCallNs']
    expect(reads(64)).toBeCloseTo(2, 1)
    expect(reads(16_384)).toBeCloseTo(4, 1)
  })
})

describe('a relay', () => {
  it('at layer 7 pays for headers and body over its turns at layer 4, and writes what it has read in two reads at once', () => {
    const counts = (kind: Proxy['kind']) =>
      run(requesting({ driver: 'shared', messageBytes: 16_384 }, { kind, program: 'nginx' })).coefficientCounts
    const [layer4, layer7] = [counts('tcp'), counts('http')]
    expect(layer4['proxy.http.nginx.perMessageNs']).toBeUndefined()
    expect(layer7['proxy.http.nginx.perMessageNs']).toBeCloseTo(1, 1)
    expect(layer7['proxy.http.nginx.perByteNs']! / replyBytes(16_384)).toBeCloseTo(1, 1)
    expect(layer7['proxy.relay.nginx.perCallNs']).toBeCloseTo(2, 1)
    expect(layer4['proxy.relay.nginx.perCallNs']).toBeCloseTo(3, 1)
    expect(layer4['socket.send.perCallNs']! - layer7['socket.send.perCallNs']!).toBeCloseTo(1, 1)
  })

  it('needs a profile that knows it', () => {
    const profile = inventedProfile()
    const kept = profile.coefficients.filter(({ name }) => !name.startsWith('proxy.http.'))
    const without = { ...profile, coefficients: kept, covariance: new Array(kept.length ** 2).fill(0) }
    const scenario = requesting({ driver: 'shared' }, { kind: 'http', program: 'haproxy' })
    expect(() => simulateReplication(scenario, without, options)).toThrow('no coefficient proxy.http.haproxy.perMessageNs')
    expect(() => simulateReplication(requesting({ driver: 'shared' }), without, options)).not.toThrow()
  })
})

it('is explained with the stages of both ends, a request there and a reply back', () => {
  const [there, back] = explainScenario(requesting({ driver: 'bridge' }, { kind: 'http', program: 'haproxy' }), inventedProfile())
  const names = (path: typeof there) => path!.stages.map(({ name }) => name)
  expect(names(there).filter((name) => name.startsWith('proxy.http') || name.startsWith('http'))).toEqual([
    'proxy.http.haproxy',
    'http.server',
  ])
  expect(names(back).filter((name) => name.startsWith('proxy.http') || name.startsWith('http'))).toEqual([
    'proxy.http.haproxy',
    'http.client',
  ])
})
