/** Measured rows for tests of validations, MADE UP: no kernel ever gave these numbers. */

import type { Experiment } from '../../experiments/experiment.js'
import type { Role, Row } from '../../experiments/rows.js'
import { experimentFromDocument } from '../../experiments/schema/index.js'
import type { Evidence } from '../../experiments/validation/index.js'

/** One container pair on core 1; `models` are the network models, each at each of the sizes. */
export function madeUpExperiment(name: string, models: Readonly<Record<string, unknown>>, sizes: readonly string[]): Experiment {
  const parsed = experimentFromDocument(
    {
      name,
      machines: { m1: { cores: 2 } },
      hosts: { h1: { machine: 'm1' } },
      networks: { net: { driver: 'shared' } },
      containers: { server: { host: 'h1', networks: ['net'] }, client: { host: 'h1', networks: ['net'] } },
      flows: { ping: { from: 'client', to: 'server', workload: { message: '64 B' } } },
      models,
      sweep: { model: Object.keys(models), 'flows.ping.workload.message': sizes },
    },
    name,
  )
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  return parsed.experiment
}

export const shared = {}
export const veth = { networks: { net: { driver: 'veth' } } }
export const bridge = { networks: { net: { driver: 'bridge' } } }
export const chain = (bridges: number) => ({
  networks: { net: { driver: 'bridge', bridges } },
  containers: { server: { bridge: bridges } },
})

export const rowIdOf = (experiment: string, point: string, statistic: string) => `made-up ${experiment} ${point} ${statistic}`

/** Point rows of p50, p99 and mean for every point; `valueNs` gives the p50, the others are 2 and 1.1 times it. */
export function madeUpEvidence(experiment: Experiment, role: Role, valueNs: (point: Experiment['points'][number]) => number): Evidence {
  const factors = { p50: 1, p99: 2, mean: 1.1 } as const
  const rows = experiment.points.flatMap((point) =>
    Object.entries(factors).map(
      ([statistic, factor]): Row => ({
        rowId: rowIdOf(experiment.name, point.id, statistic),
        level: 'point',
        experiment: experiment.name,
        point: point.id,
        flow: 'ping',
        model: point.model,
        source: 'measured',
        role,
        metric: 'latency',
        statistic,
        unit: 'ns',
        value: factor * valueNs(point),
        halfWidth: 0.01 * factor * valueNs(point),
        halfWidthKind: 'repeats',
        confidence: 0.95,
        messages: 9000,
        runs: 9,
        seed: null,
        replication: null,
        profileHash: null,
        modelHash: null,
        campaign: 'made-up',
        block: null,
        repeat: null,
        sketch: null,
        proof: null,
        limits: null,
        trust: null,
        environment: null,
      }),
    ),
  )
  return { name: experiment.name, experiments: [experiment], rows }
}
