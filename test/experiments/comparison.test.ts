import { describe, expect, test } from 'vitest'
import type { StagePart } from '../../experiments/attribution.js'
import type { Pair } from '../../experiments/comparison.js'
import { concerns, judge, parseCondition } from '../../experiments/comparison-condition.js'
import { compareMeasuredModels } from '../../experiments/comparison-measured.js'
import { compareResults } from '../../experiments/comparison-of-results.js'
import { loadProfile } from '../../experiments/profile-file.js'
import type { FlowRecord } from '../../experiments/replication-record.js'
import type { Row } from '../../experiments/rows.js'
import { verdictSentence } from '../../reports/comparison-sentence.js'
import { inventedExperiment, inventedRows } from '../reports/invented-results.js'

const profile = loadProfile(null)
const point = inventedExperiment.points[0]!

/** Invented replications: a level that all share replication by replication, times a factor. */
function replications(factor: number, count = 10, charge = 1) {
  return Array.from({ length: count }, (_, i) => {
    const level = 7000 + 300 * Math.sin(i * 7)
    const value = level * factor
    const flow: FlowRecord = {
      flow: 'ping',
      messages: 1000,
      metric: 'latency',
      latencyNs: { min: value, mean: value, p50: value, p90: value, p99: value * 2, 'p99.9': value * 3, max: value * 4 },
      sketch: '',
      cpuPerMessageNs: 2 * value,
      stages: [],
      coefficientCounts: { 'veth.transmit.perPacketNs': charge },
      stalledThere: 0,
      stalledBack: 0,
      limits: null,
    }
    return { flows: [flow], events: 1 }
  })
}

const result = (name: string, factor: number, more: { seed?: number; charge?: number } = {}) => ({
  name,
  seed: more.seed ?? 1,
  profile,
  points: [{ point, records: replications(factor, 10, more.charge) }],
})

describe('two results', () => {
  test('of one seed are paired: what all replications share cancels out of the difference', () => {
    const paired = compareResults(result('a', 1), [result('b', 1.1)]).find(({ statistic }) => statistic === 'p50')!
    const apart = compareResults(result('a', 1), [result('b', 1.1, { seed: 2 })]).find(({ statistic }) => statistic === 'p50')!
    expect(paired).toMatchObject({ a: 'a', b: 'b', pairing: 'common random numbers', pairs: 10, verdict: 'more' })
    expect(paired.ratio).toBeCloseTo(1.1, 12)
    expect(apart.pairing).toBe('none')
    expect(apart.ratioHalfWidth).toBeGreaterThan(3 * paired.ratioHalfWidth)
  })

  test('of one profile share its uncertainty where they pay the same, and not where they pay differently', () => {
    const same = compareResults(result('a', 1), [result('b', 1)])[0]!
    const other = compareResults(result('a', 1), [result('b', 1, { charge: 3 })])[0]!
    expect(same).toMatchObject({ difference: 0, halfWidth: 0, verdict: 'no difference shown' })
    expect(other.halfWidth).toBeGreaterThan(0)
  })
})

describe('measured models', () => {
  /** Runs of two models, block by block: every third block disturbs both. */
  const runs = ['shared', 'bridge'].flatMap((model) =>
    Array.from({ length: 9 }, (_, block): Row => {
      const like = inventedRows.find((row) => row.source === 'measured' && row.model === model && row.statistic === 'p50')!
      const disturbed = block % 3 === 0 ? 1.2 : 1
      const value = (model === 'shared' ? 7000 : 8400) * disturbed * (1 + 0.001 * block)
      return {
        ...like,
        rowId: `${model}-${block}`,
        level: 'run',
        value,
        halfWidth: null,
        halfWidthKind: null,
        block,
        repeat: block,
        runs: 1,
      }
    }),
  )

  test('are paired by block: a disturbance that both share widens nothing', () => {
    const [pair] = compareMeasuredModels(runs, 'shared')
    expect(pair).toMatchObject({ a: 'shared', b: 'bridge', source: 'measured', pairing: 'blocks', pairs: 9, verdict: 'more' })
    expect(pair!.ratio).toBeCloseTo(1.2, 9)
    expect(pair!.ratioHalfWidth).toBeLessThan(1e-9)
  })

  test('of different campaigns are two samples', () => {
    const elsewhere = runs.map((row) => (row.model === 'bridge' ? { ...row, campaign: 'another' } : row))
    expect(compareMeasuredModels(elsewhere, 'shared')[0]).toMatchObject({ pairing: 'none', pairs: 9 })
  })
})

const pair: Pair = {
  a: 'bridge',
  b: 'overlay',
  source: 'simulated',
  point: '{}',
  flow: 'ping',
  metric: 'latency',
  statistic: 'p50',
  unit: 'ns',
  difference: 3100,
  ratio: 1.36,
  halfWidth: 200,
  ratioHalfWidth: 0.02,
  effectSize: 12,
  pairing: 'common random numbers',
  pairs: 10,
  p: 0.006,
  verdict: 'more',
  attribution: null,
}

