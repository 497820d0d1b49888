import { describe, expect, test } from 'vitest'
import { compareModels } from '../../experiments/comparison.js'
import { loadProfile } from '../../experiments/profile-file.js'
import type { FlowRecord } from '../../experiments/replication-record.js'
import type { Profile } from '../../models/profiles/profile.js'
import { createStream } from '../../sim/random/stream.js'
import { inventedExperiment } from '../reports/invented-results.js'

const profile = loadProfile(null)
/** Coefficients that are known exactly, so that an interval holds chance alone. */
const exact: Profile = { ...profile, covariance: profile.covariance.map(() => 0), modelDeviation: 0 }

const points = ['shared', 'bridge'].map((model) => inventedExperiment.points.find((point) => point.model === model)!)

/** A replication whose latency is half of its stages, and what nobody works in. */
function flow(
  stages: Readonly<Record<string, number>>,
  waitingNs: number,
  coefficientCounts: Readonly<Record<string, number>> = {},
): FlowRecord {
  const costs = Object.entries(stages).map(([stage, costNs]) => ({ stage, costNs }))
  const worked = costs.reduce((sum, { costNs }) => sum + costNs, 0)
  const value = worked / 2 + waitingNs
  return {
    flow: 'ping',
    messages: 1000,
    metric: 'latency',
    latencyNs: { min: value, mean: value, p50: value, p90: value, p99: value, 'p99.9': value, max: value },
    sketch: '',
    cpuPerMessageNs: worked,
    stages: costs,
    coefficientCounts,
    stalledThere: 0,
    stalledBack: 0,
    limits: null,
  }
}

function attribution(a: readonly FlowRecord[], b: readonly FlowRecord[], charged: Profile, statistic = 'mean') {
  const simulated = [a, b].map((flows, i) => ({ point: points[i]!, records: flows.map((one) => ({ flows: [one], events: 1 })) }))
  return compareModels(simulated, 'shared', charged).find((pair) => pair.metric === 'latency' && pair.statistic === statistic)!.attribution
}

const bridgeCost = profile.coefficients.find(({ name }) => name === 'bridge.forward.perPacketNs')!

describe('the stages of a difference', () => {
  const a = Array.from({ length: 10 }, (_, i) => flow({ 'socket.send': 4000 + 10 * i, 'loopback.transmit': 600 }, 0))
  const b = Array.from({ length: 10 }, (_, i) =>
    flow({ 'socket.send': 4000 + 10 * i, 'veth.transmit': 2000 + 40 * (i % 2), 'bridge.forward': 1000 }, 100),
  )

  test('with what nobody works in are all of it', () => {
    const { stages, restNs, restHalfWidthNs } = attribution(a, b, exact)!
    // 2020 + 1000 - 600 ns there and back, and 100 ns of waiting: 1310 ns one way.
    expect(stages.map(({ stage, costNs }) => [stage, Math.round(costNs)])).toEqual([
      ['veth.transmit', 2020],
      ['bridge.forward', 1000],
      ['loopback.transmit', -600],
    ])
    expect(restNs).toBeCloseTo(100, 6)
    expect(restHalfWidthNs).toBeCloseTo(0, 6)
    expect(stages.reduce((sum, { share }) => sum + share, 0) + restNs / 1310).toBeCloseTo(1, 9)
  })

  test('leave out the stage that both pay alike, replication by replication', () => {
    expect(attribution(a, b, exact)!.stages.map(({ stage }) => stage)).not.toContain('socket.send')
  })

  test('that are all of it have a share without error, however much they scatter', () => {
    const alone = b.map((_, i) => flow({ 'socket.send': 4000 + 10 * i, 'loopback.transmit': 600, 'veth.transmit': 900 + 80 * i }, 0))
    const [most] = attribution(a, alone, exact)!.stages
    expect(most).toMatchObject({ stage: 'veth.transmit' })
    expect(most!.share).toBeCloseTo(1, 9)
    expect(most!.shareHalfWidth).toBeCloseTo(0, 9)
    expect(most!.costHalfWidthNs).toBeGreaterThan(50)
  })

  test('know how well their coefficients are known', () => {
    const charged = b.map(({ stages }) =>
      flow(Object.fromEntries(stages.map(({ stage, costNs }) => [stage, costNs])), 100, { [bridgeCost.name]: 2 }),
    )
    const cost = (of: Profile) => attribution(a, charged, of)!.stages.find(({ stage }) => stage === 'bridge.forward')!.costHalfWidthNs
    const at = profile.coefficients.indexOf(bridgeCost)
    const variance = profile.covariance[at * profile.coefficients.length + at]!
    expect(cost(exact)).toBe(0)
    expect(cost({ ...profile, modelDeviation: 0 })).toBeCloseTo(1.959963984540054 * 2 * Math.sqrt(variance), 6)
  })

  test('say nothing of a tail', () => {
    expect(attribution(a, b, exact, 'p99')).toBeNull()
  })

  test('have intervals that hold the true share 95 times in 100', () => {
    const stream = createStream(20260730, 0, 0)
    const normal = () => Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform())
    const trials = 1000
    let held = 0
    for (let trial = 0; trial < trials; trial++) {
      const common = Array.from({ length: 10 }, () => 200 * normal())
      const base = common.map((level) => flow({ 'socket.send': 4000 + level + 30 * normal() }, 0))
      const other = common.map((level) =>
        flow(
          { 'socket.send': 4000 + level + 30 * normal(), 'veth.transmit': 2000 + 60 * normal(), 'bridge.forward': 1000 + 30 * normal() },
          0,
        ),
      )
      const veth = attribution(base, other, exact)!.stages.find(({ stage }) => stage === 'veth.transmit')!
      if (Math.abs(veth.share - 2 / 3) <= veth.shareHalfWidth) held++
    }
    // Binomial: 950 of 1000, within three standard deviations of 6.9.
    expect(Math.abs(held - 950)).toBeLessThanOrEqual(21)
  })
})
