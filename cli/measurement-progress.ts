/** Progress of a campaign on standard error: a bar on a terminal, and a line for each run that gave nothing. */
import type { CampaignProgress } from '../experiments/campaign/index.js'
import { pace } from './progress.js'
import type { Screen } from './screen.js'

export interface MeasurementBar {
  update(progress: CampaignProgress): void
  stop(): void
}

export async function openMeasurementBar(screen: Screen): Promise<MeasurementBar> {
  const report = ({ planned, block, reason }: CampaignProgress): void => {
    if (reason !== null) screen.notice(`run ${block + 1} of ${planned.experiment} ${planned.point.id}: ${reason}`)
  }
  if (screen.quiet || !process.stderr.isTTY) return { update: report, stop: () => undefined }
  const { SingleBar } = (await import('cli-progress')).default
  const format = '{bar} {value}/{total} runs{pace}  {label}'
  const bar = new SingleBar({ stream: process.stderr, format, barsize: 24, hideCursor: true, clearOnComplete: true })
  let begun: { readonly at: number; readonly done: number } | null = null
  return {
    update(progress) {
      const { done, total } = progress
      const since = begun ?? { at: Date.now(), done }
      const payload = { label: progress.planned.point.id, pace: pace({ done, total, reused: since.done }, (Date.now() - since.at) / 1000) }
      if (begun === null) bar.start(total, done, payload)
      begun = since
      bar.update(done, payload)
      report(progress)
    },
    stop: () => {
      if (begun !== null) bar.stop()
    },
  }
}