describe('a condition', () => {
  test.each([
    ['p50 ratio > 1.30', 'met'],
    ['p50 ratio > 1.35', 'open'],
    ['p50 ratio > 1.37', 'not met'],
    ['p50 ratio > 130 %', 'met'],
    ['latency p50 difference > 2.8 us', 'met'],
    ['p50 difference>3us', 'open'],
    ['p50 ratio < 1.4', 'met'],
  ])('"%s" is %s where the ratio is 1.36 ± 0.02 and the difference 3.1 ± 0.2 us', (text, verdict) => {
    expect(judge(parseCondition(text), pair)).toBe(verdict)
  })

  test.each([
    [
      'p50 ratio = 1',
      'expected a condition such as "p50 ratio > 1.05", "latency p99 difference > 3 us" or "throughput ratio < 0.95", got "p50 ratio = 1"',
    ],
    ['latncy p50 ratio > 1', 'and "latncy" is no metric'],
    ['p50 ratio > 1 us', 'and a ratio has no unit, got "us"'],
    ['p50 difference > 3', 'and a difference needs a unit'],
    ['ratio > 1', 'and a statistic (p50, p99, mean) is missing'],
    ['throughput difference < -3 us', 'and a difference needs a unit (bit/s, Mbit/s, Gbit/s)'],
  ])('"%s" is refused', (text, message) => {
    expect(() => parseCondition(text)).toThrow(message)
  })
})

describe('what a stream carries', () => {
  const less: Pair = {
    ...pair,
    metric: 'throughput',
    statistic: 'mean',
    unit: 'bit/s',
    difference: -6e9,
    halfWidth: 1e9,
    ratio: 0.8,
    ratioHalfWidth: 0.03,
    verdict: 'less',
  }
  const part = { stage: 'veth.transmit', costNs: 900, costHalfWidthNs: 50, share: 0.9, shareHalfWidth: 0.05 }
  const place = '128 KiB'

  test('is said to be less, of whom it is, and which stage makes a write take more', () => {
    const attribution = { stages: [part], restNs: 100, restHalfWidthNs: 20 }
    expect(verdictSentence({ ...less, attribution }, { place })).toBe(
      'overlay carries 0.80 ± 0.03 times what bridge does at 128 KiB; 90 ± 5 % of what a write takes more is veth.transmit',
    )
  })

  test('takes less where it is more', () => {
    const stages = [{ ...part, costNs: -900 }]
    const more = {
      ...less,
      difference: 6e9,
      ratio: 1.2,
      verdict: 'more' as const,
      attribution: { stages, restNs: -100, restHalfWidthNs: 20 },
    }
    expect(verdictSentence(more, { place })).toContain('; 90 ± 5 % of what a write takes less is veth.transmit')
  })

  test('has no stage named whose part may be none', () => {
    const attribution = { stages: [{ ...part, share: 0.9, shareHalfWidth: 1.1 }], restNs: 100, restHalfWidthNs: 20 }
    expect(verdictSentence({ ...less, attribution }, { place })).toContain(
      '; no single stage is shown to be most of what a write takes more',
    )
  })

  test('of measured runs is explained by the processor time that was predicted to change', () => {
    const simulated = { ...less, attribution: { stages: [part], restNs: 100, restHalfWidthNs: 20 } }
    expect(verdictSentence({ ...less, source: 'measured', attribution: null }, { place, simulated })).toContain(
      '; of the processor time that changes, veth.transmit is most (0.90 ± 0.05 µs)',
    )
  })

  test('is what a condition names, and no condition on times means it', () => {
    expect(judge(parseCondition('throughput ratio < 0.85'), less)).toBe('met')
    expect(judge(parseCondition('throughput mean difference < -4 Gbit/s'), less)).toBe('met')
    expect(judge(parseCondition('throughput ratio < 0.79'), less)).toBe('not met')
    expect(concerns(parseCondition('throughput ratio < 0.95'), less)).toBe(true)
    expect(concerns(parseCondition('mean ratio > 1.05'), less)).toBe(false)
  })

  /** Writes of 128 KiB whose time is what they are charged. */
  const stream = (ns: number) => ({
    flows: [
      {
        ...replications(1)[0]!.flows[0]!,
        flow: 'ping',
        metric: 'throughput' as const,
        throughputBps: (1e9 * 8 * point.scenario.flows['ping']!.workload.messageBytes) / ns,
        cpuPerMessageNs: ns,
        stages: [{ stage: 'veth.transmit', costNs: ns - 1000 }] as unknown as FlowRecord['stages'],
      },
    ],
    events: 1,
  })
  const streams = (name: string, factor: number) => ({
    name,
    seed: 1,
    profile,
    points: [{ point, records: Array.from({ length: 10 }, (_, i) => stream((4000 + 10 * i) * factor)) }],
  })

  test('is paired, with the stages that a write takes longer for', () => {
    const found = compareResults(streams('a', 1), [streams('b', 1.25)]).find(({ metric }) => metric === 'throughput')!
    expect(found).toMatchObject({ unit: 'bit/s', statistic: 'mean', pairs: 10, verdict: 'less', pairing: 'common random numbers' })
    expect(found.ratio).toBeCloseTo(0.8, 12)
    const [one] = found.attribution!.stages
    expect(one!.stage).toBe('veth.transmit')
    expect(one!.share).toBeCloseTo(1, 9)
    expect(found.attribution!.restNs).toBeCloseTo(0, 6)
  })

  test('has of the profile the same relative uncertainty as the time that a write takes', () => {
    const covariance = profile.covariance.map((value) => 100 * value)
    const wide = (one: ReturnType<typeof streams>) => ({ ...one, profile: { ...profile, covariance, modelDeviation: 0 } })
    const shorter = wide(streams('a', 1))
    const alike = compareResults(shorter, [wide(streams('b', 1))]).find(({ metric }) => metric === 'throughput')!
    expect(alike).toMatchObject({ difference: 0, halfWidth: 0, ratioHalfWidth: 0 })
    const apart = { ...wide(streams('b', 1)), profile: { ...profile, covariance: covariance.map((value) => 2 * value), modelDeviation: 0 } }
    const pairs = compareResults(shorter, [apart])
    const of = (metric: string) => pairs.find((one) => one.metric === metric)!
    expect(of('throughput').ratioHalfWidth).toBeGreaterThan(0)
    // cpu-per-message is here what a write takes: a share more of one is a share less of the other, to second order of how far replications scatter (0.7 %).
    expect(of('throughput').ratioHalfWidth).toBeCloseTo(of('cpu-per-message').ratioHalfWidth, 3)
  })

  test('as measured is the upper quartile of its runs: a disturbed run carries less', () => {
    const rows = ['shared', 'bridge'].flatMap((model) =>
      Array.from({ length: 9 }, (_, block): Row => {
        const like = inventedRows.find((row) => row.source === 'measured' && row.model === model && row.statistic === 'p50')!
        const value = (model === 'shared' ? 60e9 : 48e9) * (block < 4 ? 0.5 : 1)
        const run = { level: 'run' as const, halfWidth: null, halfWidthKind: null, runs: 1 }
        return { ...like, ...run, rowId: `${model}-${block}`, metric: 'throughput', statistic: 'mean', value, block, repeat: block }
      }),
    )
    expect(compareMeasuredModels(rows, 'shared')).toMatchObject([{ metric: 'throughput', pairs: 9, verdict: 'less', difference: -12e9 }])
  })
})

