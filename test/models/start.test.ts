/** Containers that start at once: the mutex, the cores, and what is paid once. Expected times are added up by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processorTimeNs } from '../../models/processor-time.js'
import { simulateReplication } from '../../models/simulate.js'
import { explainScenario } from '../../models/topology/explain.js'
import type { Scenario } from '../../models/topology/scenario.js'
import { type RoundStep, startRound } from '../../models/workloads/start-round.js'
import { chargesOfStart } from '../../models/workloads/start-steps.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const FREE: RoundStep = { isLocked: false, isAway: false }
const LOCKED: RoundStep = { isLocked: true, isAway: false }
const LOCKED_AWAY: RoundStep = { isLocked: true, isAway: true }
const AWAY: RoundStep = { isLocked: false, isAway: true }

const TURN_NS = 4000
/** Starts on the cores given, all with the same steps. */
function round(steps: readonly RoundStep[], takesNs: readonly number[], onCores: readonly number[], quantumNs = TURN_NS) {
  return startRound({ cores: 2, quantumNs, steps, starts: onCores.map((core) => ({ core, takesNs })) })
}
const ends = (outcome: ReturnType<typeof round>): number[] => outcome.starts.map(({ endNs }) => endNs)

describe('starts at one moment', () => {
  it('on two cores hold each other up for as long as the mutex is held, and no longer', () => {
    const outcome = round([FREE, LOCKED, FREE], [100, 300, 100], [0, 1])
    expect(ends(outcome)).toEqual([500, 800])
    expect(outcome.starts.map(({ lockWaitNs }) => lockWaitNs)).toEqual([0, 300])
    expect(outcome.heldNs).toBe(600)
    // Who waits for a holder that runs spins: its core is busy all the while.
    expect(outcome.busyNs).toEqual([500, 800])
  })

  it('on two cores without a mutex hold nobody up', () => {
    expect(ends(round([FREE, FREE], [100, 300], [0, 1]))).toEqual([400, 400])
  })

  it('on one core follow one another: nothing of them overlaps but what passes without a core', () => {
    expect(ends(round([FREE, LOCKED, FREE], [100, 300, 100], [1, 1, 1]))).toEqual([500, 1000, 1500])
    expect(ends(round([FREE, AWAY, FREE], [100, 300, 100], [1, 1]))).toEqual([500, 600])
  })

  it('sleep while the holder of the mutex does, and leave their cores to others', () => {
    // The second asks at 100, while the first holds the mutex asleep until 400; the third, on the second's core, works meanwhile.
    const outcome = startRound({
      cores: 2,
      quantumNs: TURN_NS,
      steps: [FREE, LOCKED_AWAY, FREE],
      starts: [
        { core: 0, takesNs: [50, 350, 10] },
        { core: 1, takesNs: [100, 200, 10] },
        { core: 1, takesNs: [250, 100, 10] },
      ],
    })
    expect(ends(outcome)).toEqual([410, 610, 710])
    expect(outcome.busyNs).toEqual([60, 370])
  })

  it('take turns where one needs its core for longer than a turn', () => {
    expect(ends(round([FREE], [6000], [0, 0]))).toEqual([10_000, 12_000])
  })

  it('never overlap in the mutex, and lose no time: whatever the steps are', () => {
    const step = fc.record({ isLocked: fc.boolean(), isAway: fc.boolean() })
    const steps = fc.array(step, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 400 }),
        (made, cores, unit) => {
          const takesNs = made.map((_, i) => unit * (i + 1))
          const outcome = round(made, takesNs, cores, 500)
          const sum = (of: (step: RoundStep) => boolean): number => made.reduce((total, one, i) => total + (of(one) ? takesNs[i]! : 0), 0)
          // Who is put aside at the end of its turn keeps the mutex.
          expect(outcome.heldNs).toBeGreaterThanOrEqual(cores.length * sum(({ isLocked }) => isLocked))
          const last = Math.max(...ends(outcome))
          expect(last).toBeGreaterThanOrEqual(outcome.heldNs)
          for (const core of [0, 1])
            expect(last).toBeGreaterThanOrEqual(cores.filter((one) => one === core).length * sum(({ isAway }) => !isAway))
          expect(last).toBeLessThanOrEqual(cores.length * sum(() => true) + 1e-6)
          for (const { endNs } of outcome.starts) expect(endNs).toBeGreaterThanOrEqual(sum(() => true))
        },
      ),
      { seed: 5, numRuns: 300 },
    )
  })
})

