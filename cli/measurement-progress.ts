/** Progress of a campaign on standard error: a bar on a terminal, and a line for each run that gave nothing. */
import type { CampaignProgress } from '../experiments/campaign/index.js'
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
  const format = '{bar} {value}/{total} runs, {eta_formatted} to go  {label}'
  const bar = new SingleBar({ stream: process.stderr, format, barsize: 24, hideCursor: true, clearOnComplete: true })
  let started = false
  return {
    update(progress) {
      const label = { label: progress.planned.point.id }
      if (!started) bar.start(progress.total, progress.done, label)
      started = true
      bar.update(progress.done, label)
      report(progress)
    },
    stop: () => {
      if (started) bar.stop()
    },
  }
}