describe('the verdict in a sentence', () => {
  const part = (stage: string, costNs: number, share = 0, shareHalfWidth = 0) => ({
    stage,
    costNs,
    costHalfWidthNs: 200,
    share,
    shareHalfWidth,
  })
  const made = (...stages: readonly StagePart[]): Pair => ({ ...pair, attribution: { stages, restNs: 0, restHalfWidthNs: 0 } })
  const place = '1400 B'

  test('names the stage that the difference is, where stages account for it', () => {
    expect(verdictSentence(made(part('vxlan.encapsulate', 3844, 0.62, 0.037), part('veth.transmit', 2400, 0.39, 0.02)), { place })).toBe(
      'overlay is 1.36 ± 0.02 times bridge at 1400 B; 62 ± 4 % of the difference is vxlan.encapsulate',
    )
  })

  test('of a measured pair takes the stages from the simulated one, whose errors nothing ties to its own', () => {
    const simulated = made(part('vxlan.encapsulate', 3844, 0.9, 0.01), part('veth.transmit', 2400))
    const measured = { ...pair, source: 'measured' as const }
    // 1922 of 3100 ns, where half of 200 ns and 62 % of 200 ns are uncertain: hypot(100, 124) / 3100.
    expect(verdictSentence(measured, { place, simulated })).toContain('; 62 ± 5 % of the difference is vxlan.encapsulate')
    expect(verdictSentence(measured, { place })).toBe('overlay is 1.36 ± 0.02 times bridge at 1400 B')
  })

  test('names no share where the stages do not account for the difference', () => {
    expect(verdictSentence(made(part('proxy.relay', 1200, 0.2, 0.02)), { place })).toContain(
      '; of the processor time that changes, proxy.relay is most (0.6 ± 0.1 µs)',
    )
  })

  test('blames a timer for what only a timer makes', () => {
    const stalled = { ...made(part('a', 1)), difference: 44e6, halfWidth: 1e5, ratio: 4000, ratioHalfWidth: 10 }
    expect(verdictSentence(stalled, { place })).toContain('; the difference is a timer')
  })

  test('claims nothing that is not shown, and says when there are too few pairs to show anything', () => {
    const open = { ...pair, ratio: 1.01, ratioHalfWidth: 0.02, p: 0.4, pairs: 4, verdict: 'no difference shown' as const }
    expect(verdictSentence(open, { place })).toBe(
      'overlay is not shown to differ from bridge at 1400 B (1.01 ± 0.02 times, p 0.400); 4 pairs are too few to show one',
    )
  })
})
