/** Measures what a plan asks for, block by block; what is on disk already is not measured again, so an interrupted campaign goes on. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { layOut } from '../../models/topology/layout.js'
import { startOf } from '../../models/topology/scenario.js'
import { atomicWrite } from '../store/index.js'
import { buildLayout } from '../testbed/build.js'
import { CommandError } from '../testbed/command.js'
import { environmentOf, type MachineEnvironment } from '../testbed/environment.js'
import { keepAwake } from '../testbed/keep-awake.js'
import { whyNotMeasurable } from '../testbed/measurable.js'
import { beginRun, type RunOptions, type TestbedRun } from '../testbed/run.js'
import { measureSeries, type Outcome } from '../testbed/series.js'
import { type DataSet, sealDataSet } from './data-set.js'
import { type CampaignPlan, PlanError, type PlannedPoint, parsePlan, plannedPoints, planToYaml, samePlan } from './plan.js'
import { isMeasured, rawPath, readRaw, writeRaw } from './raw.js'
import { orderOfBlock, type SetUp, setUpsOf } from './schedule.js'

export interface CampaignProgress {
  readonly done: number
  readonly total: number
  readonly block: number
  readonly planned: PlannedPoint
  /** Why this run gave nothing; null when it was measured. */
  readonly reason: string | null
}

export interface CampaignOptions extends RunOptions {
  readonly onProgress?: (progress: CampaignProgress) => void
  /** Ends the campaign after the set-up that is being measured; what was measured stays. */
  readonly signal?: AbortSignal
}

export interface CampaignOutcome extends DataSet {
  /** Points that this machine can't measure, with the reason. */
  readonly notMeasurable: readonly { readonly planned: PlannedPoint; readonly reason: string }[]
  /** Runs that are still to be measured (the signal came first). */
  readonly missing: number
}

/** Messages that a run has to count at least; a point that stalls gets the time that this takes. */
const LEAST_MESSAGES = 40
/** The same of containers that start: Podman's take a few tenths of a second each. */
const LEAST_STARTS = 8
/** Longest traffic of one run, s. */
const MOST_SECONDS = 60

/**
 * @param directory the data set's folder: `plan.yaml`, `raw/`, and, at the end of each call, `rows.csv` and `manifest.json`
 * @throws PlanError when the folder holds another plan; BusyError when somebody else measures
 */
export async function runCampaign(plan: CampaignPlan, directory: string, options: CampaignOptions = {}): Promise<CampaignOutcome> {
  writePlanOnce(plan, directory)
  const points = plannedPoints(plan).map((planned) => ({ planned, reason: whyNotMeasurable(planned.point.scenario) }))
  const notMeasurable = points.flatMap(({ planned, reason }) => (reason === null ? [] : [{ planned, reason }]))
  const setUps = setUpsOf(points.filter(({ reason }) => reason === null).map(({ planned }) => planned))
  const missing = (): number => pendingRuns(plan, directory, setUps)
  if (missing() > 0 && options.signal?.aborted !== true) {
    const run = await beginRun(options)
    try {
      const campaign = new Campaign(run, plan, directory, setUps, await environmentOf(), options)
      await campaign.measure()
    } finally {
      await run.end()
    }
  }
  return { ...sealDataSet(directory), notMeasurable, missing: missing() }
}

function writePlanOnce(plan: CampaignPlan, directory: string): void {
  const path = join(directory, 'plan.yaml')
  if (!existsSync(path)) atomicWrite(path, planToYaml(plan))
  else if (!samePlan(parsePlan(readFileSync(path, 'utf8'), path), plan))
    throw new PlanError(`${path} holds another plan: what is measured must be written down before, so take another name`)
}

function pendingRuns(plan: CampaignPlan, directory: string, setUps: readonly SetUp[]): number {
  const addresses = setUps.flatMap((setUp) =>
    setUp.points.flatMap(({ experiment, point }) =>
      Array.from({ length: plan.runs }, (_, repeat) => ({ experiment, point: point.id, repeat })),
    ),
  )
  return addresses.filter((address) => !isMeasured(directory, address)).length
}

class Campaign {
  private done: number
  private readonly total: number

  constructor(
    private readonly run: TestbedRun,
    private readonly plan: CampaignPlan,
    private readonly directory: string,
    private readonly setUps: readonly SetUp[],
    private readonly environment: MachineEnvironment,
    private readonly options: CampaignOptions,
  ) {
    this.total = plan.runs * setUps.reduce((sum, setUp) => sum + setUp.points.length, 0)
    this.done = this.total - pendingRuns(plan, directory, setUps)
  }

