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
    format: '{bar} {pointsDone}/{points} points, {value}/{total} replications{pace}  {label}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  })
  let startedAt: number | null = null
  return {
    update(progress) {
      const { done, total, pointsDone, points, label } = progress
      const payload = { pointsDone, points, label, pace: pace(progress, (Date.now() - (startedAt ?? Date.now())) / 1000) }
      if (startedAt === null) {
        startedAt = Date.now()
        bar.start(total, done, payload)
      }
      bar.setTotal(total)
      bar.update(done, payload)
    },
    stop: () => {
      if (startedAt !== null) bar.stop()
    },
  }
}

/** `, 24/s, 12 s to go`: of what was simulated, since what the folder held already says nothing of the speed; empty in the first second. */
export function pace({ done, total, reused }: Pick<Progress, 'done' | 'total' | 'reused'>, elapsedS: number): string {
  const simulated = done - reused
  if (simulated < 1 || elapsedS < 1) return ''
  const perSecond = simulated / elapsedS
  const rate = perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1)
  return `, ${rate}/s, ${remaining((total - done) / perSecond)} to go`
}

export function remaining(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
