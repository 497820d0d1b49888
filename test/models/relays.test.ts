import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseExperiment } from '../../experiments/schema/index.js'
import { unknownStages } from '../../experiments/uncalibrated.js'
import { simulateReplication } from '../../models/index.js'
import { layOut } from '../../models/topology/layout.js'
import { legsOf } from '../../models/topology/legs.js'
import { inventedProfile } from './fixture-profile.js'

function pointsOf(name: string) {
  const parsed = parseExperiment(readFileSync(new URL(`../../experiments/${name}.yaml`, import.meta.url), 'utf8'), `${name}.yaml`)
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  return parsed.experiment.points
}

const points = [...pointsOf('relays'), ...pointsOf('socks-proxies')]
const scenarioOf = (model: string, bytes: number) =>
  points.find((point) => point.model === model && point.scenario.flows['ping']!.workload.messageBytes === bytes)!.scenario
const countsOf = (model: string, bytes: number) =>
  simulateReplication(scenarioOf(model, bytes), inventedProfile(), { seed: 1, replication: 0, messages: 60, warmUpMessages: 10 }).flows[0]!
    .coefficientCounts

describe('a relay', () => {
  it('pays its own program for each piece, there and back', () => {
    for (const program of ['dante', 'haproxy', 'nginx', 'socat']) {
      const counts = countsOf(program, 4096)
      // The wait for the next message may have begun when the last one is complete.
      expect(counts[`proxy.relay.${program}.perCallNs`]).toBeCloseTo(2, 1)
      expect(counts['proxy.relay.perCallNs']).toBeUndefined()
    }
    expect(countsOf('microsocks', 4096)['proxy.relay.perCallNs']).toBeCloseTo(8, 1)
  })

  it('that sets TCP_NODELAY towards the server alone has it on the connection that it opened', () => {
    const scenario = scenarioOf('dante', 64)
    const [first, second] = legsOf(scenario, scenario.flows['ping']!)
    expect([first!.far.noDelay, second!.near.noDelay]).toEqual([false, true])
  })
})

it('is named where a profile has no numbers for it, as is a filter', () => {
  const profile = inventedProfile()
  const known = profile.coefficients.filter(({ name }) => !name.startsWith('proxy.relay.nginx') && !name.startsWith('seccomp'))
  const lacking = { ...profile, coefficients: known, covariance: new Array(known.length ** 2).fill(0) }
  expect(unknownStages(scenarioOf('nginx', 64), lacking)).toEqual(['proxy.relay.nginx'])
  expect(unknownStages(scenarioOf('haproxy', 64), lacking)).toEqual([])
  expect(unknownStages({ ...scenarioOf('haproxy', 64), engine: 'podman' }, lacking)).toEqual(['seccomp.filter'])
})

describe('sidecars', () => {
  it('live in the namespaces of their containers, and are called over loopback', () => {
    const scenario = scenarioOf('sidecars', 64)
    const { processes } = layOut(scenario)
    const placeOf = (name: string) => processes.find((process) => process.name === name)!
    expect(placeOf('near').namespace).toBe('container.client')
    expect(placeOf('far').addresses).toEqual(placeOf('server').addresses)
    const crossed = legsOf(scenario, scenario.flows['ping']!).map((leg) => leg.there.crossings.map(({ law }) => law.stage).join(' '))
    expect(crossed).toEqual(['loopback.transmit', 'veth.transmit bridge.forward veth.transmit', 'loopback.transmit'])
  })
})
