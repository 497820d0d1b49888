/** A report of a real, small run of the experiment that `npm start` runs, made by the functions that the command calls. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadProfile } from '../../experiments/profile-file.js'
import { runExperiment } from '../../experiments/runner.js'
import { parseExperiment } from '../../experiments/schema/index.js'
import { resultFolder } from '../../experiments/store/index.js'
import { tracesOf } from '../../experiments/traces.js'
import { writeReport } from '../../reports/write-report.js'
import { repository } from '../cli/fairway.js'

const FILE = 'experiments/network-models.yaml'

/** Writes it into `folder` and gives the page's address. */
export async function writeSmallReport(folder: string): Promise<string> {
  const text = readFileSync(join(repository, FILE), 'utf8')
    .replace(/(flows\.ping\.workload\.message): .*/, '$1: [64 B, 1400 B]')
    .replace(/report: .*/, 'report: [latency-by-size, latency-cdf, stage-breakdown, timeline]')
    .replace(/replications: 10, messages: 10000/, 'replications: 3, messages: 200')
  const parsed = parseExperiment(text, FILE)
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  const { experiment } = parsed
  const profile = loadProfile(null)
  const { rows, stages } = await runExperiment(experiment, profile, { folder: null, workers: 1 })
  const file = { file: FILE, text, bases: new Map<string, string>() }
  const command = `npm run -s fairway -- run ${FILE}`
  await writeReport(
    resultFolder(folder),
    { experiment, rows, stages, profile, file, command, traces: tracesOf(experiment, profile) },
    { folder: 'results/small' },
  )
  return pathToFileURL(join(folder, 'index.html')).href
}