  async measure(): Promise<void> {
    for (let block = 0; block < this.plan.runs; block++) {
      for (const setUp of orderOfBlock(this.setUps, this.plan.seed, block)) {
        if (this.options.signal?.aborted === true) return
        await this.measureSetUp(setUp, block)
      }
    }
  }

  private async measureSetUp(setUp: SetUp, block: number): Promise<void> {
    const pending = setUp.points.filter(
      ({ experiment, point }) => !isMeasured(this.directory, { experiment, point: point.id, repeat: block }),
    )
    const first = pending[0]
    if (first === undefined) return
    const { scenario } = first.point
    let built: Awaited<ReturnType<typeof buildLayout>>
    try {
      built = await buildLayout(this.run, scenario, layOut(scenario))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      for (const planned of pending) this.keep(planned, block, { reason: error.message }, { unsettled: {}, qdiscs: [] })
      return
    }
    const sleep = keepAwake(this.run, scenario)
    try {
      const again = await this.measurePoints(built, pending, block, true)
      for (const planned of again) await this.measurePoints(built, [planned], block, false)
    } finally {
      await sleep()
      await built.remove()
    }
  }

  /** @returns points to measure again: those that failed, and those whose messages were too few; none when `mayRepeat` is false */
  private async measurePoints(
    built: Awaited<ReturnType<typeof buildLayout>>,
    pending: readonly PlannedPoint[],
    block: number,
    mayRepeat: boolean,
  ): Promise<PlannedPoint[]> {
    const again: PlannedPoint[] = []
    const series = pending.map((planned) => ({
      scenario: planned.point.scenario,
      seconds: this.secondsOf(planned),
      keepLogs: block < this.plan.fullLogs,
    }))
    await measureSeries(this.run, built, series, (index, outcome) => {
      const planned = pending[index]!
      if (mayRepeat && this.wants(planned, outcome)) again.push(planned)
      else this.keep(planned, block, outcome, built)
    })
    return again
  }

  private readonly seconds = new Map<string, number>()

  /** The plan's, or what an earlier run of the point has shown that its messages need. */
  private secondsOf({ experiment, point }: PlannedPoint): number {
    const key = `${experiment} ${point.id}`
    let seconds = this.seconds.get(key)
    if (seconds === undefined) {
      const earlier = Array.from({ length: this.plan.runs }, (_, repeat) =>
        rawPath(this.directory, { experiment, point: point.id, repeat }),
      )
      const measured = earlier.filter((path) => existsSync(path)).map((path) => readRaw(path).measurement?.seconds ?? 0)
      seconds = Math.max(this.plan.seconds, ...measured)
      this.seconds.set(key, seconds)
    }
    return seconds
  }

  /** Whether a point is to be measured once more, at once: it failed, or it counted too few messages, and then for longer. */
  private wants(planned: PlannedPoint, outcome: Outcome): boolean {
    if ('reason' in outcome) return true
    const results = Object.values(outcome.measurement.flows).map((flow) => flow.result)
    const least = startOf(planned.point.scenario) === undefined ? LEAST_MESSAGES : LEAST_STARTS
    if (results.every((result) => result.messages >= least)) return false
    const roundTripS = Math.max(...results.map((result) => result.total.seconds / result.total.received))
    const needed = Math.min(MOST_SECONDS, Math.ceil(0.5 + 1.1 * least * roundTripS))
    if (needed <= outcome.measurement.seconds) return false
    this.seconds.set(`${planned.experiment} ${planned.point.id}`, needed)
    return true
  }

  private keep(
    planned: PlannedPoint,
    block: number,
    outcome: Outcome,
    built: { readonly unsettled: Readonly<Record<string, Readonly<Record<string, string>>>>; readonly qdiscs: readonly string[] },
  ): void {
    const { logs, ...measurement } = 'measurement' in outcome ? outcome.measurement : { logs: {} }
    const refuted =
      'measurement' in outcome ? Object.values(outcome.measurement.flows).flatMap((flow) => flow.proof.objections) : [outcome.reason]
    const reason = refuted.length === 0 ? null : refuted.join('; ')
    writeRaw(
      this.directory,
      {
        schema: 'fairway/raw/1',
        campaign: this.plan.name,
        experiment: planned.experiment,
        point: planned.point.id,
        block,
        repeat: block,
        measuredAt: new Date().toISOString(),
        environment: this.environment,
        quiet: this.run.quiet,
        unsettled: built.unsettled,
        qdiscs: built.qdiscs,
        measurement: 'measurement' in outcome ? (measurement as Omit<typeof outcome.measurement, 'logs'>) : null,
        reason,
      },
      logs,
    )
    this.done++
    this.options.onProgress?.({ done: this.done, total: this.total, block, planned, reason })
  }
}
