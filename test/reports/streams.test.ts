/** What a report says of streams, which have no times. INVENTED TEST DATA, as in invented-load.ts. */
import { describe, expect, it } from 'vitest'
import type { Pair } from '../../experiments/comparison.js'
import type { Point } from '../../experiments/experiment.js'
import type { Row } from '../../experiments/rows.js'
import type { WorkloadValidation } from '../../models/profiles/profile.js'
import { reportFigures } from '../../reports/figures/report-figures.js'
import { residualsData } from '../../reports/figures/residuals-data.js'
import { stageCosts } from '../../reports/figures/stage-breakdown-data.js'
import { validationData } from '../../reports/figures/validation-data.js'
import { prepareReport, reportTables, summaryLines } from '../../reports/index.js'
import type { ReportInput } from '../../reports/report.js'
import { inventedInput } from './invented-results.js'

const models = ['shared', 'bridge']
const workload = { kind: 'stream' as const, messageBytes: 131_072, readBytes: 131_072 }
const points = models.map((model) => {
  const { scenario } = inventedInput.experiment.points.find((one) => one.model === model)!
  const values = { model }
  return { values, id: JSON.stringify(values), model, scenario: { ...scenario, flows: { ping: { ...scenario.flows['ping']!, workload } } } }
})
const carriedBps: Readonly<Record<string, { simulated: number; measured: number }>> = {
  shared: { simulated: 60e9, measured: 62e9 },
  bridge: { simulated: 54e9, measured: 50e9 },
}
const rows = points.flatMap((point) =>
  (['simulated', 'measured'] as const).map((source): Row => {
    const like = inventedInput.rows.find((one) => one.source === source)!
    const value = carriedBps[point.model]![source]
    return {
      ...like,
      rowId: `${source} ${point.model}`,
      point: point.id,
      model: point.model,
      role: source === 'measured' ? 'held-out' : 'none',
      metric: 'throughput',
      statistic: 'mean',
      unit: 'bit/s',
      value,
      halfWidth: value / 20,
      sketch: null,
      trust: source === 'simulated' ? 'a stream' : null,
    }
  }),
)
const stages = points.map((point) => ({ ...inventedInput.stages[0]!, point: point.id, stage: 'veth.transmit', costNs: 3000 }))
const ofStreams: WorkloadValidation = {
  workload: 'stream',
  metric: 'throughput',
  statistic: 'mean',
  points: 18,
  medianError: 0.071,
  worstError: 0.279,
  worstPoint: 'tcp, veth pair, stream, 512 KiB',
  repeatability: 0.018,
  dataSet: 'invented-streams',
}
const profile = { ...inventedInput.profile!, validation: { ...inventedInput.profile!.validation!, byWorkload: [ofStreams] } }
const input: ReportInput = {
  ...inventedInput,
  experiment: { ...inventedInput.experiment, name: 'invented-streams', models, points },
  profile,
  rows,
  stages,
  traces: [],
  sensitivities: [],
}
const simulatedAlone = { ...input, rows: rows.filter(({ source }) => source === 'simulated') }
const lineOf = (given: ReportInput, start: string): string | undefined =>
  summaryLines(prepareReport(given), { folder: 'r' }).find((line) => line.startsWith(start))

describe('a report of streams', () => {
  it('is trusted as far as held-out streams say: its own, else those of the profile, never its messages', () => {
    expect(lineOf(input, 'Trust')).toBe('Trust:  held out 2 points: median error 5.6 %, worst 8.0 % (bridge); measurement repeats to 5.0 %')
    expect(lineOf(simulatedAlone, 'Trust')).toBe(
      'Trust:  nothing held out here; of streams, the whole profile held out 18 points: median error 7.1 %, worst 27.9 % (tcp, veth pair, stream, 512 KiB); measurement repeats to 1.8 %',
    )
    expect(lineOf({ ...simulatedAlone, profile: inventedInput.profile }, 'Trust')).toBe(
      'Trust:  no prediction of this profile was compared with held-out streams yet; `fairway validate` does it',
    )
  })

  it('answers what each network model carries, and how many times the baseline that is', () => {
    const pair: Pair = {
      a: 'shared',
      b: 'bridge',
      source: 'simulated',
      point: '{}',
      flow: 'ping',
      metric: 'throughput',
      statistic: 'mean',
      unit: 'bit/s',
      difference: -6e9,
      ratio: 0.9,
      halfWidth: 1e9,
      ratioHalfWidth: 0.02,
      effectSize: -9,
      pairing: 'common random numbers',
      pairs: 10,
      p: 0.002,
      verdict: 'less',
      attribution: null,
    }
    expect(lineOf({ ...input, pairs: [pair] }, 'Answer')).toBe(
      'Answer: Shared carries 60 ± 3 Gbit/s, -3.2 % against measured; bridge carries 54 ± 3 Gbit/s, 0.90 ± 0.02 times as much, +8.0 % against measured.',
    )
    expect(lineOf({ ...input, pairs: [{ ...pair, verdict: 'no difference shown' }] }, 'Answer')).toContain(
      'not shown to be more or less (0.90 ± 0.02 times as much)',
    )
  })

  it('warns that streams lie outside the region of trust', () => {
    expect(lineOf(input, 'Warning')).toContain('outside the region of trust: a stream')
  })

  it('draws predicted throughputs against measured ones, in Gbit/s', () => {
    const report = prepareReport(input)
    expect(validationData(report)).toBeNull()
    const data = validationData(report, 'throughput')!
    expect(data.unit.name).toBe('Gbit/s')
    expect(data.repeatability).toBe(0.018)
    expect(data.marks.map(({ predicted, measured }) => [predicted, measured])).toEqual([
      [60, 62],
      [54, 50],
    ])
    expect(residualsData(report, 'throughput')!.quantity).toBe('throughput')
    const names = reportFigures(report).map(({ name }) => name)
    expect(names).toContain('validation')
    expect(names).toContain('residuals')
  })

  it('shows what a write costs as a whole: it has no reply', () => {
    expect(stageCosts(prepareReport(input), points[0]!.id, 'ping').get('veth.transmit')!.us).toBe(3)
    const caption = reportFigures(prepareReport(input)).find(({ name }) => name === 'stage-breakdown')!.caption
    expect(caption).toContain("Each write's processor time, at both ends, over all cores, by stage")
    expect(caption).toContain('Predicted: mean over 10 replications of 10,000 writes')
  })

  it('tables the errors of held-out throughputs', () => {
    const table = reportTables(prepareReport(input)).find(({ name }) => name === 'validation')!
    expect(table.rows[0]!.slice(0, 6)).toEqual(['throughput', 'all', '2', '5.6 %', '8.0 %', 'bridge'])
  })
})

describe('a report of requests of HTTP', () => {
  const http = points.map((point): Point => {
    const flow = { ...point.scenario.flows['ping']!, workload: { kind: 'http' as const, messageBytes: 64 } }
    return { ...point, scenario: { ...point.scenario, flows: { ping: flow } } }
  })
  const times = rows.map((row): Row => ({ ...row, metric: 'response-time', statistic: 'p50', unit: 'ns', value: 12_000, halfWidth: 300 }))
  const report = prepareReport({ ...input, experiment: { ...input.experiment, points: http }, rows: times })

  it('shows what a request costs as a whole, as its response time is, and draws that by model or size', () => {
    expect(stageCosts(report, points[0]!.id, 'ping').get('veth.transmit')!.us).toBe(3)
    expect(reportFigures(report).find(({ name }) => name === 'latency-by-size')!.title).toBe(
      'What is the response time of each network model?',
    )
  })
})
