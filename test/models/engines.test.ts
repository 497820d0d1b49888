import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseExperiment } from '../../experiments/schema/index.js'
import { simulateReplication } from '../../models/index.js'
import { layOut } from '../../models/topology/layout.js'
import { legsOf } from '../../models/topology/legs.js'
import { inventedProfile, inventedValue } from './fixture-profile.js'

const file = new URL('../../experiments/engines.yaml', import.meta.url)
const parsed = parseExperiment(readFileSync(file, 'utf8'), 'engines.yaml')
if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
const { points } = parsed.experiment

function scenarioOf(model: string, engine: string) {
  return points.find((point) => point.model === model && point.values['engine'] === engine)!.scenario
}

function stages(model: string, engine: string, direction: 'there' | 'back'): string {
  const scenario = scenarioOf(model, engine)
  return legsOf(scenario, scenario.flows['ping']!)[0]!
    [direction].crossings.map(({ law, rules }) => (rules === undefined ? law.stage : `${law.stage}x${rules}`))
    .join(' ')
}

describe('what an engine adds to a path', () => {
  it('is nothing on a bridge whose packets pass no IP hooks', () => {
    for (const engine of ['netns', 'cni', 'podman'])
      expect(stages('bridge', engine, 'there')).toBe('veth.transmit bridge.forward veth.transmit')
  })

  it('is tracking where they pass them, and under podman a chain, whose second rule is theirs', () => {
    const hooked = 'veth.transmit bridge.forward netfilter.hook'
    expect(stages('netfilter', 'netns', 'there')).toBe(`${hooked} veth.transmit`)
    expect(stages('netfilter', 'cni', 'there')).toBe(`${hooked} conntrack.lookup veth.transmit`)
    expect(stages('netfilter', 'podman', 'there')).toBe(`${hooked} conntrack.lookup iptables.chainx1 veth.transmit`)
  })

  it('is a rule for packets to a network and another for those from it, on both hosts of a published port', () => {
    const rules = (direction: 'there' | 'back') => stages('published', 'podman', direction).match(/iptables.chainx\d/g)
    expect(rules('there')).toEqual(['iptables.chainx2', 'iptables.chainx1'])
    expect(rules('back')).toEqual(['iptables.chainx2', 'iptables.chainx1'])
    expect(stages('published', 'cni', 'there')).not.toContain('chain')
  })

  it('masquerades what leaves for another network, as the engines do and netns does not', () => {
    const { translations, masquerades } = layOut(scenarioOf('published', 'cni'))
    expect(masquerades.map(({ namespace, prefix }) => `${namespace} ${prefix}`)).toEqual(['host.h1 10.70.0.0/24', 'host.h2 10.71.0.0/24'])
    expect(translations).toHaveLength(1)
    const translated = (engine: string) => stages('published', engine, 'there').match(/nat.translate/g)!.length
    expect([translated('netns'), translated('cni')]).toEqual([1, 2])
  })
})

const isolated = parseExperiment(readFileSync(new URL('../../experiments/isolation.yaml', import.meta.url), 'utf8'), 'isolation.yaml')
if ('errors' in isolated) throw new Error(JSON.stringify(isolated.errors))
const { points: isolation } = isolated.experiment

describe('a filter', () => {
  const countsOf = (model: string) =>
    simulateReplication(isolation.find((point) => point.model === model)!.scenario, inventedProfile(), {
      seed: 1,
      replication: 0,
      messages: 200,
      warmUpMessages: 50,
    }).flows[0]!.coefficientCounts

  it('that reads arguments runs its program at each call, and each of its rules', () => {
    const counts = countsOf('rules-100')
    expect(counts['seccomp.filter.perProgramNs']).toBe(counts['seccomp.filter.perCallNs'])
    expect(counts['seccomp.filter.perRuleNs']).toBeCloseTo(100 * counts['seccomp.filter.perCallNs']!, 6)
    expect(countsOf('filter')['seccomp.filter.perProgramNs']).toBeUndefined()
  })

  it('that is switched off costs nothing, and leaves the control group', () => {
    const counts = countsOf('groups')
    expect(Object.keys(counts).filter((name) => name.startsWith('seccomp'))).toEqual([])
    expect(counts['control-group.schedule.perSwitchNs']).toBeGreaterThan(0)
  })
})

describe('a confined process', () => {
  const run = (engine: string) =>
    simulateReplication(scenarioOf('bridge', engine), inventedProfile(), { seed: 1, replication: 0, messages: 200, warmUpMessages: 50 })
      .flows[0]!

  it('pays its filter at each system call, four a round trip of short messages', () => {
    const counts = run('podman').coefficientCounts
    const calls = counts['socket.send.perCallNs']! + counts['socket.receive.perCallNs']!
    expect(counts['seccomp.filter.perCallNs']).toBeCloseTo(calls, 6)
    expect(run('cni').coefficientCounts['seccomp.filter.perCallNs']).toBeUndefined()
  })

  it('pays its control group at each switch', () => {
    const counts = run('podman').coefficientCounts
    expect(counts['control-group.schedule.perSwitchNs']).toBe(counts['context.switch.perSwitchNs'])
    expect(run('netns').coefficientCounts['control-group.schedule.perSwitchNs']).toBeUndefined()
  })

  it('is refused by a profile that knows neither', () => {
    const profile = inventedProfile()
    const known = profile.coefficients.filter(({ name }) => !name.startsWith('seccomp') && !name.startsWith('control-group'))
    const lacking = { ...profile, coefficients: known, covariance: new Array(known.length ** 2).fill(0) }
    const options = { seed: 1, replication: 0, messages: 10, warmUpMessages: 1 }
    expect(() => simulateReplication(scenarioOf('bridge', 'podman'), lacking, options)).toThrow(
      'the profile has no coefficient seccomp.filter.perCallNs, which this path charges',
    )
    expect(simulateReplication(scenarioOf('bridge', 'cni'), lacking, options).flows).toHaveLength(1)
    expect(inventedValue('seccomp.filter.perCallNs')).toBeGreaterThan(0)
  })
})
