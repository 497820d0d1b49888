import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadProfile } from '../../experiments/profile-file.js'
import { simulateReplication, traceMessages } from '../../models/index.js'
import { anyScenario } from './any-scenario.js'

const profile = loadProfile(null)
const options = { seed: 7, replication: 0, messages: 40, warmUpMessages: 10 }

describe('a traced replication', () => {
  test('has the latencies of the same replication without a trace, for any scenario', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const plain = simulateReplication(scenario, profile, options)
        const traced = traceMessages(scenario, profile, options)
        expect(traced.messages.map(({ latencyNs }) => latencyNs)).toEqual(Array.from(plain.flows[0]!.latencyNs))
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  test('gives every stretch of time to one step or none: steps of one core follow one another and never overlap', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        for (const { steps } of traceMessages(scenario, profile, options).messages) {
          for (const core of new Set(steps.map((step) => step.core))) {
            const own = steps.filter((step) => step.core === core).sort((a, b) => a.startNs - b.startNs)
            own.forEach((step, i) => {
              expect(step.endNs).toBeGreaterThanOrEqual(step.startNs)
              if (i > 0) expect(step.startNs).toBeGreaterThanOrEqual(own[i - 1]!.endNs - 1e-6)
            })
          }
        }
      }),
      { numRuns: 20, seed: 4 },
    )
  })

  test('accounts for the processor time that the replication reports, but for what its first and last message share', () => {
    const scenario = fc.sample(anyScenario, { numRuns: 1, seed: 5 })[0]!
    const many = { ...options, messages: 400 }
    const plain = simulateReplication(scenario, profile, many).flows[0]!
    const reported = plain.stages.reduce((sum, stage) => sum + stage.costNs, 0)
    const steps = traceMessages(scenario, profile, many).messages.flatMap((message) => message.steps)
    const traced = steps.reduce((sum, step) => sum + step.endNs - step.startNs, 0) / many.messages
    // Durations scatter around their costs by burstSigma; 400 messages of a dozen bursts bring their mean within a twentieth.
    expect(Math.abs(traced / reported - 1)).toBeLessThan(0.05)
  })

  test('is refused for a world of two flows', () => {
    const [scenario] = fc.sample(anyScenario, { numRuns: 1, seed: 6 })
    const flow = Object.values(scenario!.flows)[0]!
    expect(() => traceMessages({ ...scenario!, flows: { a: flow, b: flow } }, profile, options)).toThrow('a trace follows one flow, got 2')
  })
})
