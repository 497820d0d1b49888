/** A progress bar on standard error, on a terminal only: a log file gets no redrawn lines. */
import type { Progress } from '../experiments/runner.js'
import type { Screen } from './screen.js'

export interface Bar {
  update(progress: Progress): void
  stop(): void
}

export async function openBar(screen: Screen): Promise<Bar> {
  if (screen.quiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined }
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {value}/{total} replications, {eta_formatted} to go  {label}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  })
  let started = false
  return {
    update({ done, total, label }) {
      if (!started) bar.start(total, done, { label })
      started = true
      bar.setTotal(total)
      bar.update(done, { label })
    },
    stop: () => {
      if (started) bar.stop()
    },
  }
}
