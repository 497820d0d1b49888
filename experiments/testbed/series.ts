/**
 * Measures one point after the other in a built layout, each with processes of its own. sockperf's client sleeps two seconds between its
 * connection and its traffic: the next point's processes start within that sleep, once the last traffic has ended, so that no process
 * ever starts, connects or prints while another one's traffic runs.
 */
import type { Scenario } from '../../models/topology/scenario.js'
import type { BuiltLayout } from './build.js'
import { type Counters, readCounters } from './counters.js'
import { TIMELINE } from './instruments/sockperf.js'
import { sleepUntil } from './looks.js'
import { type Measurement, MeasurementError, type RunningMeasurement, startMeasurement } from './measurement.js'
import type { TestbedRun } from './run.js'

export interface SeriesPoint {
  readonly scenario: Scenario
  readonly seconds: number
  readonly keepLogs: boolean
}

/** What came of a point: a measurement, or the reason why there is none. */
export type Outcome = { readonly measurement: Measurement } | { readonly reason: string }

/** After a client's start, s: the next one's. Its predecessor (1 s of traffic) has ended and printed by then, and its own traffic is 0.45 s away. */
const NEXT_START_S = 1.65
/** By then, before a client's traffic, the next one must have started. */
const QUIET_BEFORE_TRAFFIC_S = 0.1

export async function measureSeries(
  run: TestbedRun,
  built: BuiltLayout,
  points: readonly SeriesPoint[],
  onOutcome: (index: number, outcome: Outcome) => Promise<void> | void,
): Promise<void> {
  let before = await readCounters(built)
  let current = await tryToStart(run, built, points[0])
  for (let index = 0; index < points.length; index++) {
    const next = points[index + 1]
    let following: Started | null = null
    let late = false
    if (next !== undefined && 'running' in current && points[index]!.seconds === 1) {
      await sleepUntil(current.running.startedMs + NEXT_START_S * 1000)
      following = await tryToStart(run, built, next)
      late = performance.now() > current.running.startedMs + (TIMELINE.trafficS - QUIET_BEFORE_TRAFFIC_S) * 1000
    }
    const { outcome, after } = await finish(built, current, before)
    await onOutcome(index, late ? { reason: 'the next point was started late, into the traffic of this one' } : outcome)
    before = after
    if (next !== undefined) current = following ?? (await tryToStart(run, built, next))
  }
}

type Started = { readonly running: RunningMeasurement } | { readonly reason: string }

async function tryToStart(run: TestbedRun, built: BuiltLayout, point: SeriesPoint | undefined): Promise<Started> {
  if (point === undefined) return { reason: 'no point' }
  try {
    return { running: await startMeasurement(run, built, point.scenario, point) }
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

async function finish(built: BuiltLayout, started: Started, before: Counters): Promise<{ outcome: Outcome; after: Counters }> {
  if ('reason' in started) return { outcome: started, after: before }
  try {
    const { measurement, after } = await started.running.finish(before)
    return { outcome: { measurement }, after }
  } catch (error) {
    return { outcome: { reason: reasonOf(error) }, after: await readCounters(built) }
  }
}

/** Faults of the instruments are a point's reason; anything else is a fault of ours, and is thrown. */
function reasonOf(error: unknown): string {
  if (error instanceof MeasurementError) return error.message
  throw error
}
