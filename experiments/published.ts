/**
 * Figures from the literature: a file a study, `experiments/published/*.yaml`, with its citation, its set-up and how that differs from ours.
 * They become rows like all others (source `published`), but stand at points of their own: across other people's machines only the ratios
 * between two paths of one group are fair to compare.
 */
import { parse } from 'yaml'
import { z } from 'zod'
import { hashText } from '../sim/hash.js'
import { canonicalJson } from './canonical-json.js'
import type { Experiment, Point } from './experiment.js'
import type { Row } from './rows.js'

const value = z.strictObject({
  value: z.number().positive(),
  low: z.number().positive().optional(),
  high: z.number().positive().optional(),
  runs: z.int().positive().optional(),
})

const group = z.strictObject({
  what: z.string(),
  /** What tells it from the study's other groups in a figure. */
  short: z.string(),
  transport: z.enum(['tcp', 'udp']).optional(),
  workload: z.string(),
  messageBytes: z.int().positive().optional(),
  metric: z.enum(['latency', 'response-time', 'throughput', 'rate', 'start-up']),
  statistic: z.string(),
  unit: z.enum(['us', 'ms', 'Gbit/s', '/s']),
  /** The path that the others are divided by. */
  base: z.string(),
  /** By path: `host` (one network stack), `bridge`, `overlay`; `direct` and `relay` (a user-space relay on that path); or a name of the study's. */
  values: z.record(z.string(), value),
})

const study = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]+$/),
  /** Authors and year as a figure has room for. */
  short: z.string(),
  bibtex: z.string(),
  source: z.strictObject({ repository: z.url(), commit: z.string().nullable(), files: z.array(z.string()).min(1) }),
  licence: z.string(),
  setup: z.record(z.string(), z.string()),
  differences: z.array(z.string()).min(1),
  groups: z.array(group).min(1),
})

export type Study = z.output<typeof study> & { readonly name: string }
export type PublishedGroup = z.output<typeof group>

/** What a published row's `environment` holds, as JSON. */
export interface PublishedEnvironment {
  readonly what: string
  /** `Nakamura 2018, two machines`. */
  readonly short: string
  readonly path: string
  readonly base: string
  readonly workload: string
  readonly setup: Readonly<Record<string, string>>
  readonly differences: readonly string[]
}

/** @param name of the file, without its ending @throws Error that says what of a study is missing or wrong */
export function parseStudy(text: string, name: string): Study {
  const parsed = study.safeParse(parse(text))
  if (!parsed.success) throw new Error(`experiments/published/${name}.yaml: ${z.prettifyError(parsed.error)}`)
  const wrong = parsed.data.groups.find(({ base, values }) => !(base in values))
  if (wrong)
    throw new Error(`experiments/published/${name}.yaml: ${wrong.what}: base: expected one of ${Object.keys(wrong.values).join(', ')}`)
  return { ...parsed.data, name }
}

const units: Readonly<Record<PublishedGroup['unit'], { readonly unit: string; readonly factor: number }>> = {
  us: { unit: 'ns', factor: 1000 },
  ms: { unit: 'ns', factor: 1e6 },
  'Gbit/s': { unit: 'bit/s', factor: 1e9 },
  '/s': { unit: '/s', factor: 1 },
}

/** One row a path of a group. Studies seldom count messages: 0 stands for unknown, as 1 does for runs. */
export function rowsOfGroup(one: Study, of: PublishedGroup): Row[] {
  const { unit, factor } = units[of.unit]
  return Object.entries(of.values).map(([path, { value: at, low, high, runs }]): Row => {
    const point = canonicalJson({
      group: of.what,
      path,
      ...(of.messageBytes === undefined ? {} : { messageBytes: of.messageBytes }),
      ...(of.transport === undefined ? {} : { transport: of.transport }),
    })
    const environment: PublishedEnvironment = {
      what: of.what,
      short: `${one.short}, ${of.short}`,
      path,
      base: of.base,
      workload: of.workload,
      setup: one.setup,
      differences: one.differences,
    }
    const hasInterval = low !== undefined && high !== undefined
    return {
      rowId: hashText(canonicalJson({ kind: 'published', key: one.key, point, metric: of.metric, statistic: of.statistic })),
      level: 'point',
      experiment: `published/${one.name}`,
      point,
      flow: 'published',
      model: path,
      source: 'published',
      role: 'none',
      metric: of.metric,
      statistic: of.statistic,
      unit,
      value: at * factor,
      halfWidth: hasInterval ? ((high - low) / 2) * factor : null,
      halfWidthKind: hasInterval ? 'repeats' : null,
      confidence: null,
      messages: 0,
      runs: runs ?? 1,
      seed: null,
      replication: null,
      profileHash: null,
      modelHash: null,
      campaign: one.key,
      block: null,
      repeat: null,
      sketch: null,
      proof: null,
      limits: null,
      trust: null,
      environment: canonicalJson(environment),
    }
  })
}

/** Rows of the groups that can stand beside an experiment: same metric's workload and transport, and both paths among its models. */
export function publishedRowsOf(experiment: Experiment, studies: readonly Study[]): Row[] {
  return studies.flatMap((one) =>
    one.groups
      .filter((of) => Object.keys(of.values).some((path) => path !== of.base && counterparts(experiment, of, path) !== null))
      .flatMap((of) => rowsOfGroup(one, of)),
  )
}

/** The models of an experiment that a published pair of paths stands beside, by name; null where it has no such pair. */
export function counterparts(
  experiment: Experiment,
  { transport, workload, base }: Pick<PublishedGroup, 'transport' | 'workload' | 'base'>,
  path: string,
): { readonly base: string; readonly other: string } | null {
  const heads = experiment.models.flatMap((model) => {
    const point = experiment.points.find((one) => one.model === model)
    return point === undefined ? [] : [{ model, ...kindOf(point) }]
  })
  const fits = heads.filter((head) => head.workload === workload && (transport === undefined || head.transport === transport))
  for (const other of fits.filter((head) => (path === 'relay' ? head.relays === 1 : head.relays === 0 && head.network === path))) {
    const below = fits.find((head) => head !== other && head.relays === 0 && head.network === (base === 'direct' ? other.network : base))
    if (below) return { base: below.model, other: other.model }
  }
  return null
}

function kindOf({ scenario }: Point) {
  const flow = Object.values(scenario.flows)[0]!
  const driver = scenario.networks[flow.network]?.driver
  return {
    network: driver === 'shared' || driver === 'host' ? 'host' : driver,
    relays: flow.via.length,
    transport: flow.transport,
    workload: flow.workload.kind as string,
  }
}
