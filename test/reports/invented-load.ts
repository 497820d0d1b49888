/**
 * INVENTED TEST DATA. Rows of an open loop at several loads and of a stream, as later experiments will leave them: no number here was measured
 * or simulated. Waiting grows as in M/M/1 towards a made-up capacity.
 */
import type { Experiment } from '../../experiments/experiment.js'
import type { Row } from '../../experiments/rows.js'
import type { ReportInput } from '../../reports/report.js'
import { inventedExperiment, inventedInput } from './invented-results.js'

const rates = [10_000, 20_000, 40_000, 60_000, 80_000, 90_000]
const capacity: Readonly<Record<string, number>> = { shared: 140_000, bridge: 118_000, overlay: 96_000 }
const models = Object.keys(capacity)

const points = models.flatMap((model) =>
  rates.map((rate) => {
    const values = { 'flows.ping.workload.rate': rate, model }
    const scenario = inventedExperiment.points.find((one) => one.model === model)!.scenario
    return { values, id: JSON.stringify(values), model, scenario }
  }),
)

const experiment: Experiment = { ...inventedExperiment, name: 'invented-load', models, points }

function row(
  point: (typeof points)[number],
  source: 'simulated' | 'measured',
  more: Pick<Row, 'metric' | 'statistic' | 'unit' | 'value' | 'limits'>,
): Row {
  const like = inventedInput.rows.find((one) => one.source === source)!
  return {
    ...like,
    ...more,
    rowId: `${source}-${point.id}-${more.metric}-${more.statistic}`,
    experiment: experiment.name,
    point: point.id,
    model: point.model,
    role: source === 'measured' ? 'held-out' : 'none',
    // Wide enough near the capacity to reach below zero: a logarithmic scale must bear it.
    halfWidth:
      more.metric === 'response-time' && point.values['flows.ping.workload.rate'] === 90_000 ? more.value * 1.2 : more.value * 0.04,
    sketch: null,
    trust: null,
  }
}

const rows = points.flatMap((point) => {
  const most = capacity[point.model]!
  const rate = point.values['flows.ping.workload.rate'] as number
  const meanNs = 1e9 / (most - rate) + 5000
  return (['simulated', 'measured'] as const).flatMap((source) => {
    const factor = source === 'measured' ? 1.03 : 1
    return [
      row(point, source, { metric: 'response-time', statistic: 'p50', unit: 'ns', value: meanNs * 0.7 * factor, limits: null }),
      row(point, source, { metric: 'response-time', statistic: 'p99', unit: 'ns', value: meanNs * 4.6 * factor, limits: null }),
      row(point, source, {
        metric: 'throughput',
        statistic: 'mean',
        unit: 'bit/s',
        value: (most / 1e5) * 2e10 * factor,
        limits: 'core 1 (97 % busy)',
      }),
    ]
  })
})

export const inventedLoad: ReportInput = { ...inventedInput, experiment, rows, stages: [], traces: [], sensitivities: [] }
