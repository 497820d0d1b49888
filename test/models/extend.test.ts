import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseExperiment } from '../../experiments/schema/index.js'
import { coefficientNames, extendProfile, type Profile, simulateReplication } from '../../models/index.js'
import { quantiles } from '../../sim/index.js'
import { inventedProfile } from './fixture-profile.js'

const parsed = parseExperiment(readFileSync(new URL('../../experiments/isolation.yaml', import.meta.url), 'utf8'), 'isolation.yaml')
if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
const points = parsed.experiment.points

const isIsolation = (name: string): boolean => name.startsWith('seccomp') || name.startsWith('control-group')
/** Of the order of what is believed of them; the beliefs are part of the fit. */
const truth = inventedProfile(
  {},
  {
    'seccomp.filter.perCallNs': 40,
    'seccomp.filter.perProgramNs': 20,
    'seccomp.filter.perRuleNs': 1.5,
    'control-group.schedule.perSwitchNs': 200,
  },
)
const known = truth.coefficients.filter(({ name }) => !isIsolation(name))
const lacking: Profile = { ...truth, coefficients: known, covariance: new Array(known.length ** 2).fill(0) }
const SCALE = 2.5

/** What a machine that is 2.5 times as fast would measure. */
const rows = points.map(({ model, scenario }) => {
  const options = { seed: 3, replication: 0, messages: 1000, warmUpMessages: 200 }
  const { latencyNs } = simulateReplication(scenario, truth, options).flows[0]!
  return { rowId: model!, label: model!, valueNs: quantiles(latencyNs, [0.5])[0]! / SCALE, deviationNs: 1, scenario }
})

describe('a profile that lacks stages', () => {
  const { profile, scale, references, added, residuals } = extendProfile(lacking, rows)
  const valueOf = (name: string) => profile.coefficients.find((coefficient) => coefficient.name === name)!

  it('is told by the paths that it knows how fast the other machine is', () => {
    expect(references).toBe(1)
    expect(scale).toBeCloseTo(SCALE, 2)
  })

  it('gets what it lacks in its own time, and keeps what it has', () => {
    expect(added).toEqual(coefficientNames.filter(isIsolation))
    profile.coefficients.forEach(({ name, value, origin }, i) => {
      if (!isIsolation(name)) return
      const expected = truth.coefficients.find((coefficient) => coefficient.name === name)!.value
      const deviation = Math.sqrt(profile.covariance[i * profile.coefficients.length + i]!)
      expect(Math.abs(value - expected)).toBeLessThan(2 * deviation)
      expect(origin).toBe('transferred')
    })
    for (const coefficient of known) expect(valueOf(coefficient.name)).toEqual(coefficient)
    expect(profile.covariance).toHaveLength(profile.coefficients.length ** 2)
    for (const { measuredNs, fittedNs } of residuals) expect(Math.abs(fittedNs / measuredNs - 1)).toBeLessThan(0.03)
  })

  it('refuses rows that say nothing of the other machine, or nothing new', () => {
    expect(() => extendProfile(lacking, rows.slice(1))).toThrow('no row is of a path that the profile knows')
    expect(() => extendProfile(truth, rows)).toThrow('knows every stage')
  })
})
