/** Measures one experiment file, as a campaign of its own beside the experiment's other results. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { campaignName } from '../campaign-name.js'
import type { ExperimentFile } from '../experiment-file.js'
import { type CampaignPlan, LEAST_RUNS, parsePlan, planFromDocument, plannedPoints, samePlan } from './plan.js'
import { isMeasured } from './raw.js'
import { type CampaignOptions, type CampaignOutcome, runCampaign } from './run.js'

export interface MeasureOptions extends CampaignOptions {
  /** Runs of each point; default 9. */
  readonly runs?: number
  /** Traffic of each run, s; default 1. */
  readonly seconds?: number
  readonly seed: number
}

/**
 * Every call is a campaign of its own (`NAME-1`, `NAME-2`, ...), for no measurement replaces another; one that was cut off goes on instead.
 * @param folder where the campaigns of the experiment lie, a folder each
 * @throws what `runCampaign` throws
 */
export async function measureExperiment(
  name: string,
  file: ExperimentFile,
  folder: string,
  options: MeasureOptions,
): Promise<CampaignOutcome & { readonly directory: string }> {
  const planNumber = (number: number): CampaignPlan =>
    planFromDocument(
      {
        name: campaignName(name, number),
        runs: options.runs ?? LEAST_RUNS,
        seconds: options.seconds ?? 1,
        seed: options.seed,
        experiments: [{ role: 'none', experiment: parse(file.text), bases: Object.fromEntries(file.bases) }],
      },
      file.file,
    )
  const last = numbersIn(folder).at(-1) ?? 0
  const number = last > 0 && isUnfinished(planNumber(last), join(folder, String(last))) ? last : last + 1
  const directory = join(folder, String(number))
  return { ...(await runCampaign(planNumber(number), directory, options)), directory }
}

function numbersIn(folder: string): number[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .map(Number)
    .filter((number) => Number.isInteger(number) && number > 0)
    .sort((a, b) => a - b)
}

/** Whether a folder holds this very plan, with runs still to be measured. */
function isUnfinished(plan: CampaignPlan, directory: string): boolean {
  const path = join(directory, 'plan.yaml')
  if (!existsSync(path) || !samePlan(parsePlan(readFileSync(path, 'utf8'), path), plan)) return false
  return plannedPoints(plan).some(({ experiment, point }) => {
    for (let repeat = 0; repeat < plan.runs; repeat++) if (!isMeasured(directory, { experiment, point: point.id, repeat })) return true
    return false
  })
}