function starting(atOnce: number, engine?: 'cni' | 'podman'): Scenario {
  const scenario = smallScenario({ driver: 'bridge', mtuBytes: 1500 })
  const [name, flow] = Object.entries(scenario.flows)[0]!
  return {
    ...scenario,
    ...(engine && { engine }),
    flows: { [name]: { ...flow, transport: 'tcp', workload: { kind: 'start', messageBytes: 64, atOnce } } },
  }
}

describe('a scenario that starts containers', () => {
  const profile = inventedProfile()
  const options = { seed: 1, replication: 0, messages: 100, warmUpMessages: 0 }
  const costOf = (scenario: Scenario): number =>
    chargesOfStart(scenario).reduce(
      (sum, { law, per, count }) => sum + count * profile.coefficients.find(({ name }) => name === `${law.stage}.${per}`)!.value,
      0,
    )

  it.each([undefined, 'cni', 'podman'] as const)(
    'takes a lone start the sum of its steps (engine %s), and explains it by the same',
    (engine) => {
      const scenario = starting(1, engine)
      const { flows } = simulateReplication(scenario, profile, options)
      expect(new Set(flows[0]!.latencyNs)).toEqual(new Set([costOf(scenario)]))
      expect(flows[0]).toMatchObject({ metric: 'start-up', messages: 100, limits: null })
      const [path, ...more] = explainScenario(scenario, profile)
      expect(more).toEqual([])
      expect(path!.stages.reduce((sum, { costNs }) => sum + costNs, 0)).toBe(costOf(scenario))
    },
  )

  it('makes starts at once wait for the mutex, says so, and counts no wait as processor time', () => {
    const [one, eight] = [1, 8].map((atOnce) => simulateReplication(starting(atOnce), profile, options).flows[0]!)
    const waits = eight!.stages.filter(({ stage }) => stage.startsWith('wait.'))
    expect(waits.map(({ stage }) => stage)).toEqual(['wait.lock', 'wait.core'])
    expect(processorTimeNs(eight!.stages)).toBeLessThanOrEqual(processorTimeNs(one!.stages))
    expect(eight!.limits).toMatch(
      /^(rtnl mutex \(held \d+ % of the time\), then core m1\/[01] \(\d+ % busy\)|core m1\/[01] \(\d+ % busy\), then rtnl mutex \(held \d+ % of the time\))$/,
    )
    const mean = eight!.latencyNs.reduce((sum, ns) => sum + ns, 0) / eight!.latencyNs.length
    // A hundred are counted of thirteen rounds of eight.
    expect(eight!.stages.reduce((sum, { costNs }) => sum + costNs, 0)).toBeCloseTo(mean, -3)
  })

  it('draws the same for the same seed and replication, and others for others', () => {
    const noisy = inventedProfile({ burstSigma: 0.05 })
    const run = (replication: number) => [...simulateReplication(starting(4), noisy, { ...options, replication }).flows[0]!.latencyNs]
    expect(run(0)).toEqual(run(0))
    expect(run(1)).not.toEqual(run(0))
  })

  it('is refused where the profile lacks a step', () => {
    const lacking = { ...profile, coefficients: profile.coefficients.filter(({ name }) => !name.startsWith('device.register')) }
    expect(() => simulateReplication(starting(1), lacking, options)).toThrow('no coefficient device.register.perDeviceNs')
  })
})
