/** A campaign's plan, written before anything is measured: what is measured, how often, and which role each experiment's rows have. */
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { canonicalJson } from '../canonical-json.js'
import type { Experiment, Point } from '../experiment.js'
import type { Role } from '../rows.js'
import { type ExperimentError, experimentFromDocument } from '../schema/index.js'

/** Fewer runs than this leave the lower quartile to chance (KERNEL: the estimator). */
export const LEAST_RUNS = 9

const planSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][\w-]*$/),
  /** Runs of each point: fresh namespaces, fresh processes. */
  runs: z.int().min(1).max(1000),
  /** Traffic of each run, s (whole: sockperf's); points that stall take as long as their messages need. */
  seconds: z.int().min(1).max(600).default(1),
  /** Of the order in which the set-ups come. */
  seed: z.int().min(0),
  /** Of how many runs of each point the time of every message is kept. */
  'full-logs': z.int().min(0).default(0),
  experiments: z
    .array(
      z.strictObject({
        role: z.enum(['fit', 'held-out', 'none']),
        experiment: z.record(z.string(), z.unknown()),
        /** Texts of the files that the experiment extends, by name: a plan needs nothing but itself. */
        bases: z.record(z.string(), z.string()).optional(),
      }),
    )
    .min(1),
})

export type PlanDocument = z.output<typeof planSchema>

export interface PlannedExperiment {
  readonly role: Role
  readonly experiment: Experiment
}

export interface CampaignPlan {
  readonly name: string
  readonly runs: number
  readonly seconds: number
  readonly seed: number
  readonly fullLogs: number
  readonly experiments: readonly PlannedExperiment[]
  /** As it is written to `plan.yaml`. */
  readonly document: PlanDocument
}

/** One point of one experiment of the plan. */
export interface PlannedPoint {
  readonly role: Role
  readonly experiment: string
  readonly point: Point
}

/** A plan that can't be followed; `errors` holds the mistakes of the experiments in it. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
  constructor(
    message: string,
    readonly errors: readonly ExperimentError[] = [],
  ) {
    super(message)
  }
}

/** @throws PlanError */
export function planFromDocument(document: unknown, fileName: string): CampaignPlan {
  const checked = planSchema.safeParse(document)
  if (!checked.success) throw new PlanError(`${fileName}: ${z.prettifyError(checked.error)}`)
  const plan = checked.data
  const errors: ExperimentError[] = []
  const experiments: PlannedExperiment[] = []
  for (const { role, experiment, bases } of plan.experiments) {
    const parsed = experimentFromDocument(experiment, fileName, { readBase: (name) => bases?.[name] })
    if ('errors' in parsed) errors.push(...parsed.errors)
    else experiments.push({ role, experiment: parsed.experiment })
  }
  if (errors.length > 0) throw new PlanError(`${fileName}: ${errors.length} mistakes in its experiments`, errors)
  const names = experiments.map(({ experiment }) => experiment.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new PlanError(`${fileName}: experiment ${twice} stands in the plan twice: their rows would be one`)
  return {
    name: plan.name,
    runs: plan.runs,
    seconds: plan.seconds,
    seed: plan.seed,
    fullLogs: plan['full-logs'],
    experiments,
    document: plan,
  }
}

/** Whether a document is a campaign's plan, rather than an experiment; it may still have mistakes. */
export function isPlan(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'experiments' in document && 'runs' in document
}

/** @throws PlanError */
export function parsePlan(text: string, fileName: string): CampaignPlan {
  return planFromDocument(parse(text), fileName)
}

export function planToYaml(plan: CampaignPlan): string {
  return stringify(plan.document, { lineWidth: 0 })
}

/** Whether two plans ask for the same. */
export function samePlan(a: CampaignPlan, b: CampaignPlan): boolean {
  return canonicalJson(a.document) === canonicalJson(b.document)
}

export function plannedPoints(plan: CampaignPlan): PlannedPoint[] {
  return plan.experiments.flatMap(({ role, experiment }) =>
    experiment.points.map((point) => ({ role, experiment: experiment.name, point })),
  )
}
