/** A service answers each connection with a backend of its own choice: which one is drawn anew for every replication. */
import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import { answeredBy } from '../../models/topology/backends.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { elementScenarios } from '../testbed/elements.js'
import { inventedProfile } from './fixture-profile.js'

const balanced = elementScenarios().get('map')!
/** One backend lets nobody's wake-up wait: its latency tells it from the other. */
const scenario = {
  ...balanced,
  containers: { ...balanced.containers, second: { ...balanced.containers['second']!, policy: 'batch' as const } },
}
const profile = inventedProfile()

const medianOf = (of: Scenario, replication: number): number => {
  const { latencyNs } = simulateReplication(of, profile, { seed: 7, replication, messages: 20, warmUpMessages: 5 }).flows[0]!
  return [...latencyNs].sort((a, b) => a - b)[10]!
}

/** The service has this backend alone. */
const only = (backend: string): Scenario => {
  const answered = answeredBy(scenario, 'ping', backend)
  return { ...answered, services: { web: { ...answered.services!['web']!, backends: [backend] } } }
}

describe('a service of two backends', () => {
  const [first, second] = [medianOf(only('server'), 0), medianOf(only('second'), 0)]

  it('answers each replication as one of them alone would', () => {
    expect(first).not.toBe(second)
    for (let replication = 0; replication < 20; replication++) expect([first, second]).toContain(medianOf(scenario, replication))
  })

  it('takes each of them about equally often', () => {
    const medians = Array.from({ length: 200 }, (_, replication) => medianOf(scenario, replication))
    const share = medians.filter((median) => median === second).length / medians.length
    // Three standard deviations of a fair coin thrown two hundred times.
    expect(Math.abs(share - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / 200))
  })

  it('draws the same in the same replication', () => {
    for (let replication = 0; replication < 5; replication++) expect(medianOf(scenario, replication)).toBe(medianOf(scenario, replication))
  })
})
